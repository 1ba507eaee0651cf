"""Articles as the services handle them, and what a coder says of one."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from entente.relations.events import CodedEvent

#: The life of an article. pending → coding → coded | no_events | rejected | failed | quarantined; retracted at will.
STATUSES = (
    "pending",
    "coding",
    "coded",
    "no_events",
    "duplicate",
    "rejected",
    "failed",
    "quarantined",
    "retracted",
)


#: Stands in the place of a coder's version where an analyst's entry is the article; such a one is never coded.
ASSERTED = "assertion"


@dataclass(frozen=True, slots=True)
class ArticleDraft:
    """An article as it came in. Either `text` or `url` is given; `published_at` is aware UTC, None if unknown."""

    publisher: str
    text: str | None = None
    url: str | None = None
    title: str | None = None
    language: str | None = None
    published_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Article:
    """An article of the ledger. Times are aware UTC; `reason` says why it was not coded or what went wrong.

    `fetches` counts how often its URL was asked for in vain; `reprint_of` is the id of the first print.
    """

    id: str
    publisher: str
    url: str | None
    title: str | None
    text: str | None
    language: str | None
    published_at: datetime | None
    received_at: datetime
    content_hash: str
    status: str
    reason: str | None = None
    attempts: int = 0
    coder_version: str | None = None
    truncated: bool = False
    fetches: int = 0
    reprint_of: str | None = None

    @property
    def dated(self) -> datetime:
        """When it was published, or received where that is unknown: the day that its undated news takes."""
        return self.published_at or self.received_at


@dataclass(frozen=True, slots=True)
class GivenActor:
    """An actor that the caller found himself: offsets into the text (code points, end exclusive), entity as named."""

    start: int
    end: int
    entity: str


@dataclass(frozen=True, slots=True)
class Document:
    """What a coder reads. `published_on` None leaves undated news undated; `actors` None lets the coder find them."""

    text: str
    title: str | None = None
    published_on: date | None = None
    actors: Sequence[GivenActor] | None = None


@dataclass(frozen=True, slots=True)
class Coding:
    """What a coder says of a document. `reason`: None, or why there are no events: language, no_actors, no_events."""

    language: str
    coder_version: str
    events: Sequence[CodedEvent] = field(default_factory=tuple)
    reason: str | None = None
    truncated: bool = False

"""Types of articles (ArticleDraft, Article) and of a coder's input and output (Document, Coding)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from entente.relations.events import CodedEvent

#: Statuses of an article: pending → coding → a final one, and from that back to pending by a recode. Any becomes
#: retracted by a retraction and superseded once a later version of it is coded, both for good.
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
    "superseded",
)


#: What is wrong with the date of an article from a feed or a page. unknown: none was given that can be read, so news in
#: it without a date of its own has none. future: it lay after the receipt, whose time was taken instead.
DATE_PROBLEMS = ("unknown", "future")


#: Coder version of an article that holds an analyst's assertion. Such an article is never coded.
ASSERTED = "assertion"


@dataclass(frozen=True, slots=True)
class ArticleDraft:
    """An article as received, with `text`, `url` or both. `published_at` is aware, None if unknown.

    `date_problem`: one of DATE_PROBLEMS, None if `published_at` is as it was given or nobody was to give it.
    `published_on`: the day of publication where it was published; None for the day of `published_at` by its own offset.
    """

    publisher: str
    text: str | None = None
    url: str | None = None
    title: str | None = None
    language: str | None = None
    published_at: datetime | None = None
    date_problem: str | None = None
    published_on: date | None = None

    def dated_on(self, received_at: datetime) -> date:
        """The day of publication; if unknown, of receipt. News without a date of its own takes it."""
        return self.published_on or (self.published_at or received_at).date()


@dataclass(frozen=True, slots=True)
class Article:
    """An article of the ledger. Times are aware UTC; `reason` is why it was not coded, or the last error.

    `published_on`: as `ArticleDraft.dated_on`, so of receipt if `published_at` is None.
    `attempts` counts claims for coding, `fetches` failed fetches of `url`. `reprint_of`: its first print. `supersedes`:
    the article that it is a later version of.
    """

    id: str
    publisher: str
    url: str | None
    title: str | None
    text: str | None
    language: str | None
    published_at: datetime | None
    published_on: date
    received_at: datetime
    content_hash: str
    status: str
    reason: str | None = None
    attempts: int = 0
    coder_version: str | None = None
    truncated: bool = False
    fetches: int = 0
    reprint_of: str | None = None
    date_problem: str | None = None
    supersedes: str | None = None

    @property
    def told_on(self) -> date | None:
        """The day on which its news was told, for the coder; None if feed and page gave none that can be read."""
        return None if self.date_problem == "unknown" else self.published_on

    @property
    def dated_by(self) -> str:
        """Origin of `published_on`: "publication", or "receipt" if the day of publication is unknown."""
        return _dated_by(self)

    @property
    def document(self) -> "Document":
        """What a coder is given of it."""
        return Document(self.text or "", self.title, self.told_on, is_receipt=self.dated_by == "receipt")


@dataclass(frozen=True, slots=True)
class ArticleSummary:
    """An article as lists show it, without its text. Fields as in Article."""

    id: str
    publisher: str
    url: str | None
    title: str | None
    language: str | None
    published_at: datetime | None
    published_on: date
    received_at: datetime
    status: str
    reason: str | None
    coder_version: str | None
    truncated: bool
    reprint_of: str | None
    date_problem: str | None = None
    supersedes: str | None = None

    @property
    def dated_by(self) -> str:
        """As of Article."""
        return _dated_by(self)


def _dated_by(article: Article | ArticleSummary) -> str:
    # A date in the future was replaced by the time of receipt.
    return "receipt" if article.published_at is None or article.date_problem == "future" else "publication"


@dataclass(frozen=True, slots=True)
class GivenActor:
    """An actor that the caller marked: offsets into the text (code points, end exclusive), entity code or name."""

    start: int
    end: int
    entity: str


@dataclass(frozen=True, slots=True)
class Document:
    """Input of a coder. `published_on` None: undated news stays undated. `actors` None: the coder finds them.

    `is_receipt`: the day of publication is unknown, and `published_on` that of receipt; what is dated by it says so.
    """

    text: str
    title: str | None = None
    published_on: date | None = None
    actors: Sequence[GivenActor] | None = None
    is_receipt: bool = False


@dataclass(frozen=True, slots=True)
class Coding:
    """Output of a coder. `reason`: why there are no events (language, notice, no_actors, no_events), else None."""

    language: str
    coder_version: str
    events: Sequence[CodedEvent] = field(default_factory=tuple)
    reason: str | None = None
    truncated: bool = False


def published(given: datetime | None, now: datetime) -> tuple[datetime | None, str | None]:
    """`published_at` and `date_problem` of an article that a feed or a page dates `given`."""
    if given is None:
        return None, "unknown"
    return (now, "future") if given > now else (given, None)

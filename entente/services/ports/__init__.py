"""The ports: what the services need of the outside world. Adapters in storage, coding, web, doorbell and schemas
fulfil them; bootstrap wires them together.

Every time is an aware UTC datetime. A `UnitOfWork` is used as a context manager; what was not committed when it is
left is rolled back.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Generic, Protocol, TypeVar, runtime_checkable

from entente.relations.codebook import Codebook
from entente.relations.events import CodedEvent, Event, Fact, Mention
from entente.relations.fold import Checkpoint
from entente.relations.grouping import Key
from entente.relations.panels import PanelKey
from entente.relations.periods import Period
from entente.relations.record import Past, Relation
from entente.relations.refold import PanelHistory, Refolded
from entente.relations.regroup import KeyHistory, Regrouped
from entente.relations.states import Change, Interval
from entente.relations.tally import Span, Tally
from entente.services.articles import Article, ArticleDraft, Coding, Document
from entente.services.explanations import Explanation
from entente.services.ports.assertions import AssertionLog
from entente.services.ports.feeds import FeedBook
from entente.services.ports.keys import KeyBook
from entente.services.ports.subscriptions import SubscriptionBook

T = TypeVar("T")


@dataclass(frozen=True, slots=True, order=True)
class Dyad:
    """An unordered pair of entity keys, kept in alphabetical order."""

    a: str
    b: str

    @classmethod
    def of(cls, one: str, other: str) -> "Dyad":
        """The dyad of two entity keys in either order."""
        return cls(min(one, other), max(one, other))


@dataclass(frozen=True, slots=True)
class Source:
    """A registered sender of webhooks. `secrets` are `whsec_…`, the newest first; each still verifies."""

    name: str
    secrets: Sequence[str]
    created_at: datetime
    active: bool = True


@dataclass(frozen=True, slots=True)
class RecordedChange:
    """A change in the feed, under its gapless sequence number. `kind`: "facet", or "retraction" of the article."""

    seq: int
    change: Change
    article_id: str | None
    recorded_at: datetime
    kind: str = "facet"


@dataclass(frozen=True, slots=True)
class EventQuery:
    """Filters of the event list; None doesn't filter. Days are inclusive and compare with the event's first day.

    `kinds` are (act, status) pairs. `recorded_since`: a mention of it was recorded then or later. `words`: all of them
    stand in one quote of it, in any form and order.
    """

    source: str | None = None
    target: str | None = None
    dyad: Dyad | None = None
    acts: Sequence[str] | None = None
    statuses: Sequence[str] | None = None
    starts_from: date | None = None
    starts_to: date | None = None
    article_id: str | None = None
    min_confidence: float | None = None
    kinds: Sequence[tuple[str, str]] | None = None
    recorded_since: datetime | None = None
    words: str | None = None


@dataclass(frozen=True, slots=True)
class DirectionQuery:
    """Which directed relations to list, in SQL's terms; None doesn't filter.

    `facet` is (facet, value) as it holds on `on`: None is any value, "pending" and "threatened" are any value of that
    standing. `begun_since`: a value began then or later, up to `on`.
    """

    on: date
    source: str | None = None
    target: str | None = None
    facet: tuple[str, str | None] | None = None
    begun_since: date | None = None


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """A page of a keyset-paged list: the positions of its last and its first row, None where the list ends or begins.

    What the positions hold is the adapter's affair.
    """

    items: Sequence[T]
    next: tuple[str, ...] | None
    previous: tuple[str, ...] | None = None


class ArticleLog(Protocol):
    """The ledger's articles. An article is work, claimed by lease; its row is the only record of how far it got."""

    def add(self, draft: ArticleDraft, content_hash: str, id: str, received_at: datetime) -> tuple[str, bool]:
        """Store a pending article: (its id, True), or (the first one's id, False) where its content is known."""

    def get(self, id: str) -> Article | None: ...

    def claim(self, id: str, owner: str, now: datetime, lease_seconds: float) -> Article | None:
        """Take a pending article, or one whose lease ran out, adding one to its attempts; None if it can't be had."""

    def renew(self, id: str, owner: str, now: datetime, lease_seconds: float) -> bool:
        """Prolong an own lease; False if it was lost meanwhile."""

    def finish(self, id: str, owner: str, status: str, reason: str | None, coding: Coding | None) -> bool:
        """Give the claimed article its final status and drop the lease; False if the lease is not `owner`'s."""

    def release(self, id: str, owner: str, reason: str, next_attempt_at: datetime | None) -> bool:
        """Give a claimed article back as pending, not to be taken before `next_attempt_at`."""

    def quarantine_spent(self, now: datetime, max_attempts: int) -> list[str]:
        """Quarantine the articles whose leases ran out after `max_attempts`; their ids."""

    def due(self, now: datetime, pending_since: datetime, limit: int) -> list[str]:
        """Ids of pending articles older than `pending_since` and due, and of articles with expired leases."""

    def fill(self, id: str, owner: str, draft: ArticleDraft, content_hash: str) -> str:
        """Give a claimed article what its page said; its id, or the first one's where that content is known."""

    def put_off(self, id: str, owner: str, reason: str, next_attempt_at: datetime) -> bool:
        """Give a claimed article back as pending after a fetch in vain, with no attempts to code it spent."""

    def delay(self, id: str, next_attempt_at: datetime) -> None:
        """Let a pending article wait until then."""

    def alike(self, id: str, bands: Sequence[str], since: datetime) -> list[tuple[str, str]]:
        """Remember the article's bands; (id, text) of first prints that share one, received since, oldest first."""

    def reprints(self, id: str, first: str) -> None:
        """Mark an article as a reprint of another."""

    def retract(self, id: str, reason: str) -> bool:
        """Mark as retracted, whatever its state; False if there is none of that id."""

    def every(self, after: str = "", limit: int = 500) -> list[str]:
        """Ids of the articles that were coded or found without events, in order."""

    def unfinished(self, limit: int) -> list[str]:
        """Ids of articles that are pending or in work, whether due or not, the oldest first."""

    def requeue(self, id: str) -> bool:
        """Give a finished (coded, failed, quarantined …) article back as pending with no attempts spent."""


class MentionLog(Protocol):
    """The ledger's mentions, append-only: a recode or retraction retires, nothing is deleted."""

    def record(
        self, article: Article, events: Sequence[CodedEvent], coder_version: str, recorded_at: datetime
    ) -> None: ...

    def retire(self, article_id: str, at: datetime) -> set[Dyad]:
        """Retire an article's live mentions; the dyads that they touched."""

    def of_dyad(self, dyad: Dyad, known_at: datetime | None = None) -> list[Mention]:
        """Live mentions of a dyad, or with `known_at` those recorded by then and not yet retired then."""

    def retire_some(self, ids: Sequence[str], at: datetime) -> set[Dyad]:
        """Retire these live mentions; the dyads that they touched."""

    def by_key(self, dyad: Dyad) -> Iterator[list[Mention]]:
        """Live mentions of a dyad, those of one key at a time, so that memory holds no more."""

    def of_article(self, article_id: str) -> list[Mention]:
        """An article's live mentions."""

    def dyads_of(self, article_id: str) -> set[Dyad]:
        """The dyads that an article's live mentions touch."""

    def dates_of(self, article_id: str) -> Mapping[Key, set[Period | None]]:
        """The dates of every mention that an article ever made, retired ones too, by the key they are grouped by."""

    def history(self, key: Key, near: Iterable[Period | None]) -> KeyHistory:
        """What grouping again asks of one key, most of it around these dates."""


@dataclass(frozen=True, slots=True)
class Derived:
    """What is derived from a dyad's events."""

    intervals: Sequence[Interval]
    tallies: Mapping[Span, Tally]
    checkpoints: Mapping[PanelKey, Sequence[Checkpoint]] = field(default_factory=dict)


class Projection(Protocol):
    """What is derived from the mentions: events, states, the changes feed, and which dyads the cache is behind on."""

    def lock(self, dyads: Iterable[Dyad]) -> Mapping[Dyad, int]:
        """Serialise projections of these dyads until the unit of work ends; each dyad's new version (old + 1)."""

    def derived_by(self, dyad: Dyad) -> str | None:
        """The version of the codebook under which all of the dyad was derived; None if it has to be, from scratch."""

    def behind(self, codebook_version: str) -> Mapping[str, int]:
        """How many dyads were derived under each other version of the codebook; "" stands for one that is unknown."""

    def replace_events(self, dyad: Dyad, derived: Iterable[Event]) -> None:
        """Replace a dyad's events, of which those of one key come one after the other."""

    def replace_all(self, dyad: Dyad, whole: Derived, codebook_version: str) -> None:
        """Replace what is derived of a dyad's events."""

    def replace_groups(self, regrouped: Mapping[Key, Regrouped]) -> tuple[list[Fact], list[Fact]]:
        """Replace these keys' events in the cells that were grouped again; the facts that went and those that came."""

    def add_tallies(self, changes: Mapping[Span, Tally]) -> None:
        """Add these sums to the stored ones."""

    def panel(self, key: PanelKey, codebook: Codebook) -> PanelHistory:
        """What folding again asks of one panel."""

    def replace_panel(self, key: PanelKey, refolded: Refolded) -> tuple[list[Interval], list[Interval]]:
        """Replace a panel's intervals and checkpoints where it was folded again; (those that were, those that are)."""

    def past(self, source: str, target: str, as_of: date) -> Past:
        """All that a record of that day is made from."""

    def tallies(self, dyad: Dyad) -> Mapping[Span, Tally]:
        """Every sum of both directions."""

    def mark_dirty(self, versions: Mapping[Dyad, int], at: datetime) -> None: ...

    def clear_dirty(self, versions: Mapping[Dyad, int]) -> None:
        """Forget that the cache is behind, but for dyads that were projected again since these versions."""

    def append_changes(
        self, changes: Sequence[Change], article_id: str | None, at: datetime, kind: str = "facet"
    ) -> None:
        """Append to the feed under the next gapless numbers. Call last in a unit of work: it holds the counter."""

    def states(self, dyad: Dyad) -> list[Interval]: ...

    def version(self, dyad: Dyad) -> int:
        """How often the dyad was projected; 0 if never."""

    def dirty(self, limit: int) -> list[tuple[Dyad, int]]: ...

    def dyads(self) -> Iterator[Dyad]:
        """Every dyad that any mention ever touched, in order."""

    def changes(self, after: int, limit: int) -> list[RecordedChange]: ...

    def last_change(self) -> int:
        """The number of the feed's last change; 0 if there is none."""

    def changes_of(self, article_id: str) -> list[RecordedChange]:
        """What an article's coding changed, in order."""


class EventIndex(Protocol):
    """Finding events across dyads."""

    def of_dyad(self, dyad: Dyad) -> Iterator[Event]:
        """A dyad's stored events with their mentions, by first day and id."""

    def search(
        self, query: EventQuery, after: tuple[str, ...] | None, limit: int, backwards: bool = False
    ) -> Page[Event]:
        """Newest first. `after` is a page's `next`, or its `previous` and `backwards`."""

    def dyad_of(self, event_id: str) -> Dyad | None:
        """The dyad whose events may hold this id."""


class RelationIndex(Protocol):
    """Finding directed relations across dyads, by (source, target)."""

    def directions(
        self, query: DirectionQuery, after: tuple[str, str] | None, limit: int, backwards: bool = False
    ) -> list[tuple[str, str]]:
        """Up to `limit` directions of which an event or a value is known, walking from `after` either way."""

    def partners(self, entity: str, known_at: datetime | None = None) -> list[str]:
        """Everyone with whom this entity shares a mention live now, or recorded by then and not yet retired then."""


class SourceBook(Protocol):
    """Registered webhook senders, and which deliveries of theirs were taken."""

    def add(self, source: Source) -> bool:
        """Register; False if the name is taken."""

    def get(self, name: str) -> Source | None: ...

    def note(self, source: Source) -> None:
        """Write down a source's secrets and whether it is active."""

    def list(self) -> list[Source]: ...

    def delivery(self, source: str, webhook_id: str) -> str | None:
        """The article id that this delivery made, or None if it is new."""

    def record_delivery(self, source: str, webhook_id: str, article_id: str, at: datetime) -> str:
        """Remember a delivery; the article id of whichever delivery of that id came first."""


class UnitOfWork(AbstractContextManager["UnitOfWork"], Protocol):
    """One transaction on the ledger. Leaving it without `commit` rolls back."""

    articles: ArticleLog
    mentions: MentionLog
    projection: Projection
    events: EventIndex
    relations: RelationIndex
    sources: SourceBook
    keys: KeyBook
    feeds: FeedBook
    subscriptions: SubscriptionBook
    assertions: AssertionLog

    def commit(self) -> None: ...


class Ledger(Protocol):
    """The only truth. Raises services.errors.Unavailable when it can't be reached."""

    def write(self, durable: bool = True) -> UnitOfWork:
        """A unit of work that may write.

        Not `durable`: a crash of the machine (never one of a process) may undo it after the commit, and nothing else;
        it is for what would then only be done once more, and need not wait for the disk.
        """

    def read(self) -> UnitOfWork:
        """A unit of work that sees one consistent snapshot and never blocks a writer."""

    def ping(self) -> None: ...


@dataclass(frozen=True, slots=True)
class CachedRelation:
    """A relation record ready to send, and its version."""

    body: bytes
    version: int


class StateCache(Protocol):
    """What readers see. Everything in it can be rebuilt; every method may raise CacheUnavailable."""

    def get(self, source: str, target: str, as_of: date) -> CachedRelation | None: ...

    def put(self, source: str, target: str, as_of: date, entry: CachedRelation) -> bool:
        """Write unless a newer version (or day) is there; whether it was written."""

    def put_all(self, as_of: date, entries: Sequence[tuple[str, str, CachedRelation]]) -> None:
        """The same for many (source, target, record) at once."""

    def outdate(self, versions: Mapping[Dyad, int]) -> None:
        """Serve nobody a record of these dyads, nor take one, that is of an earlier version."""

    def start_generation(self) -> str:
        """Begin a new generation beside the one that readers see; its name."""

    def put_into(self, generation: str, source: str, target: str, as_of: date, entry: CachedRelation) -> None: ...

    def flip(self, generation: str) -> None:
        """Let readers see that generation and drop the one before."""

    def ping(self) -> None: ...


class CacheUnavailable(Exception):
    """Redis can't be reached: readers go to the ledger, writers leave the dyad dirty."""


class Coder(Protocol):
    """Text → events. Never raises on a text; a coder that can't answer gives a Coding with a reason."""

    version: str

    def code(self, document: Document) -> Coding: ...


@runtime_checkable
class Inspectable(Protocol):
    """A coder that shows its work. A remote model may not be one."""

    def explain(self, document: Document) -> Explanation:
        """The events of a document, and how each sentence came to them or to none."""
        ...


class Renderer(Protocol):
    """The bytes that the cache holds and the API sends."""

    def relation(self, relation: Relation) -> bytes: ...


class TaskQueue(Protocol):
    """The doorbell: tells a worker that there is work. A hint: raises nothing, waits for nothing."""

    def code_article(self, article_id: str) -> bool:
        """Ring for an article; False if the bell couldn't be rung (the sweeper will)."""

    def poll_feed(self, feed_id: str) -> bool:
        """Ring for a feed that is due; False if the bell couldn't be rung."""

    def deliver(self, delivery_id: str) -> bool:
        """Ring for a delivery that is due; False if the bell couldn't be rung."""

    def waiting(self) -> int:
        """How many bells for articles no worker has answered yet; 0 if the broker can't be reached."""

    def workers(self) -> int:
        """How many workers answer now; 0 if none or if the broker can't be reached."""


class WebhookVerifier(Protocol):
    """Checks a signed delivery."""

    def verify(self, secrets: Sequence[str], headers: Mapping[str, str], body: bytes) -> str:
        """The webhook id of a genuine and fresh delivery. Raises services.errors.Forbidden with the reason."""


class Clock(Protocol):
    """The time, so that a test can choose it."""

    def now(self) -> datetime: ...


IdMaker = Callable[[], str]

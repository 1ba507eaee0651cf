"""Mentions, events, and the rule that makes the second from the first.

A *mention* is one article's report of an act; an *event* is one thing that happened. Ten articles that report one
recognition are ten mentions of one event. Mentions are what the ledger keeps; events are derived by `group_mentions`,
a pure function of the set of mentions: the order in which they arrived never shows.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from entente.relations.errors import MalformedEventId
from entente.relations.periods import PRECISIONS, Period

STATUSES = (
    "effective",
    "ongoing",
    "announced",
    "agreed",
    "requested",
    "threatened",
    "refused",
    "alleged",
    "denied",
    "negated",
    "hypothetical",
)

#: Sectors that speak and act for a state; any other sector is kept and scored apart (codebook, Entities).
STATE_SECTORS = frozenset({"", "GOV", "MIL", "LEG"})


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acted, as an article named them: entity key, sector ("" for the bare country), words used."""

    entity: str
    sector: str = ""
    text: str = ""

    @property
    def party(self) -> str:
        """`RUS` for a state's organs, `RUS:CVL` for anyone else of that country."""
        return self.entity if self.sector in STATE_SECTORS else f"{self.entity}:{self.sector}"


@dataclass(frozen=True, slots=True)
class Span:
    """Words of an article: `field` is title or text; offsets count Unicode code points, end exclusive."""

    field: str
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class CodedEvent:
    """One dated, directed act as the coder read it in one text.

    `period` is None for undated background. `dated_by` says where the date came from: "text", "publication" (news
    without a date of its own takes the article's day) or "none". `confidence` is a probability, 0 to 1.
    """

    source: Actor
    target: Actor
    act: str
    status: str
    period: Period | None
    dated_by: str
    confidence: float
    quote: Span
    trigger: Span
    context: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Mention:
    """A coded event in an article of the ledger. Days are UTC; `retired_at` is set by a recode or a retraction."""

    id: str
    article_id: str
    event: CodedEvent
    published_on: date
    publisher: str
    recorded_at: str
    coder_version: str
    retired_at: str | None = None

    @property
    def key(self) -> tuple[str, str, str, str]:
        """Mentions are grouped into events within one (source party, target party, act, status)."""
        return (self.event.source.party, self.event.target.party, self.event.act, self.event.status)


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened, with every mention that reports it, most confident first.

    `period` None means undated: it held by `known_by`, the first day on which an article said so.
    """

    id: str
    source: str
    target: str
    act: str
    status: str
    period: Period | None
    known_by: date
    confidence: float
    mentions: tuple[Mention, ...]

    @property
    def starts_on(self) -> date:
        """The first day on which a reader may count on the event: its period's first day, else `known_by`."""
        return self.period.first if self.period else self.known_by

    @property
    def between_states(self) -> bool:
        """True when both parties act for their states; only such events move a facet."""
        return ":" not in self.source and ":" not in self.target

    @property
    def n_sources(self) -> int:
        """Distinct publishers among the mentions; reprints by one publisher never raise it."""
        return len({mention.publisher for mention in self.mentions})


@dataclass(frozen=True, slots=True)
class EventKey:
    """What an event id encodes: `RUS.AFG.recognise.effective.2025-07-03` (or `…2021-08`, `…1989`, `…undated`)."""

    source: str
    target: str
    act: str
    status: str
    period: Period | None

    def __str__(self) -> str:
        when = self.period.label if self.period else "undated"
        return f"{self.source}.{self.target}.{self.act}.{self.status}.{when}"

    @classmethod
    def parse(cls, text: str) -> "EventKey":
        """Read an event id. Raises MalformedEventId."""
        parts = text.split(".")
        if len(parts) != 5 or parts[3] not in STATUSES or not all(parts) or not text.isprintable():
            raise MalformedEventId(text)
        try:
            period = None if parts[4] == "undated" else Period.parse(parts[4])
        except ValueError as error:
            raise MalformedEventId(text) from error
        return cls(parts[0], parts[1], parts[2], parts[3], period)


def group_mentions(mentions: Iterable[Mention]) -> list[Event]:
    """The events that these mentions report, ordered by id. Pure, and independent of the order of `mentions`."""
    by_key: dict[tuple[str, str, str, str], list[Mention]] = defaultdict(list)
    for mention in mentions:
        if mention.event.status != "negated":
            by_key[mention.key].append(mention)
    events = [
        _event(key, period, members)
        for key, of_key in by_key.items()
        for period, members in _group_by_date(of_key).items()
    ]
    return sorted(events, key=lambda event: event.id)


def locate(event_id: str, events: Sequence[Event]) -> Event | None:
    """The event among `events` that now holds what `event_id` named, or None.

    A later article may have moved a mention to a finer date; the id that was given out still finds its group.
    """
    by_id = {event.id: event for event in events}
    if event_id in by_id:
        return by_id[event_id]
    key = EventKey.parse(event_id)
    alike = [
        e for e in events if (e.source, e.target, e.act, e.status) == (key.source, key.target, key.act, key.status)
    ]
    if key.period is None:
        return alike[0] if len(alike) == 1 else None
    is_day = key.period.precision == "day" and key.period.first > date.min
    day_before = Period.day(key.period.first - timedelta(days=1)) if is_day else None
    for event in alike:
        if event.period and (event.period.within(key.period) or key.period.within(event.period)):
            return event
    return next((event for event in alike if day_before and event.period == day_before), None)


def _group_by_date(mentions: Sequence[Mention]) -> dict[Period | None, list[Mention]]:
    """Explicit days first, then publication days, then ever coarser dates, each joined only where one group fits."""
    groups: dict[Period | None, list[Mention]] = defaultdict(list)
    by_rank: dict[int, list[Mention]] = defaultdict(list)
    for mention in mentions:
        by_rank[_rank(mention)].append(mention)
    for mention in by_rank.pop(0, []):
        groups[mention.event.period].append(mention)
    explicit = set(groups)
    for mention in by_rank.pop(1, []):
        groups[_published_group(mention, explicit)].append(mention)
    for rank in sorted(by_rank):
        finer = [period for period in groups if period is not None]
        for mention in by_rank[rank]:
            groups[_enclosed_group(mention, finer)].append(mention)
    return groups


def _rank(mention: Mention) -> int:
    period = mention.event.period
    if period is None:
        return len(PRECISIONS) + 1
    if period.precision == "day":
        return 1 if mention.event.dated_by == "publication" else 0
    return PRECISIONS.index(period.precision) + 1


def _published_group(mention: Mention, explicit: set[Period | None]) -> Period:
    """News without a date joins the explicit day of its publication, else the day before, never the day after."""
    period = mention.event.period
    assert period is not None
    day_before = Period.day(period.first - timedelta(days=1))
    return day_before if period not in explicit and day_before in explicit else period


def _enclosed_group(mention: Mention, finer: Sequence[Period]) -> Period | None:
    period = mention.event.period
    if period is None:
        inside = [p for p in finer if p.first <= mention.published_on]
    else:
        inside = [p for p in finer if p.within(period)]
    return inside[0] if len(inside) == 1 else period


def _event(key: tuple[str, str, str, str], period: Period | None, mentions: list[Mention]) -> Event:
    ranked = sorted(mentions, key=lambda m: (-m.event.confidence, m.published_on, m.event.quote.text, m.id))
    doubt = 1.0
    for publisher in {m.publisher for m in ranked}:
        doubt *= 1 - max(m.event.confidence for m in ranked if m.publisher == publisher)
    return Event(
        id=str(EventKey(*key, period)),
        source=key[0],
        target=key[1],
        act=key[2],
        status=key[3],
        period=period,
        known_by=min(m.published_on for m in ranked),
        confidence=round(1 - doubt, 4),
        mentions=tuple(ranked),
    )


def retire(mention: Mention, at: str) -> Mention:
    """The mention as retired at record time `at`."""
    return replace(mention, retired_at=at)

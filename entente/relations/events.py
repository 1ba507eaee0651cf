"""Types of mentions and events: Actor, CodedEvent, Mention, Event, Fact, EventKey (event ids).

A *mention* is one article's report of an act; an *event* is the act itself. Ten articles that report one recognition
are ten mentions of one event. The ledger stores mentions; events are derived from them (`grouping`).
"""

from dataclasses import dataclass
from datetime import date

from entente.relations.dyads import Dyad
from entente.relations.errors import MalformedEventId
from entente.relations.periods import Period

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

#: Statuses of acts that may be dated with the day for which they are planned.
PLANNED = frozenset({"announced", "agreed", "threatened"})

#: Least confidence of a report that makes an event of another owner's report surer, or adds to what that tells.
SUPPORTING = 0.5

#: Origins of a date (CodedEvent), the best first.
DATED_BY = ("text", "publication", "receipt", "none")

#: Those of a date that no text gives, with what is said beside it.
BY_ARTICLE = {"publication": "day of publication", "receipt": "by day of receipt"}

#: Sectors that act for a state. Events of other sectors are stored, but move no facet and no score.
STATE_SECTORS = frozenset({"", "GOV", "MIL", "LEG"})

#: Sectors that stand against the state of their country: armed groups, the opposition. What is done to them is not
#: done to it.
OPPOSED_SECTORS = frozenset({"REB", "OPP"})


@dataclass(frozen=True, slots=True)
class Actor:
    """A party of an act: entity key, sector ("" for the bare country), and the words in the article."""

    entity: str
    sector: str = ""
    text: str = ""

    @property
    def party(self) -> str:
        """`RUS` for a state's organs, `RUS:CVL` for any other sector of that country."""
        return self.entity if self.sector in STATE_SECTORS else f"{self.entity}:{self.sector}"


@dataclass(frozen=True, slots=True)
class Span:
    """Words of an article. `field` is "title" or "text"; offsets count Unicode code points, end exclusive."""

    field: str
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class CodedEvent:
    """One directed act as coded from one text.

    `period` is None for undated background. `dated_by` is the origin of the date: "text", "publication" (the article's
    day, for news without a date of its own), "receipt" (its day of receipt, or counted from that, as its day of
    publication is unknown) or "none". `confidence` is a probability, 0 to 1.
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

    @property
    def dyad(self) -> Dyad:
        """The dyad of its entities."""
        return Dyad.of(self.source.entity, self.target.entity)


@dataclass(frozen=True, slots=True)
class Mention:
    """A coded event of an article. Days are UTC. Recodes, retractions and withdrawals set `retired_at`.

    `reprint_of`: the article's first print, None if it is that itself. `owner`: the owner of the first print's
    publisher, for whom the mention counts; by default the publisher. If its first print changes, a mention is retired
    and stored again.
    """

    id: str
    article_id: str
    event: CodedEvent
    published_on: date
    publisher: str
    recorded_at: str
    coder_version: str
    retired_at: str | None = None
    owner: str = ""
    reprint_of: str | None = None

    def __post_init__(self) -> None:
        if not self.owner:
            object.__setattr__(self, "owner", self.publisher)

    @property
    def key(self) -> tuple[str, str, str, str]:
        """(source party, target party, act, status): only mentions of one key are grouped into one event."""
        return (self.event.source.party, self.event.target.party, self.event.act, self.event.status)


class _Dated:
    """Properties that Event and Fact share."""

    __slots__ = ()

    source: str
    target: str
    status: str
    period: Period | None
    known_by: date

    @property
    def starts_on(self) -> date:
        """The first day of the event's period; `known_by` if it is undated."""
        return self.period.first if self.period else self.known_by

    @property
    def moves_in(self) -> Period | None:
        """The period from which on it may move a facet: what is planned for a later day does so once it is known."""
        if self.status in PLANNED and self.period is not None and self.period.first > self.known_by:
            return Period.day(self.known_by)
        return self.period

    @property
    def moves_on(self) -> date:
        """The first day of `moves_in`; `known_by` if the event is undated."""
        period = self.moves_in
        return period.first if period else self.known_by

    @property
    def between_states(self) -> bool:
        """True if both parties act for their states; only such events move a facet."""
        return ":" not in self.source and ":" not in self.target


@dataclass(frozen=True, slots=True)
class Fact(_Dated):
    """An event without its mentions: what the fold and the tallies need of it.

    `owners` (distinct, in alphabetical order), `context` and `coders` (coder versions) are the unions over its
    mentions. `sure_owners`, `dated_by`: see Event.
    """

    id: str
    source: str
    target: str
    act: str
    status: str
    period: Period | None
    known_by: date
    confidence: float
    owners: tuple[str, ...]
    n_mentions: int
    context: tuple[str, ...]
    sure_owners: tuple[str, ...] = ()
    coders: tuple[str, ...] = ()
    dated_by: str = "text"


@dataclass(frozen=True, slots=True)
class Event(_Dated):
    """An act that was reported, with every mention of it: first those that give its date, each most confident first.

    `period` None means undated: it had happened by `known_by`, the first day on which an article reported it.
    `sure_owners`: owners whose reports support one another (relations/grouping/tellings.py), in alphabetical order.
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
    sure_owners: tuple[str, ...] = ()

    @property
    def owners(self) -> tuple[str, ...]:
        """The distinct owners for whom the mentions count, in alphabetical order."""
        if len(self.mentions) == 1:
            return (self.mentions[0].owner,)
        return tuple(sorted({mention.owner for mention in self.mentions}))

    @property
    def n_sources(self) -> int:
        """Number of independent sources: of owners."""
        return len(self.owners)

    @property
    def n_mentions(self) -> int:
        """Number of mentions."""
        return len(self.mentions)

    @property
    def dated_by(self) -> str:
        """Origin of its date, the first of DATED_BY that a mention with this date has."""
        if self.period is None:
            return "none"
        told = (m.event.dated_by for m in self.mentions if m.event.period == self.period)
        return min(told, key=DATED_BY.index, default="publication")

    @property
    def fact(self) -> Fact:
        """The event without its mentions."""
        told = self.mentions
        if len(told) == 1:
            context = tuple(sorted(set(told[0].event.context))) if told[0].event.context else ()
            coders: tuple[str, ...] = (told[0].coder_version,)
        else:
            # What a report tells that is itself hardly believed, such as a further measure, is not told by the event.
            least = min(SUPPORTING, max(mention.event.confidence for mention in told))
            heard = (mention.event for mention in told if mention.event.confidence >= least)
            context = tuple(sorted({word for event in heard for word in event.context}))
            coders = tuple(sorted({mention.coder_version for mention in told}))
        return Fact(
            self.id,
            self.source,
            self.target,
            self.act,
            self.status,
            self.period,
            self.known_by,
            self.confidence,
            self.owners,
            len(told),
            context,
            self.sure_owners,
            coders,
            self.dated_by,
        )


@dataclass(frozen=True, slots=True)
class EventKey:
    """The parts of an event id: `RUS.AFG.recognise.effective.2025-07-03` (or `…2021-08`, `…1989`, `…undated`)."""

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

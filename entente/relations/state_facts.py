"""State facts: values of facets that a document or a data set gives, without an event (the baseline, imported data).

A state fact says that a facet had a value from one date to another. The fold takes it as up to two reports: of its
value at its start, and of the end of that value.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from entente.relations.codebook import Codebook, Effect
from entente.relations.dyads import Dyad
from entente.relations.events import Fact
from entente.relations.periods import Period

#: Separates the origin from the rest of a state fact's id. No event id contains it.
_MARK = "/"

#: Origin of an interval that an event began.
EVENTS = "events"

_HAPPENED = frozenset({"effective"})
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class StateFact:
    """A value of a facet, source → target, as a document gives it. Of a shared facet it holds in both directions.

    `origin`: the data set that it comes from ("baseline"), `place`: the file, and the line where one is needed to find
    it. `begins` None: it was so by the document's date. `ends` None: it is still so. A value lasts until before
    `ends`, or where that begins no later than the value, until after it. `document_date` None: not before `begins`.
    """

    origin: str
    place: str
    source: str
    target: str
    facet: str
    item: str
    value: str
    begins: Period | None
    ends: Period | None
    publisher: str
    document: str
    document_date: Period | None
    citation: str
    note: str = ""
    #: `baseline/USA.CUB.sanctions.trade_full.in_force.1962-02-07`; without the item where the facet is no set.
    id: str = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        # Made once: loading a data set asks for it several times a fact.
        when = self.begins.label if self.begins else "undated"
        parts = (self.source, self.target, self.facet, self.item, self.value, when)
        named = f"{self.origin}{_MARK}{'.'.join(part for part in parts if part)}"
        object.__setattr__(self, "id", named)

    @property
    def dyad(self) -> Dyad:
        """The dyad of its parties."""
        return Dyad.of(self.source, self.target)

    @property
    def known_by(self) -> date:
        """The day from which on it can be known: the last of the document's date, and not before the value begins.

        Without a document's date it is the last day of the value's start.
        """
        if self.document_date is None:
            assert self.begins, "problem_of asks for one of them"
            return self.begins.last
        # A document may set a later start: that it came into force can't be known before it did.
        return max(self.document_date.last, self.begins.first) if self.begins else self.document_date.last

    @property
    def starts_on(self) -> date:
        """The first day of the value; `known_by` if its start is unknown."""
        return self.begins.first if self.begins else self.known_by

    @property
    def ends_on(self) -> date | None:
        """The first day on which the value does not hold any more; None if it lasts."""
        if self.ends is None:
            return None
        return self.ends.first if self.ends.first > self.starts_on else self.ends.last + _DAY

    @property
    def reports(self) -> tuple["StateReport", ...]:
        """What the fold takes of it: the report of its value, and of its end if it has one."""
        ends_on = self.ends_on
        until = ends_on - _DAY if ends_on else None
        value = StateReport(self, self.begins, self.starts_on, self.known_by, until)
        if self.ends is None or ends_on is None:
            return (value,)
        # The document may be of the start: that it ended can't be known before it did.
        end = StateReport(self, self.ends, ends_on, max(self.known_by, self.ends.last), ends_on, is_end=True)
        return value, end


@dataclass(frozen=True, slots=True)
class StateReport:
    """A report of a state fact's value, or of its end, in the form in which the fold takes events.

    `until`: the last day of a value that ended, else None.
    """

    told: StateFact
    period: Period | None
    starts_on: date
    known_by: date
    until: date | None
    is_end: bool = False

    #: What a document says is not in doubt, and it happened.
    confidence = 1.0
    status = "effective"
    dated_by = "text"

    @property
    def id(self) -> str:
        """The id of the state fact."""
        return self.told.id

    @property
    def moves_in(self) -> Period | None:
        """The period from which on it moves its facet: its own."""
        return self.period

    @property
    def moves_on(self) -> date:
        """The day from which on it moves its facet: that on which it starts."""
        return self.starts_on

    @property
    def owners(self) -> tuple[str, ...]:
        """Who issued the document."""
        return (self.told.publisher,)

    @property
    def effect(self) -> Effect:
        """What it does to its facet, as the codebook says it of an act."""
        told = self.told
        return Effect(f"{told.origin}→{told.facet}", _HAPPENED, told.facet, told.value, item=told.item)


#: What moves facets: events that were reported, and state facts.
Evidence = Fact | StateReport


def reports_of(facts: Iterable[StateFact]) -> list[StateReport]:
    """The reports of all these facts."""
    return [report for fact in facts for report in fact.reports]


def is_state_fact(evidence_id: str) -> bool:
    """True if an id of evidence names a state fact, False if it names an event."""
    return _MARK in evidence_id


def origin_of(evidence_id: str) -> str:
    """The origin of what an id of evidence names: that of a state fact, or EVENTS."""
    return evidence_id.partition(_MARK)[0] if is_state_fact(evidence_id) else EVENTS


def problem_of(fact: StateFact, codebook: Codebook) -> str:
    """Why a state fact can't be taken, for whoever wrote it; "" if it can."""
    facet = codebook.facets.get(fact.facet)
    if facet is None:
        return f"facet: {fact.facet!r} is none of {', '.join(codebook.facets)}"
    if fact.value not in facet.values:
        return f"value: {fact.value!r} is none of {', '.join(facet.values)}"
    if facet.is_set and fact.item not in facet.items:
        return f"item: {fact.item!r} is none of {', '.join(facet.items)}"
    if fact.item and not facet.is_set:
        return f"item: {fact.facet} has no members"
    if fact.source == fact.target:
        return "target: the same as source"
    if facet.shared and fact.source > fact.target:
        return f"source: {fact.facet} holds in both directions, and is written with {fact.target} first"
    return _problem_of_dates(fact)


def _problem_of_dates(fact: StateFact) -> str:
    if fact.begins is None and fact.document_date is None:
        return "document_date: blank, and so is from"
    if fact.ends is None:
        return ""
    if fact.begins is None and fact.ends.first <= fact.known_by:
        return "from: blank, though it ended before the date of its document"
    if fact.ends.last < fact.starts_on:
        return f"to: {fact.ends.label} lies before its start"
    return ""

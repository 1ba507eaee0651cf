"""Read a dyad's events, intervals and records, as known now or earlier, by the ledger or by the press."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from entente.relations.codebook import Codebook
from entente.relations.dyads import Dyad
from entente.relations.events import Event
from entente.relations.folding.dyad import fold
from entente.relations.folding.refold import held_on
from entente.relations.grouping.group import group_mentions
from entente.relations.record import Past, Relation, StateFacts, relation, relation_of
from entente.relations.state_facts import StateReport, reports_of
from entente.relations.states import Interval, holding
from entente.services.ports.derived import Direction
from entente.services.ports.ledger import UnitOfWork


@dataclass(frozen=True, slots=True)
class DyadView:
    """Events, state facts and intervals of both directions of a dyad. `version` is 0 if not all that is known counts.

    `reports`: those of the state facts that were known.
    """

    events: Sequence[Event]
    reports: Sequence[StateReport]
    intervals: Sequence[Interval]
    version: int
    known_at: datetime | None = None
    published_by: date | None = None

    @property
    def facts(self) -> StateFacts:
        """Its state facts by id."""
        return {report.id: report.told for report in self.reports}

    def events_of(self, source: str, target: str) -> list[Event]:
        """Events of one direction between the states themselves, ordered by id."""
        return [e for e in self.events if (e.source, e.target) == (source, target)]

    def intervals_of(self, source: str, target: str, as_of: date, codebook: Codebook) -> list[Interval]:
        """Intervals of one direction, folded from the events and state facts that move facets by `as_of`."""
        told: list[Event | StateReport] = [*self.events, *self.reports]
        known = [one for one in told if one.moves_on <= as_of]
        intervals = self.intervals if len(known) == len(told) else fold(known, codebook)
        return [i for i in intervals if (i.source, i.target) == (source, target)]

    def record(self, source: str, target: str, as_of: date, codebook: Codebook) -> Relation:
        """The record of one direction on a day."""
        intervals = self.intervals_of(source, target, as_of, codebook)
        made = relation(source, target, self.events, intervals, codebook, as_of, self.version, self.facts)
        return replace(made, known_at=self.known_at, published_by=self.published_by)


def view(
    unit: UnitOfWork,
    dyad: Dyad,
    codebook: Codebook,
    known_at: datetime | None = None,
    published_by: date | None = None,
) -> DyadView:
    """Read a dyad. With `known_at`: the present codebook applied to mentions recorded and not retired by then.

    With `published_by`: to mentions of articles published by that day. What documents say is known from their date on,
    whenever it was loaded.
    """
    reports = reports_of(unit.state_facts.of_dyad(dyad))
    events = group_mentions(unit.mentions.of_dyad(dyad, known_at, published_by))
    if known_at is None and published_by is None:
        return DyadView(events, reports, unit.derived.states(dyad), unit.dyads.version(dyad))
    last = min(known_at.date() if known_at else date.max, published_by or date.max)
    reports = [report for report in reports if report.known_by <= last]
    return DyadView(events, reports, fold([*events, *reports], codebook), 0, known_at, published_by)


def record(
    unit: UnitOfWork,
    source: str,
    target: str,
    as_of: date,
    codebook: Codebook,
    known_at: datetime | None = None,
    published_by: date | None = None,
) -> Relation:
    """Read the record of one direction, as known now, at `known_at`, or to the press by `published_by`."""
    dyad = Dyad.of(source, target)
    if known_at is not None or published_by is not None:
        return view(unit, dyad, codebook, known_at, published_by).record(source, target, as_of, codebook)
    return records(unit, [(source, target)], as_of, codebook)[0]


def records(unit: UnitOfWork, directions: Sequence[Direction], as_of: date, codebook: Codebook) -> list[Relation]:
    """Read the records of these directions, as known now; the number of queries hardly grows with theirs."""
    projected = unit.dyads.projected({Dyad.of(*direction) for direction in directions})
    versions = {dyad: one.version for dyad, one in projected.items()}
    return [
        relation_of(*direction, seen, codebook, as_of, versions.get(Dyad.of(*direction), 0))
        for direction, seen in _pasts(unit, directions, as_of, codebook).items()
    ]


def _pasts(
    unit: UnitOfWork, directions: Sequence[Direction], as_of: date, codebook: Codebook
) -> Mapping[Direction, Past]:
    """Read the input of records of `as_of`, refolding facets whose intervals depend on later events."""
    stored = unit.derived.pasts(directions, as_of)
    held = {direction: _held(unit, direction, past, as_of, codebook) for direction, past in stored.items()}
    told = {direction: [id for i in own for id in i.state_facts] for direction, own in held.items()}
    wanted = {id for own in told.values() for id in own}
    facts = unit.state_facts.by_id(wanted) if wanted else {}
    return {
        direction: replace(past, held=held[direction], facts={id: facts[id] for id in told[direction] if id in facts})
        for direction, past in stored.items()
    }


def _held(unit: UnitOfWork, direction: Direction, stored: Past, as_of: date, codebook: Codebook) -> Sequence[Interval]:
    """The intervals that hold on the day, without what later events made of them."""
    shaped = {interval.facet for interval in stored.held if interval.shaped_after(as_of)}
    if not shaped:
        return stored.held
    held = [interval for interval in stored.held if interval.facet not in shaped]
    for facet in sorted(shaped):
        key = (*direction, facet)
        held += held_on(key, as_of, unit.derived.facet_history(key, codebook), codebook)
    return holding(held, as_of)

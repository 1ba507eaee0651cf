"""Read a dyad's events, intervals and records, as known now or at an earlier time."""

from collections.abc import Sequence
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
from entente.services.ports.ledger import UnitOfWork


@dataclass(frozen=True, slots=True)
class DyadView:
    """Events, state facts and intervals of both directions of a dyad. `version` is 0 if `known_at` is given.

    `reports`: those of the state facts that were known.
    """

    events: Sequence[Event]
    reports: Sequence[StateReport]
    intervals: Sequence[Interval]
    version: int
    known_at: datetime | None

    @property
    def facts(self) -> StateFacts:
        """Its state facts by id."""
        return {report.id: report.told for report in self.reports}

    def events_of(self, source: str, target: str) -> list[Event]:
        """Events of one direction between the states themselves, ordered by id."""
        return [e for e in self.events if (e.source, e.target) == (source, target)]

    def intervals_of(self, source: str, target: str, as_of: date, codebook: Codebook) -> list[Interval]:
        """Intervals of one direction, folded from the events and state facts dated up to `as_of`."""
        told: list[Event | StateReport] = [*self.events, *self.reports]
        known = [one for one in told if one.starts_on <= as_of]
        intervals = self.intervals if len(known) == len(told) else fold(known, codebook)
        return [i for i in intervals if (i.source, i.target) == (source, target)]

    def record(self, source: str, target: str, as_of: date, codebook: Codebook) -> Relation:
        """The record of one direction on a day."""
        intervals = self.intervals_of(source, target, as_of, codebook)
        made = relation(source, target, self.events, intervals, codebook, as_of, self.version, self.facts)
        return replace(made, known_at=self.known_at)


def view(unit: UnitOfWork, dyad: Dyad, codebook: Codebook, known_at: datetime | None = None) -> DyadView:
    """Read a dyad. With `known_at`: the present codebook applied to mentions recorded and not retired by then.

    What documents say is known from their date on, whenever it was loaded.
    """
    reports = reports_of(unit.state_facts.of_dyad(dyad))
    events = group_mentions(unit.mentions.of_dyad(dyad, known_at))
    if known_at is None:
        return DyadView(events, reports, unit.derived.states(dyad), unit.dyads.version(dyad), None)
    reports = [report for report in reports if report.known_by <= known_at.date()]
    return DyadView(events, reports, fold([*events, *reports], codebook), 0, known_at)


def record(
    unit: UnitOfWork, source: str, target: str, as_of: date, codebook: Codebook, known_at: datetime | None = None
) -> Relation:
    """Read the record of one direction, as known now or at `known_at`."""
    dyad = Dyad.of(source, target)
    if known_at is not None:
        return view(unit, dyad, codebook, known_at).record(source, target, as_of, codebook)
    seen = past(unit, source, target, as_of, codebook)
    return relation_of(source, target, seen, codebook, as_of, unit.dyads.version(dyad))


def past(unit: UnitOfWork, source: str, target: str, as_of: date, codebook: Codebook) -> Past:
    """Read the input of a record of `as_of`, refolding facets whose intervals depend on later events."""
    stored = unit.derived.past(source, target, as_of)
    shaped = {interval.facet for interval in stored.held if interval.shaped_after(as_of)}
    held = [interval for interval in stored.held if interval.facet not in shaped]
    for facet in sorted(shaped):
        key = (source, target, facet)
        held += held_on(key, as_of, unit.derived.facet_history(key, codebook), codebook)
    told = [id for interval in held for id in interval.state_facts]
    facts = unit.state_facts.by_id(told) if told else {}
    return replace(stored, held=holding(held, as_of), facts=facts) if shaped or facts else stored

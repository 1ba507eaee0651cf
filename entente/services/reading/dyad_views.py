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
from entente.relations.record import Past, Relation, relation, relation_of
from entente.relations.states import Interval, holding
from entente.services.ports.ledger import UnitOfWork


@dataclass(frozen=True, slots=True)
class DyadView:
    """Events and intervals of both directions of a dyad. `version` is 0 if `known_at` is given."""

    events: Sequence[Event]
    intervals: Sequence[Interval]
    version: int
    known_at: datetime | None

    def events_of(self, source: str, target: str) -> list[Event]:
        """Events of one direction between the states themselves, ordered by id."""
        return [e for e in self.events if (e.source, e.target) == (source, target)]

    def intervals_of(self, source: str, target: str, as_of: date, codebook: Codebook) -> list[Interval]:
        """Intervals of one direction, folded from the events dated up to `as_of`."""
        known = [event for event in self.events if event.starts_on <= as_of]
        intervals = self.intervals if len(known) == len(self.events) else fold(known, codebook)
        return [i for i in intervals if (i.source, i.target) == (source, target)]

    def record(self, source: str, target: str, as_of: date, codebook: Codebook) -> Relation:
        """The record of one direction on a day."""
        intervals = self.intervals_of(source, target, as_of, codebook)
        made = relation(source, target, self.events, intervals, codebook, as_of, self.version)
        return replace(made, known_at=self.known_at)


def view(unit: UnitOfWork, dyad: Dyad, codebook: Codebook, known_at: datetime | None = None) -> DyadView:
    """Read a dyad. With `known_at`: the present codebook applied to mentions recorded and not retired by then."""
    if known_at is None:
        events = group_mentions(unit.mentions.of_dyad(dyad))
        return DyadView(events, unit.derived.states(dyad), unit.dyads.version(dyad), None)
    events = group_mentions(unit.mentions.of_dyad(dyad, known_at))
    return DyadView(events, fold(events, codebook), 0, known_at)


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
    return replace(stored, held=holding(held, as_of)) if shaped else stored

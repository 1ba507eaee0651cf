"""What one dyad looked like to the ledger: its events and intervals, as known now or at an earlier moment."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from entente.relations.codebook import Codebook
from entente.relations.events import Event
from entente.relations.fold import fold
from entente.relations.grouping import group_mentions
from entente.relations.record import Relation, relation, relation_of
from entente.relations.states import Interval
from entente.services.ports import Dyad, UnitOfWork


@dataclass(frozen=True, slots=True)
class DyadView:
    """A dyad's events and intervals, both directions'. `version` is 0 for what was known at an earlier moment."""

    events: Sequence[Event]
    intervals: Sequence[Interval]
    version: int
    known_at: datetime | None

    def events_of(self, source: str, target: str) -> list[Event]:
        """The events of one direction between the states themselves, in order of their ids."""
        return [e for e in self.events if (e.source, e.target) == (source, target)]

    def intervals_of(self, source: str, target: str) -> list[Interval]:
        """The intervals of one direction."""
        return [i for i in self.intervals if (i.source, i.target) == (source, target)]

    def record(self, source: str, target: str, as_of: date, codebook: Codebook) -> Relation:
        """The record of one direction on a day."""
        made = relation(source, target, self.events, self.intervals, codebook, as_of, self.version)
        return replace(made, known_at=self.known_at)


def view(unit: UnitOfWork, dyad: Dyad, codebook: Codebook, known_at: datetime | None = None) -> DyadView:
    """Read a dyad. With `known_at`: today's rules applied to the mentions recorded by then and not yet retired then."""
    if known_at is None:
        events = group_mentions(unit.mentions.of_dyad(dyad))
        return DyadView(events, unit.projection.states(dyad), unit.projection.version(dyad), None)
    events = group_mentions(unit.mentions.of_dyad(dyad, known_at))
    return DyadView(events, fold(events, codebook), 0, known_at)


def record(
    unit: UnitOfWork, source: str, target: str, as_of: date, codebook: Codebook, known_at: datetime | None = None
) -> Relation:
    """The record of one direction: every reader of a record asks here."""
    dyad = Dyad.of(source, target)
    if known_at is not None:
        return view(unit, dyad, codebook, known_at).record(source, target, as_of, codebook)
    past = unit.projection.past(source, target, as_of)
    return relation_of(source, target, past, codebook, as_of, unit.projection.version(dyad))

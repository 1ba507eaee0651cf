"""Ports: what is derived from mentions (events, intervals, sums, checkpoints), to read and to replace."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

from entente.relations.codebook import Codebook
from entente.relations.dyads import Dyad
from entente.relations.events import Event, Fact
from entente.relations.folding.dyad import Checkpoint
from entente.relations.folding.facet import FacetKey
from entente.relations.folding.refold import FacetHistory, Refolded
from entente.relations.grouping.group import Key
from entente.relations.grouping.regroup import Regrouped
from entente.relations.record import Past
from entente.relations.states import Interval
from entente.relations.tally import Tally, TallyKey
from entente.services.ports.state_tables import StatePage, TabledStates

#: (source, target).
Direction = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Derived:
    """Intervals, sums and checkpoints derived from a dyad's events."""

    intervals: Sequence[Interval]
    tallies: Mapping[TallyKey, Tally]
    checkpoints: Mapping[FacetKey, Sequence[Checkpoint]] = field(default_factory=dict)


class DerivedReads(Protocol):
    """Read intervals and sums of dyads."""

    def states(self, dyad: Dyad) -> list[Interval]: ...

    def tabled(
        self, wanted: StatePage, after: tuple[Any, ...] | None, limit: int
    ) -> tuple[TabledStates, tuple[Any, ...] | None]:
        """Up to `limit` intervals as columns, and the mark after which others follow; None: none do."""

    def tallies(self, dyad: Dyad) -> Mapping[TallyKey, Tally]:
        """All sums of both directions."""

    def pasts(self, directions: Collection[Direction], as_of: date) -> Mapping[Direction, Past]:
        """The input of the record of that day of each direction, without its state facts."""

    def facet_history(self, key: FacetKey, codebook: Codebook) -> FacetHistory:
        """The history of one facet, for refolding."""

    def facet_histories(self, firsts: Mapping[FacetKey, date], codebook: Codebook) -> Mapping[FacetKey, FacetHistory]:
        """The histories of these facets, for refolding each from its day on."""


class DerivedWrites(Protocol):
    """Replace what is derived of dyads. Lock them first."""

    def replace_events(self, dyad: Dyad, derived: Iterable[Event]) -> None:
        """Replace a dyad's events. `derived` is ordered so that events of one key are adjacent."""

    def replace_all(self, dyad: Dyad, whole: Derived) -> None:
        """Replace a dyad's intervals, sums and checkpoints."""

    def remove_all(self, dyads: Collection[Dyad]) -> None:
        """Remove the intervals and checkpoints of dyads without events."""

    def add_new(self, whole: Derived) -> None:
        """Add what is derived of dyads of which nothing is stored yet: one statement for all of them."""

    def replace_groups(self, regrouped: Mapping[Key, Regrouped]) -> tuple[list[Fact], list[Fact]]:
        """Replace these keys' events in the cells that were regrouped; (facts removed, facts added)."""

    def add_tallies(self, changes: Mapping[TallyKey, Tally]) -> None:
        """Add these sums to the stored ones; drop sums of no event."""

    def replace_facets(
        self, refolded: Mapping[FacetKey, Refolded]
    ) -> Mapping[FacetKey, tuple[list[Interval], list[Interval]]]:
        """Replace facets' intervals and checkpoints where they were refolded; of each, (intervals before, now)."""

"""The ports of what is derived from the mentions: events, states and sums, read and written."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

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


@dataclass(frozen=True, slots=True)
class Derived:
    """What is derived from a dyad's events."""

    intervals: Sequence[Interval]
    tallies: Mapping[TallyKey, Tally]
    checkpoints: Mapping[FacetKey, Sequence[Checkpoint]] = field(default_factory=dict)


class DerivedReads(Protocol):
    """What is derived of the dyads."""

    def states(self, dyad: Dyad) -> list[Interval]: ...

    def tallies(self, dyad: Dyad) -> Mapping[TallyKey, Tally]:
        """Every sum of both directions."""

    def past(self, source: str, target: str, as_of: date) -> Past:
        """All that a record of that day is made from."""

    def facet_history(self, key: FacetKey, codebook: Codebook) -> FacetHistory:
        """What folding again asks of one facet."""


class DerivedWrites(Protocol):
    """Replacing what is derived of dyads that are locked."""

    def replace_events(self, dyad: Dyad, derived: Iterable[Event]) -> None:
        """Replace a dyad's events, of which those of one key come one after the other."""

    def replace_all(self, dyad: Dyad, whole: Derived) -> None:
        """Replace what is derived of a dyad's events."""

    def replace_groups(self, regrouped: Mapping[Key, Regrouped]) -> tuple[list[Fact], list[Fact]]:
        """Replace these keys' events in the cells that were grouped again; the facts that went and those that came."""

    def add_tallies(self, changes: Mapping[TallyKey, Tally]) -> None:
        """Add these sums to the stored ones."""

    def replace_facet(self, key: FacetKey, refolded: Refolded) -> tuple[list[Interval], list[Interval]]:
        """Replace a facet's intervals and checkpoints where it was folded again; (those that were, those that are)."""

"""Folding a facet again from a checkpoint: after a change until it comes back to what it was, or up to a day."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain
from typing import Protocol

from entente.relations.codebook import Codebook
from entente.relations.events import Fact
from entente.relations.folding.dyad import Checkpoint, advance
from entente.relations.folding.facet import FacetFold, FacetKey
from entente.relations.states import Interval, holding


class FacetHistory(Protocol):
    """What the ledger holds of one facet."""

    def facts(self, since: date, before: date | None) -> Sequence[Fact]:
        """The events that may move the facet, from a day on, and before another."""

    def checkpoint(self, day: date) -> Checkpoint | None:
        """The last checkpoint not after that day."""

    def checkpoints(self, after: date) -> Iterator[Checkpoint]:
        """The checkpoints after that day, in order."""


@dataclass(frozen=True, slots=True)
class Refolded:
    """A facet folded again from the checkpoint of `since` (date.min: from the start) until before `until` (None: the
    end), where it came back to an older checkpoint. `intervals` end there or before; `open` are the (item, standing,
    starts_on) of those that go on as they did. `checkpoints` replace those between.
    """

    since: date
    until: date | None
    intervals: Sequence[Interval]
    open: frozenset[tuple[str, str, date]]
    checkpoints: Sequence[Checkpoint]


def held_on(key: FacetKey, day: date, history: FacetHistory, codebook: Codebook) -> list[Interval]:
    """What a facet's facts dated up to `day` give for it: later ones neither support nor end what they made."""
    start = history.checkpoint(day)
    facet = FacetFold(key, codebook)
    if start:
        facet.load(start.state)
    until = None if day == date.max else day + timedelta(days=1)
    taken = list(advance(facet, history.facts(start.day if start else date.min, until), []))
    return holding([*taken, *facet.finish()], day)


def refold(key: FacetKey, first: date, last: date, history: FacetHistory, codebook: Codebook) -> Refolded:
    """Fold a facet again of which facts between `first` and `last`, inclusive, came, went or changed."""
    start = history.checkpoint(first)
    facet = FacetFold(key, codebook)
    if start:
        facet.load(start.state)
    since = begin = start.day if start else date.min
    intervals: list[Interval] = []
    made: list[Checkpoint] = []
    for bound in chain(history.checkpoints(since), [None]):
        intervals += advance(facet, history.facts(begin, bound.day if bound else None), made)
        if bound:
            intervals += facet.settle(bound.day)
            if bound.day > last and facet.dump() == bound.state:
                return Refolded(since, bound.day, intervals, facet.open_runs(), made)
            begin = bound.day
    intervals += facet.finish()
    return Refolded(since, None, intervals, frozenset(), made)

"""Refolding: fold a facet again from a checkpoint, until its state is as stored, or up to a day."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain
from typing import Protocol

from entente.relations.codebook import Codebook
from entente.relations.folding.dyad import Checkpoint, advance
from entente.relations.folding.facet import FacetFold, FacetKey
from entente.relations.state_facts import Evidence
from entente.relations.states import Interval, holding


class FacetHistory(Protocol):
    """The ledger's events, state facts and checkpoints of one facet."""

    def facts(self, since: date, before: date | None) -> Sequence[Evidence]:
        """Events and state facts that may move the facet, from `since` on and, if given, before `before`."""

    def checkpoint(self, day: date) -> Checkpoint | None:
        """The last checkpoint not after that day."""

    def checkpoints(self, after: date) -> Iterator[Checkpoint]:
        """The checkpoints after that day, in order."""


@dataclass(frozen=True, slots=True)
class Refolded:
    """Result of folding a facet again from `since` (date.min: from the start) to before `until` (None: to the end).

    At `until` the state equals the stored checkpoint. `intervals` end there or before; `open` are the (item, standing,
    starts_on) of those that last beyond, as stored. `checkpoints` replace those between, which are of the days `stale`.
    """

    since: date
    until: date | None
    intervals: Sequence[Interval]
    open: frozenset[tuple[str, str, date]]
    checkpoints: Sequence[Checkpoint]
    stale: Sequence[date] = ()


def held_on(key: FacetKey, day: date, history: FacetHistory, codebook: Codebook) -> list[Interval]:
    """Intervals of a facet that hold on `day`, folded from the facts dated up to that day only."""
    start = history.checkpoint(day)
    facet = FacetFold(key, codebook)
    if start:
        facet.load(start.state)
    until = None if day == date.max else day + timedelta(days=1)
    taken = list(advance(facet, history.facts(start.day if start else date.min, until), []))
    return holding([*taken, *facet.finish()], day)


def refold(key: FacetKey, first: date, last: date, history: FacetHistory, codebook: Codebook) -> Refolded:
    """Fold a facet again after facts dated `first` to `last`, inclusive, were added, removed or changed."""
    start = history.checkpoint(first)
    facet = FacetFold(key, codebook)
    if start:
        facet.load(start.state)
    since = begin = start.day if start else date.min
    intervals: list[Interval] = []
    made: list[Checkpoint] = []
    stale: list[date] = []
    for bound in chain(history.checkpoints(since), [None]):
        intervals += advance(facet, history.facts(begin, bound.day if bound else None), made)
        if bound:
            intervals += facet.settle(bound.day)
            if bound.day > last and facet.dump() == bound.state:
                return Refolded(since, bound.day, intervals, facet.open_runs(), made, stale)
            begin = bound.day
            stale.append(bound.day)
    intervals += facet.finish()
    return Refolded(since, None, intervals, frozenset(), made, stale)

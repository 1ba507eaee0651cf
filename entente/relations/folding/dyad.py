"""The fold: events of a dyad → intervals of both its directions. A pure function of the set of events.

Every (direction, facet) is folded by itself; every (item, standing) of it is a track. An event's effects report
values of tracks. Facets are independent, so a late event concerns only those that it moves. A checkpoint is the
state of a facet at the start of a day; folding from there needs nothing earlier.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from operator import attrgetter
from typing import Any

from entente.relations.codebook import Codebook
from entente.relations.events import Event
from entente.relations.folding.facet import FacetFold, FacetKey, facets_of
from entente.relations.state_facts import Evidence, StateReport
from entente.relations.states import Interval

#: Facts between two checkpoints. The latest event makes the fold repeat at most so many, and those of one day.
SPACING = 32


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """State of a facet before the facts of `day`; `state` is what `FacetFold.dump` returns."""

    day: date
    state: Mapping[str, Any]


def fold(events: Iterable[Event | Evidence], codebook: Codebook, *, all_evidence: bool = False) -> list[Interval]:
    """Fold events and state facts of one dyad into the intervals of every facet that they move, by track and start.

    Only acts between states move facets. The order of `events` doesn't matter. With `all_evidence` each interval
    lists every event that supports it, not only the first and last.
    """
    intervals: list[Interval] = []
    for key, facts in _by_facet(events, codebook).items():
        facet = FacetFold(key, codebook, all_evidence)
        for day, of_day in groupby(sorted(facts, key=fold_order), attrgetter("moves_on")):
            intervals.extend(facet.take(day, of_day))
        intervals.extend(facet.finish())
    return sorted(intervals, key=lambda i: (i.track, i.starts_on))


def fold_in_full(
    facts: Iterable[Evidence], codebook: Codebook
) -> tuple[list[Interval], dict[FacetKey, list[Checkpoint]]]:
    """Fold as `fold` does; also return the checkpoints of each facet. The facts may be of several dyads."""
    intervals: list[Interval] = []
    checkpoints: dict[FacetKey, list[Checkpoint]] = {}
    for key, of_facet in _by_facet(facts, codebook).items():
        facet = FacetFold(key, codebook)
        points: list[Checkpoint] = []
        intervals += advance(facet, of_facet, points)
        intervals += facet.finish()
        if points:
            checkpoints[key] = points
    return sorted(intervals, key=lambda i: (i.track, i.starts_on)), checkpoints


def advance(facet: FacetFold, facts: Iterable[Evidence], made: list[Checkpoint]) -> Iterator[Interval]:
    """Fold facts into a facet and yield the intervals that end. Append a checkpoint to `made` after SPACING facts."""
    for day, of_day in groupby(sorted(facts, key=fold_order), attrgetter("moves_on")):
        if facet.taken >= SPACING:
            yield from facet.settle(day)
            made.append(Checkpoint(day, facet.dump()))
            facet.taken = 0
        yield from facet.take(day, of_day)


def _by_facet(events: Iterable[Event | Evidence], codebook: Codebook) -> dict[FacetKey, list[Evidence]]:
    by_facet: dict[FacetKey, list[Evidence]] = {}
    for event in events:
        keys = facets_of(event, codebook)
        if keys:
            fact = event.fact if isinstance(event, Event) else event
            for key in keys:
                by_facet.setdefault(key, []).append(fact)
    return by_facet


def fold_order(fact: Evidence) -> tuple[date, bool, bool, str]:
    """Sort key of the order in which a facet takes its facts; those of one date it orders further by their values."""
    if isinstance(fact, StateReport) and fact.is_end:
        # Before what begins on that day.
        return (fact.moves_on, False, False, fact.id)
    # On one day, announcements come before acts that happened, whose values must replace theirs; and dated facts before
    # undated background, which must not end their values.
    return (fact.moves_on, fact.status in ("effective", "ongoing"), fact.period is None, fact.id)

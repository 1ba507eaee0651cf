"""The fold: the events of a dyad → the intervals of both its directions. A pure function of the set of events.

Every (direction, facet) is a panel, and every (item, standing) of a panel a track. An event's effects are assertions
on tracks. Panels never look at each other, so a late event concerns only those that it moves; and what a panel
remembers at the start of a day, its checkpoint, is all that the days after it need.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from operator import attrgetter
from typing import Any

from entente.relations.codebook import Codebook
from entente.relations.events import Event, Fact
from entente.relations.panels import Panel, PanelKey, panels_of
from entente.relations.states import Interval

#: Facts between two checkpoints: what an event that comes last makes the fold take again, at most, and a day's.
SPACING = 32


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a panel remembers before it takes the facts of `day`; `state` as `Panel.dump` gives it."""

    day: date
    state: Mapping[str, Any]


def fold(events: Iterable[Event | Fact], codebook: Codebook, *, all_evidence: bool = False) -> list[Interval]:
    """Intervals of every facet that these events of one dyad move, ordered by track and start.

    Only acts between states move facets. The order of `events` doesn't matter. With `all_evidence` each interval
    names every event that supports it, not only the first and last of them.
    """
    intervals: list[Interval] = []
    for key, facts in _by_panel(events, codebook).items():
        panel = Panel(key, codebook, all_evidence)
        for day, of_day in groupby(sorted(facts, key=fold_order), attrgetter("starts_on")):
            intervals.extend(panel.take(day, of_day))
        intervals.extend(panel.finish())
    return sorted(intervals, key=lambda i: (i.track, i.starts_on))


def fold_in_full(facts: Iterable[Fact], codebook: Codebook) -> tuple[list[Interval], dict[PanelKey, list[Checkpoint]]]:
    """As `fold`, with the checkpoints from which each panel can be folded again."""
    intervals: list[Interval] = []
    checkpoints: dict[PanelKey, list[Checkpoint]] = {}
    for key, of_panel in _by_panel(facts, codebook).items():
        panel = Panel(key, codebook)
        points: list[Checkpoint] = []
        intervals += advance(panel, of_panel, points)
        intervals += panel.finish()
        if points:
            checkpoints[key] = points
    return sorted(intervals, key=lambda i: (i.track, i.starts_on)), checkpoints


def advance(panel: Panel, facts: Iterable[Fact], made: list[Checkpoint]) -> Iterator[Interval]:
    """Let a panel take facts; the intervals that end. Checkpoints go to `made`, one after SPACING facts."""
    for day, of_day in groupby(sorted(facts, key=fold_order), attrgetter("starts_on")):
        if panel.taken >= SPACING:
            yield from panel.settle(day)
            made.append(Checkpoint(day, panel.dump()))
            panel.taken = 0
        yield from panel.take(day, of_day)


def _by_panel(events: Iterable[Event | Fact], codebook: Codebook) -> dict[PanelKey, list[Fact]]:
    by_panel: dict[PanelKey, list[Fact]] = {}
    for event in events:
        keys = panels_of(event, codebook)
        if keys:
            fact = event.fact if isinstance(event, Event) else event
            for key in keys:
                by_panel.setdefault(key, []).append(fact)
    return by_panel


def fold_order(fact: Fact) -> tuple[date, bool, bool, str]:
    """The order in which a panel takes its facts."""
    # On one day, what is only announced comes before what happened, so that the act itself has the last word; and
    # what is dated before what is background, which gives way to it.
    return (fact.starts_on, fact.status in ("effective", "ongoing"), fact.period is None, fact.id)

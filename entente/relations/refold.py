"""Folding a panel again from a checkpoint: after a change until it comes back to what it was, or up to a day."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain
from typing import Protocol

from entente.relations.codebook import Codebook
from entente.relations.events import Fact
from entente.relations.fold import Checkpoint, advance
from entente.relations.panels import Panel, PanelKey
from entente.relations.states import Interval, holding


class PanelHistory(Protocol):
    """What the ledger holds of one panel."""

    def facts(self, since: date, before: date | None) -> Sequence[Fact]:
        """The events that may move the panel, from a day on, and before another."""

    def checkpoint(self, day: date) -> Checkpoint | None:
        """The last checkpoint not after that day."""

    def checkpoints(self, after: date) -> Iterator[Checkpoint]:
        """The checkpoints after that day, in order."""


@dataclass(frozen=True, slots=True)
class Refolded:
    """A panel folded again from the checkpoint of `since` (date.min: from the start) until before `until` (None: the
    end), where it came back to an older checkpoint. `intervals` end there or before; `open` are the (item, standing,
    starts_on) of those that go on as they did. `checkpoints` replace those between.
    """

    since: date
    until: date | None
    intervals: Sequence[Interval]
    open: frozenset[tuple[str, str, date]]
    checkpoints: Sequence[Checkpoint]


def held_on(key: PanelKey, day: date, history: PanelHistory, codebook: Codebook) -> list[Interval]:
    """What a panel's facts dated up to `day` give for it: later ones neither support nor end what they made."""
    start = history.checkpoint(day)
    panel = Panel(key, codebook)
    if start:
        panel.load(start.state)
    until = None if day == date.max else day + timedelta(days=1)
    taken = list(advance(panel, history.facts(start.day if start else date.min, until), []))
    return holding([*taken, *panel.finish()], day)


def refold(key: PanelKey, first: date, last: date, history: PanelHistory, codebook: Codebook) -> Refolded:
    """Fold a panel again of which facts between `first` and `last`, inclusive, came, went or changed."""
    start = history.checkpoint(first)
    panel = Panel(key, codebook)
    if start:
        panel.load(start.state)
    since = begin = start.day if start else date.min
    intervals: list[Interval] = []
    made: list[Checkpoint] = []
    for bound in chain(history.checkpoints(since), [None]):
        intervals += advance(panel, history.facts(begin, bound.day if bound else None), made)
        if bound:
            intervals += panel.settle(bound.day)
            if bound.day > last and panel.dump() == bound.state:
                return Refolded(since, bound.day, intervals, panel.open_runs(), made)
            begin = bound.day
    intervals += panel.finish()
    return Refolded(since, None, intervals, frozenset(), made)

"""Dyad-months: counts and intensities of events between states, by directed dyad and month.

What is announced, requested, threatened, refused, alleged or denied is not counted as done: it has counts of its own.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from entente.relations.codebook import HAPPENED, Codebook
from entente.relations.events import STATUSES, Event

#: Statuses of acts that did not happen, or are not known to have. Negated ones make no event.
UNFULFILLED = tuple(status for status in STATUSES if status not in HAPPENED | {"negated"})


@dataclass(slots=True)
class DyadMonth:
    """Events of `source` towards `target` in the month that begins on `month`. Intensities: the codebook's scale.

    `by_status` counts all of them, by status; everything else is of those in the statuses that are counted as done.
    """

    month: date
    source: str
    target: str
    n_events: int = 0
    n_mentions: int = 0
    by_status: Counter[str] = field(default_factory=Counter)
    by_quad: Counter[int] = field(default_factory=Counter)
    by_root: Counter[str] = field(default_factory=Counter)
    intensities: list[float] = field(default_factory=list)

    @property
    def total_intensity(self) -> float:
        """Sum of the events' intensities."""
        return round(math.fsum(self.intensities), 2) + 0.0

    @property
    def mean_intensity(self) -> float | None:
        """Unweighted mean of the events' intensities; None without events."""
        if not self.intensities:
            return None
        return round(math.fsum(self.intensities) / len(self.intensities), 3) + 0.0


def dyad_months(
    events: Iterable[Event], codebook: Codebook, counted: Collection[str] = HAPPENED
) -> Iterator[DyadMonth]:
    """Dyad-months with at least one event, by month in the order of `events`, then by source and target.

    `counted`: the statuses whose events are counted as done. `events` are sorted by month, newest or oldest first.
    Leaves out undated events, events dated to a year only, and events with a party that does not act for a state. Holds
    one month in memory.
    """
    current: date | None = None
    months: Mapping[tuple[str, str], DyadMonth] = {}
    for event in events:
        if event.period is None or event.period.precision == "year" or not event.between_states:
            continue
        month = event.starts_on.replace(day=1)
        if month != current:
            yield from (months[pair] for pair in sorted(months))
            current, months = month, _Months(month)
        _count(months[event.source, event.target], event, codebook, counted)
    yield from (months[pair] for pair in sorted(months))


class _Months(defaultdict[tuple[str, str], DyadMonth]):
    def __init__(self, month: date) -> None:
        super().__init__()
        self._month = month

    def __missing__(self, pair: tuple[str, str]) -> DyadMonth:
        made = self[pair] = DyadMonth(self._month, *pair)
        return made


def _count(found: DyadMonth, event: Event, codebook: Codebook, counted: Collection[str]) -> None:
    found.by_status[event.status] += 1
    if event.status not in counted:
        return
    codes = codebook.codes(event.act, event.status)
    found.n_events += 1
    found.n_mentions += len(event.mentions)
    found.by_quad[codes.quad] += 1
    found.by_root[codes.root] += 1
    found.intensities.append(codes.intensity)

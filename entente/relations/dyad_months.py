"""Dyad-months: counts and intensities of events between states, by directed dyad and month."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from entente.relations.codebook import HAPPENED, Codebook
from entente.relations.event_counts import EventCounts
from entente.relations.events import Event, Fact


@dataclass(frozen=True, slots=True)
class DyadMonth:
    """Events of `source` towards `target` in the month that begins on `month`."""

    month: date
    source: str
    target: str
    counts: EventCounts = field(default_factory=EventCounts)


def dyad_months(
    events: Iterable[Event | Fact], codebook: Codebook, counted: Collection[str] = HAPPENED
) -> Iterator[DyadMonth]:
    """Dyad-months with at least one event, by month in the order of `events`, then by source and target.

    `counted`: the statuses whose events are counted as done. `events` are sorted by month, newest or oldest first, all
    of them or those of each dyad. Leaves out undated events and those with no day but that of a receipt, events dated
    to a year only, and events with a party that acts for no state or organisation. Holds one month in memory.
    """
    current: date | None = None
    months: Mapping[tuple[str, str], DyadMonth] = {}
    for event in events:
        if event.period is None or event.dated_by == "receipt" or event.period.precision == "year":
            continue
        if not event.between_states:
            continue
        month = event.starts_on.replace(day=1)
        if month != current:
            yield from (months[pair] for pair in sorted(months))
            current, months = month, _Months(month)
        months[event.source, event.target].counts.count(event, codebook, counted)
    yield from (months[pair] for pair in sorted(months))


class _Months(defaultdict[tuple[str, str], DyadMonth]):
    def __init__(self, month: date) -> None:
        super().__init__()
        self._month = month

    def __missing__(self, pair: tuple[str, str]) -> DyadMonth:
        made = self[pair] = DyadMonth(self._month, *pair)
        return made

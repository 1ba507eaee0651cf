"""Balanced panels: what each period of a dyad or country had of events, and which values held at its end."""

from bisect import bisect_right
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from entente.relations.codebook import Codebook
from entente.relations.event_counts import EventCounts
from entente.relations.events import Event
from entente.relations.periods import Period
from entente.relations.series import spans
from entente.relations.states import Interval

#: Units of a panel → the length of its periods.
UNITS: Mapping[str, str] = {"dyad-month": "month", "dyad-year": "year", "country-year": "year"}


@dataclass(frozen=True, slots=True)
class FacetColumn:
    """A facet of a panel, or with `value` one of its values.

    `name`: `FACET` or `FACET:VALUE`, as asked for.
    """

    name: str
    facet: str
    value: str | None


@dataclass(slots=True)
class PanelCell:
    """One direction in one period. `held` has the held values of each facet on its last day, as (item, value)."""

    counts: EventCounts = field(default_factory=EventCounts)
    held: Mapping[str, Sequence[tuple[str, str]]] = field(default_factory=dict)


def periods(length: str, first: date, last: date) -> list[Period]:
    """The months or years from that of `first` to that of `last`."""
    return [Period(start, length) for start, _ in spans(length, first, Period(_start(length, last), length).last)]


def cells(
    events: Iterable[Event],
    intervals: Iterable[Interval],
    facets: Collection[str],
    every: Sequence[Period],
    as_of: date,
    codebook: Codebook,
    counted: Collection[str],
) -> list[PanelCell]:
    """One direction's cells, a period each. Values are those of a period's last day, or of `as_of` if that is earlier.

    An event counts in the period that contains its whole date, if it is dated up to `as_of`. One without a date but
    that of a receipt counts in none.
    """
    made = [PanelCell() for _ in every]
    starts = [period.first for period in every]
    for event in events:
        if event.period is None or event.dated_by == "receipt" or event.starts_on > as_of:
            continue
        place = bisect_right(starts, event.starts_on) - 1
        if place >= 0 and event.period.within(every[place]):
            made[place].counts.count(event, codebook, counted)
    held = [i for i in intervals if i.standing == "held" and i.facet in facets]
    if held:
        for cell, period in zip(made, every, strict=True):
            day = min(period.last, as_of)
            shown: dict[str, list[tuple[str, str]]] = {}
            for interval in held:
                if interval.holds_on(day):
                    shown.setdefault(interval.facet, []).append((interval.item, interval.value))
            cell.held = shown
    return made


def _start(length: str, day: date) -> date:
    return day.replace(day=1) if length == "month" else day.replace(month=1, day=1)

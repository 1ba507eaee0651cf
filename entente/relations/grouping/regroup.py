"""Regrouping: group again only the mentions of a key that added or retired mentions affect.

A mention affects few groups: one dated to a day, those of its month and of the day on either side; one dated to a
year, those of its year; an undated one, the two earliest groups of its key. So a key's groups are divided into
cells: months, or years where a mention is dated to a year only. Other cells stay as stored.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from entente.relations.events import Event, Mention
from entente.relations.grouping.group import Key, enclosed_group, event_of, group_by_date
from entente.relations.periods import Period

_DAY = timedelta(days=1)

#: First and last day, inclusive, of whole months or years.
Cell = tuple[date, date]


class KeyHistory(Protocol):
    """The ledger's live mentions of one key, and its events as last derived."""

    def dated(self, first: date, last: date) -> Sequence[Mention]:
        """Mentions dated to a day or month that begins between these days, inclusive."""

    def of_years(self, first: date, last: date) -> Sequence[Mention]:
        """Mentions dated to a year that begins between these days, inclusive."""

    def undated(self) -> Sequence[Mention]: ...

    def earliest(self, outside: Sequence[Cell], limit: int) -> Sequence[Period]:
        """The earliest `limit` dates, in order, of stored events that begin outside these cells."""


@dataclass(frozen=True, slots=True)
class Regrouped:
    """The new events of a key in these cells and, if `undated`, its undated ones; its other events stay."""

    cells: tuple[Cell, ...]
    undated: bool
    events: tuple[Event, ...]


def regroup(key: Key, touched: Iterable[Period | None], history: KeyHistory) -> Regrouped:
    """Group a key's mentions again in every cell that mentions of the `touched` dates may affect."""
    dates = set(touched)
    cells = _merged(_cell(period, dates, history) for period in _concerned(dates))
    background = history.undated()
    if background or None in dates:
        # An undated mention joins a group only if it is the sole one by then: the two earliest decide.
        early = history.earliest(cells, 2)
        cells = _merged([*cells, *(_cell(period, dates, history) for period in early)])
    groups: dict[Period | None, list[Mention]] = {}
    for first, last in cells:
        near = [*history.dated(first - _DAY if first > date.min else first, last + _DAY if last < date.max else last)]
        whole = group_by_date([*near, *history.of_years(first, last)])
        groups |= {period: told for period, told in whole.items() if period and first <= period.first <= last}
    finer = sorted(period for period in groups if period)
    for mention in background:
        groups.setdefault(enclosed_group(mention, finer), []).append(mention)
    events = tuple(event_of(key, period, told) for period, told in groups.items())
    return Regrouped(tuple(cells), bool(background) or None in dates, events)


def _concerned(dates: Iterable[Period | None]) -> Iterable[Period]:
    for period in dates:
        if period is None:
            continue
        yield period
        if period.precision == "day":
            # A mention dated by publication may join the day before, and one of the day after may join this day.
            yield from (Period.day(period.first + step) for step in (-_DAY, _DAY) if _exists(period.first, step))


def _exists(day: date, step: timedelta) -> bool:
    return date.min < day < date.max or (day == date.min) == (step == _DAY)


def _cell(period: Period, dates: set[Period | None], history: KeyHistory) -> Cell:
    year = Period(period.first.replace(month=1, day=1), "year")
    if year in dates or history.of_years(year.first, year.first):
        return year.first, year.last
    month = Period(period.first.replace(day=1), "month")
    return month.first, month.last


def _merged(cells: Iterable[Cell]) -> list[Cell]:
    """Merge overlapping cells, in order."""
    merged: list[Cell] = []
    for first, last in sorted(set(cells)):
        if merged and first <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
        else:
            merged.append((first, last))
    return merged

"""SqlKeyHistory and `key_histories`: the queries of regrouping, one for all keys that a unit of work touches.

Statements are built once: building one takes several times as long as executing it.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Date,
    Executable,
    FromClause,
    Select,
    Text,
    bindparam,
    not_,
    select,
    union_all,
)

from entente.relations.events import Mention
from entente.relations.grouping.group import Key
from entente.relations.grouping.regroup import Cell
from entente.relations.periods import Period
from entente.storage.derived.tables import events
from entente.storage.dialect import GivenRows, chunks, of_each
from entente.storage.truth.rows import unpack_mention
from entente.storage.truth.tables import mentions

_m = mentions.c
_e = events.c

_DAY = timedelta(days=1)
#: What a window reaches around a day, at most.
_MONTHS = timedelta(days=92)

_MENTIONS = select(mentions).where(
    _m.source_party == bindparam("key_source"),
    _m.target_party == bindparam("key_target"),
    _m.act == bindparam("key_act"),
    _m.status == bindparam("key_status"),
    _m.retired_at.is_(None),
)
_BETWEEN = _m.period_first.between(bindparam("first"), bindparam("last"))
_DATED = _MENTIONS.where(_BETWEEN, _m.precision != "year")
_OF_YEARS = _MENTIONS.where(_BETWEEN, _m.precision == "year")
_EARLIEST = select(_e.period_first, _e.precision).where(
    _e.source == bindparam("key_source"),
    _e.target == bindparam("key_target"),
    _e.act == bindparam("key_act"),
    _e.status == bindparam("key_status"),
    _e.period_first.is_not(None),
)

#: A key, the window in which its mentions are read, and that of mentions dated to a year.
_WINDOWS = GivenRows(
    "windows",
    {
        **dict.fromkeys(("source", "target", "act", "status"), Text()),
        **dict.fromkeys(("first", "last", "year_first", "year_last"), Date()),
    },
)


def _live(dialect: str, given: FromClause, *conditions: ColumnElement[bool]) -> Select[Any]:
    """The live mentions of given keys that meet the conditions."""
    of_key = (
        _m.source_party == given.c.source,
        _m.target_party == given.c.target,
        _m.act == given.c.act,
        _m.status == given.c.status,
    )
    return of_each(dialect, given, mentions, *of_key, *conditions, _m.retired_at.is_(None))


@cache
def _nearby(dialect: str) -> Executable:
    """All that regrouping reads of a key's windows. Three SELECTs, which can use the index."""
    window = _WINDOWS.rows(dialect)
    # A key has its undated mentions once, whatever its windows.
    keys = select(window.c.source, window.c.target, window.c.act, window.c.status).distinct().subquery("keys")
    near = _m.period_first.between(window.c.first, window.c.last)
    in_years = _m.period_first.between(window.c.year_first, window.c.year_last)
    return union_all(
        _live(dialect, window, near, _m.precision != "year"),
        _live(dialect, window, in_years, _m.precision == "year"),
        _live(dialect, keys, _m.period_first.is_(None)),
    )


class SqlKeyHistory:
    """The KeyHistory of one (source party, target party, act, status).

    `nearby`: its undated mentions, those of the days of the `windows`, and those dated to a year that these days touch.
    """

    def __init__(self, connection: Connection, key: Key, windows: Sequence[Cell], nearby: Sequence[Mention]) -> None:
        self._connection = connection
        self._key = dict(zip(("key_source", "key_target", "key_act", "key_status"), key, strict=True))
        self._years: dict[tuple[date, date], Sequence[Mention]] = {}
        self._windows = windows
        self._nearby = nearby

    def dated(self, first: date, last: date) -> Sequence[Mention]:
        if _within(first, last, self._windows):
            return [
                m for m in self._nearby if (p := m.event.period) and p.precision != "year" and first <= p.first <= last
            ]
        return self._mentions(_DATED, first=first, last=last)

    def of_years(self, first: date, last: date) -> Sequence[Mention]:
        if _within(first, last, [_years_of(*window) for window in self._windows]):
            return [
                m for m in self._nearby if (p := m.event.period) and p.precision == "year" and first <= p.first <= last
            ]
        if (first, last) not in self._years:
            self._years[first, last] = self._mentions(_OF_YEARS, first=first, last=last)
        return self._years[first, last]

    def undated(self) -> Sequence[Mention]:
        return [m for m in self._nearby if m.event.period is None]

    def earliest(self, outside: Sequence[Cell], limit: int) -> Sequence[Period]:
        dated = _EARLIEST
        for first, last in outside:
            dated = dated.where(not_(_e.starts_on.between(first, last)))
        rows = self._connection.execute(dated.order_by(_e.starts_on).limit(limit), self._key)
        return [Period(row.period_first, row.precision) for row in rows]

    def _mentions(self, wanted: Executable, **days: date) -> list[Mention]:
        return [unpack_mention(row) for row in self._connection.execute(wanted, {**self._key, **days})]


def key_histories(connection: Connection, near: Mapping[Key, Collection[Period | None]]) -> Mapping[Key, SqlKeyHistory]:
    """The history of each key. Mentions around its dates are read in one query for all, usually the only one."""
    windows = {key: _around(dates) for key, dates in near.items()}
    # By id: windows may touch one year, and each finds the undated mentions.
    nearby: dict[Key, dict[str, Mention]] = {key: {} for key in near}
    given = [(*key, *window, *_years_of(*window)) for key, of_key in windows.items() for window in of_key]
    dialect = connection.dialect.name
    for some in chunks(given):
        for row in connection.execute(_nearby(dialect), _WINDOWS.parameters(dialect, some)):
            mention = unpack_mention(row)
            nearby[mention.key][mention.id] = mention
    return {key: SqlKeyHistory(connection, key, windows[key], [*nearby[key].values()]) for key in near}


def _within(first: date, last: date, windows: Iterable[Cell]) -> bool:
    return any(begins <= first and last <= ends for begins, ends in windows)


def _years_of(first: date, last: date) -> tuple[date, date]:
    """The first and last day of the years that these days touch."""
    return first.replace(month=1, day=1), last.replace(month=12, day=31)


def _around(near: Iterable[Period | None]) -> list[Cell]:
    """First and last days of what may affect these dates: whole months, and a day on either side.

    Those that overlap are one. Of dates near the ends of the calendar there are none; without any, a day that none has.
    """
    windows: list[Cell] = []
    for day in sorted({period.first for period in near if period}):
        if day - date.min < _MONTHS or date.max - day < _MONTHS:
            continue
        first, last = (day - _DAY).replace(day=1) - _DAY, Period((day + _DAY).replace(day=1), "month").last + _DAY
        if windows and first <= windows[-1][1]:
            windows[-1] = windows[-1][0], last
        else:
            windows.append((first, last))
    return windows or [(date.max, date.max)]

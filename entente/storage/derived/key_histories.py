"""SqlKeyHistory and `key_histories`: the queries of regrouping, one for all keys that a unit of work touches.

Statements are built once: building one takes several times as long as executing it.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta
from functools import cache

from sqlalchemy import Connection, Date, Executable, Text, and_, bindparam, not_, select, union_all

from entente.relations.events import Mention
from entente.relations.grouping.group import Key
from entente.relations.grouping.regroup import Cell
from entente.relations.periods import Period
from entente.storage.derived.tables import events
from entente.storage.dialect import GivenRows
from entente.storage.truth.rows import unpack_mention
from entente.storage.truth.tables import mentions

_m = mentions.c
_e = events.c

_DAY = timedelta(days=1)
#: Dates at most this far apart are read in one query.
_CLOSE = timedelta(days=92)

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


@cache
def _nearby(dialect: str) -> Executable:
    """All that regrouping reads if a key's new dates are close together. Three SELECTs, which can use the index."""
    window = _WINDOWS.rows(dialect)
    of_key = and_(
        _m.source_party == window.c.source,
        _m.target_party == window.c.target,
        _m.act == window.c.act,
        _m.status == window.c.status,
    )
    live = select(mentions).join_from(window, mentions, of_key).where(_m.retired_at.is_(None))
    return union_all(
        live.where(_m.period_first.between(window.c.first, window.c.last), _m.precision != "year"),
        live.where(_m.period_first.between(window.c.year_first, window.c.year_last), _m.precision == "year"),
        live.where(_m.period_first.is_(None)),
    )


class SqlKeyHistory:
    """The KeyHistory of one (source party, target party, act, status).

    `nearby`: its undated mentions, those of the days of `window`, and those dated to a year that these days touch.
    """

    def __init__(self, connection: Connection, key: Key, window: Cell, nearby: Sequence[Mention]) -> None:
        self._connection = connection
        self._key = dict(zip(("key_source", "key_target", "key_act", "key_status"), key, strict=True))
        self._years: dict[tuple[date, date], Sequence[Mention]] = {}
        self._first, self._last = window
        self._nearby = nearby

    def dated(self, first: date, last: date) -> Sequence[Mention]:
        if self._first <= first and last <= self._last:
            return [
                m for m in self._nearby if (p := m.event.period) and p.precision != "year" and first <= p.first <= last
            ]
        return self._mentions(_DATED, first=first, last=last)

    def of_years(self, first: date, last: date) -> Sequence[Mention]:
        years_first, years_last = _years_of(self._first, self._last)
        if years_first <= first and last <= years_last:
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
    nearby: dict[Key, list[Mention]] = {key: [] for key in near}
    if nearby:
        dialect = connection.dialect.name
        given = [(*key, *window, *_years_of(*window)) for key, window in windows.items()]
        for row in connection.execute(_nearby(dialect), _WINDOWS.parameters(dialect, given)):
            mention = unpack_mention(row)
            nearby[mention.key].append(mention)
    return {key: SqlKeyHistory(connection, key, windows[key], found) for key, found in nearby.items()}


def _years_of(first: date, last: date) -> tuple[date, date]:
    """The first and last day of the years that these days touch."""
    return first.replace(month=1, day=1), last.replace(month=12, day=31)


def _around(near: Iterable[Period | None]) -> Cell:
    """First and last day of what may affect these dates: whole months, and a day on either side.

    Of dates more than _CLOSE apart only the last counts; of dates near the ends of the calendar none.
    """
    days = sorted(period.first for period in near if period)
    if not days or days[0] - date.min < _CLOSE or date.max - days[-1] < _CLOSE:
        return date.max, date.max
    first, last = (days[0] if days[-1] - days[0] <= _CLOSE else days[-1]), days[-1]
    return (first - _DAY).replace(day=1) - _DAY, Period((last + _DAY).replace(day=1), "month").last + _DAY

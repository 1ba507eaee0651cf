"""SqlKeyHistory and SqlFacetHistory: the queries of regrouping one key and refolding one facet.

Statements are built once: building one takes several times as long as executing it.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, Executable, and_, bindparam, not_, select, union_all

from entente.relations.codebook import Codebook
from entente.relations.dyads import Dyad
from entente.relations.events import Mention
from entente.relations.folding.dyad import Checkpoint
from entente.relations.folding.facet import FacetKey, facets_of
from entente.relations.grouping.group import Key
from entente.relations.grouping.regroup import Cell
from entente.relations.periods import Period
from entente.relations.state_facts import Evidence, StateReport, reports_of
from entente.storage.derived.rows import unpack_fact
from entente.storage.derived.tables import checkpoints, events
from entente.storage.truth.rows import unpack_mention
from entente.storage.truth.state_facts import OF_FACET as STATE_FACTS_OF_FACET
from entente.storage.truth.state_facts import unpack_state_fact
from entente.storage.truth.tables import mentions

_m = mentions.c
_e = events.c
_c = checkpoints.c

_DAY = timedelta(days=1)
#: Dates at most this far apart are read in one query.
_CLOSE = timedelta(days=92)

#: Conditions for the events of a key and the checkpoints of a facet; parameters from `key_values`, `facet_values`.
OF_KEY = and_(
    _e.source == bindparam("key_source"),
    _e.target == bindparam("key_target"),
    _e.act == bindparam("key_act"),
    _e.status == bindparam("key_status"),
)
OF_FACET = and_(
    _c.source == bindparam("facet_source"),
    _c.target == bindparam("facet_target"),
    _c.facet == bindparam("facet_facet"),
)

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
_UNDATED = _MENTIONS.where(_m.period_first.is_(None))
#: All that regrouping reads if the new dates are close together. Three SELECTs, each of which can use the index.
_NEARBY = union_all(
    _DATED,
    _MENTIONS.where(_m.period_first.between(bindparam("year_first"), bindparam("year_last")), _m.precision == "year"),
    _UNDATED,
)
_EARLIEST = select(_e.period_first, _e.precision).where(OF_KEY, _e.period_first.is_not(None))

_MOVERS = select(events).where(
    _e.source == bindparam("source"),
    _e.target == bindparam("target"),
    _e.act.in_(bindparam("acts", expanding=True)),
    _e.status.in_(bindparam("statuses", expanding=True)),
    _e.starts_on >= bindparam("since"),
)
_MOVERS_BEFORE = _MOVERS.where(_e.starts_on < bindparam("before"))
_CHECKPOINT = select(checkpoints).where(OF_FACET, _c.day <= bindparam("on")).order_by(_c.day.desc()).limit(1)
_NEXT_CHECKPOINT = select(checkpoints).where(OF_FACET, _c.day > bindparam("on")).order_by(_c.day).limit(1)


class SqlKeyHistory:
    """The KeyHistory of one (source party, target party, act, status).

    Mentions around the dates `near` are read in one query, usually the only one.
    """

    def __init__(self, connection: Connection, key: Key, near: Iterable[Period | None] = ()) -> None:
        self._connection = connection
        self._key = key_values(key)
        self._years: dict[tuple[date, date], Sequence[Mention]] = {}
        self._first, self._last = _around(near)
        self._nearby = self._read_nearby()

    def dated(self, first: date, last: date) -> Sequence[Mention]:
        if self._first <= first and last <= self._last:
            return [
                m for m in self._nearby if (p := m.event.period) and p.precision != "year" and first <= p.first <= last
            ]
        return self._mentions(_DATED, first=first, last=last)

    def of_years(self, first: date, last: date) -> Sequence[Mention]:
        if self._first.replace(month=1, day=1) <= first and last <= self._last.replace(month=12, day=31):
            return [
                m for m in self._nearby if (p := m.event.period) and p.precision == "year" and first <= p.first <= last
            ]
        if (first, last) not in self._years:
            self._years[first, last] = self._mentions(_OF_YEARS, first=first, last=last)
        return self._years[first, last]

    def undated(self) -> Sequence[Mention]:
        return [m for m in self._nearby if m.event.period is None]

    def _read_nearby(self) -> Sequence[Mention]:
        first, last = self._first, self._last
        years = {"year_first": first.replace(month=1, day=1), "year_last": last.replace(month=12, day=31)}
        return self._mentions(_NEARBY, first=first, last=last, **years)

    def earliest(self, outside: Sequence[Cell], limit: int) -> Sequence[Period]:
        dated = _EARLIEST
        for first, last in outside:
            dated = dated.where(not_(_e.starts_on.between(first, last)))
        rows = self._connection.execute(dated.order_by(_e.starts_on).limit(limit), self._key)
        return [Period(row.period_first, row.precision) for row in rows]

    def _mentions(self, wanted: Executable, **days: date) -> list[Mention]:
        return [unpack_mention(row) for row in self._connection.execute(wanted, {**self._key, **days})]


class SqlFacetHistory:
    """The FacetHistory of one (source, target, facet)."""

    def __init__(self, connection: Connection, key: FacetKey, codebook: Codebook) -> None:
        self._connection = connection
        self._key = facet_values(key)
        source, target, facet = key
        # Events of both directions: an effect may be opposite to the act's direction.
        self._pairs = [(source, target), (target, source)]
        self._movers = codebook.movers.get(facet, frozenset())
        self._wanted = {"acts": sorted({a for a, _ in self._movers}), "statuses": sorted({s for _, s in self._movers})}
        self._facet = key
        self._codebook = codebook
        self._stated: list[StateReport] | None = None

    def facts(self, since: date, before: date | None) -> Sequence[Evidence]:
        wanted, days = (_MOVERS, {}) if before is None else (_MOVERS_BEFORE, {"before": before})
        found: list[Evidence] = [
            report for report in self._reports() if since <= report.starts_on < (before or date.max)
        ]
        for source, target in self._pairs:
            named = {"source": source, "target": target, "since": since, **self._wanted, **days}
            rows = self._connection.execute(wanted, named)
            found += [unpack_fact(row) for row in rows if (row.act, row.status) in self._movers]
        return found

    def _reports(self) -> list[StateReport]:
        """The reports of the state facts that move the facet: few, and read once."""
        if self._stated is None:
            source, target, facet = self._facet
            dyad = Dyad.of(source, target)
            rows = self._connection.execute(STATE_FACTS_OF_FACET, {"a": dyad.a, "b": dyad.b, "facet": facet})
            reports = reports_of(map(unpack_state_fact, rows))
            self._stated = [report for report in reports if self._facet in facets_of(report, self._codebook)]
        return self._stated

    def checkpoint(self, day: date) -> Checkpoint | None:
        row = self._connection.execute(_CHECKPOINT, {**self._key, "on": day}).one_or_none()
        return Checkpoint(row.day, row.state) if row else None

    def checkpoints(self, after: date) -> Iterator[Checkpoint]:
        while True:
            row = self._connection.execute(_NEXT_CHECKPOINT, {**self._key, "on": after}).one_or_none()
            if row is None:
                return
            yield Checkpoint(row.day, row.state)
            after = row.day


def _around(near: Iterable[Period | None]) -> tuple[date, date]:
    """First and last day of what may affect these dates: whole months, and a day on either side.

    Of dates more than _CLOSE apart only the last counts; of dates near the ends of the calendar none.
    """
    days = sorted(period.first for period in near if period)
    if not days or days[0] - date.min < _CLOSE or date.max - days[-1] < _CLOSE:
        return date.max, date.max
    first, last = (days[0] if days[-1] - days[0] <= _CLOSE else days[-1]), days[-1]
    return (first - _DAY).replace(day=1) - _DAY, Period((last + _DAY).replace(day=1), "month").last + _DAY


def key_values(key: Key) -> dict[str, Any]:
    """Parameters of OF_KEY."""
    return dict(zip(("key_source", "key_target", "key_act", "key_status"), key, strict=True))


def facet_values(key: FacetKey) -> dict[str, Any]:
    """Parameters of OF_FACET."""
    return dict(zip(("facet_source", "facet_target", "facet_facet"), key, strict=True))

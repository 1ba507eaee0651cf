"""What grouping again asks of the ledger about one key, and folding again about one panel."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from sqlalchemy import ColumnElement, Connection, and_, not_, select

from entente.relations.codebook import Codebook
from entente.relations.events import Fact, Mention
from entente.relations.fold import Checkpoint
from entente.relations.grouping import Key
from entente.relations.panels import PanelKey
from entente.relations.periods import Period
from entente.relations.regroup import Cell
from entente.storage.rows import unpack_fact, unpack_mention
from entente.storage.tables import checkpoints, events, mentions

_m = mentions.c
_e = events.c
_c = checkpoints.c


class SqlKeyHistory:
    """The KeyHistory of one (source party, target party, act, status)."""

    def __init__(self, connection: Connection, key: Key) -> None:
        self._connection = connection
        self._key = key
        self._years: dict[tuple[date, date], Sequence[Mention]] = {}

    def dated(self, first: date, last: date) -> Sequence[Mention]:
        return self._mentions(_m.period_first.between(first, last), _m.precision != "year")

    def of_years(self, first: date, last: date) -> Sequence[Mention]:
        if (first, last) not in self._years:
            found = self._mentions(_m.period_first.between(first, last), _m.precision == "year")
            self._years[first, last] = found
        return self._years[first, last]

    def undated(self) -> Sequence[Mention]:
        return self._mentions(_m.period_first.is_(None))

    def earliest(self, outside: Sequence[Cell], limit: int) -> Sequence[Period]:
        dated = select(_e.period_first, _e.precision).where(of_key(self._key), _e.period_first.is_not(None))
        for first, last in outside:
            dated = dated.where(not_(_e.starts_on.between(first, last)))
        rows = self._connection.execute(dated.order_by(_e.starts_on).limit(limit))
        return [Period(row.period_first, row.precision) for row in rows]

    def _mentions(self, *conditions: ColumnElement[bool]) -> list[Mention]:
        source, target, act, status = self._key
        own = and_(_m.source_party == source, _m.target_party == target, _m.act == act, _m.status == status)
        live = select(mentions).where(own, _m.retired_at.is_(None), *conditions)
        return [unpack_mention(row) for row in self._connection.execute(live)]


class SqlPanelHistory:
    """The PanelHistory of one (source, target, facet)."""

    def __init__(self, connection: Connection, key: PanelKey, codebook: Codebook) -> None:
        self._connection = connection
        self._key = key
        source, target, facet = key
        by_statuses: dict[frozenset[str], list[str]] = {}
        for act, statuses in _by_act(codebook.movers[facet]).items():
            by_statuses.setdefault(statuses, []).append(act)
        # Either party may have acted: an effect may run against the act's direction.
        self._pairs = [(source, target), (target, source)]
        self._movers = list(by_statuses.items())

    def facts(self, since: date, before: date | None) -> Sequence[Fact]:
        days = [_e.starts_on >= since] if before is None else [_e.starts_on >= since, _e.starts_on < before]
        found: list[Fact] = []
        for source, target in self._pairs:
            for statuses, acts in self._movers:
                own = and_(_e.source == source, _e.target == target, _e.act.in_(acts), _e.status.in_(statuses))
                rows = self._connection.execute(select(events).where(own, *days))
                found += [unpack_fact(row) for row in rows]
        return found

    def checkpoint(self, day: date) -> Checkpoint | None:
        last = select(checkpoints).where(of_panel(self._key), _c.day <= day).order_by(_c.day.desc()).limit(1)
        row = self._connection.execute(last).one_or_none()
        return Checkpoint(row.day, row.state) if row else None

    def checkpoints(self, after: date) -> Iterator[Checkpoint]:
        while True:
            next_one = select(checkpoints).where(of_panel(self._key), _c.day > after).order_by(_c.day).limit(1)
            row = self._connection.execute(next_one).one_or_none()
            if row is None:
                return
            yield Checkpoint(row.day, row.state)
            after = row.day


def of_key(key: Key) -> ColumnElement[bool]:
    """The events of a key."""
    source, target, act, status = key
    return and_(_e.source == source, _e.target == target, _e.act == act, _e.status == status)


def of_panel(key: PanelKey) -> ColumnElement[bool]:
    """The checkpoints of a panel."""
    return and_(_c.source == key[0], _c.target == key[1], _c.facet == key[2])


def _by_act(pairs: frozenset[tuple[str, str]]) -> Mapping[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for act, status in pairs:
        found.setdefault(act, set()).add(status)
    return {act: frozenset(statuses) for act, statuses in found.items()}

"""The Projection port on SQL: events, states, changes and dyads, all derived from the mentions.

A projection replaces what is stored by what was derived, but writes only the difference: the cost of one more event
is that of the rows it changes, not of the dyad's history.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import cache

from sqlalchemy import Connection, bindparam, func, insert, select, update
from sqlalchemy.sql.dml import ReturningInsert

from entente.relations.codebook import Codebook
from entente.relations.dyads import Dyad
from entente.relations.events import Event, Fact
from entente.relations.grouping import Key
from entente.relations.panels import PanelKey
from entente.relations.record import Past
from entente.relations.refold import PanelHistory, Refolded
from entente.relations.regroup import Regrouped
from entente.relations.states import Change, Interval
from entente.relations.tally import Span, Tally
from entente.services.ports.projection import Derived, RecordedChange
from entente.storage import reading, replacing
from entente.storage.dialect import insert_on
from entente.storage.histories import SqlPanelHistory
from entente.storage.rows import pack_change, unpack_change
from entente.storage.tables import change_counter, changes, dyads, mentions

_COUNTER = 1


# Statements made once: to make one costs several times what executing it does.
_OWN = (dyads.c.a == bindparam("of_a")) & (dyads.c.b == bindparam("of_b"))
_DERIVED_BY = select(dyads.c.derived_by).where(_OWN)
_VERSION = select(dyads.c.version).where(_OWN)
_NOTE_DERIVED = update(dyads).where(_OWN).values(derived_by=bindparam("by"))
_MARK = update(dyads).where(_OWN).values(dirty_version=bindparam("dirty"), dirty_since=bindparam("since"))
_CLEAR = update(dyads).where(_OWN, dyads.c.dirty_version <= bindparam("seen"))
_CLEAR = _CLEAR.values(dirty_version=None, dirty_since=None)
_ADD_CHANGES = insert(changes)


def _named(dyad: Dyad) -> dict[str, str]:
    return {"of_a": dyad.a, "of_b": dyad.b}


@cache
def _lock(dialect: str) -> ReturningInsert[int, str | None]:
    one = insert_on(dialect, dyads).values(a=bindparam("of_a"), b=bindparam("of_b"), version=1)
    one = one.on_conflict_do_update(index_elements=[dyads.c.a, dyads.c.b], set_={"version": dyads.c.version + 1})
    return one.returning(dyads.c.version, dyads.c.derived_by)


@cache
def _count(dialect: str) -> ReturningInsert[int]:
    count = insert_on(dialect, change_counter).values(id=_COUNTER, last=bindparam("more"))
    count = count.on_conflict_do_update(
        index_elements=[change_counter.c.id], set_={"last": change_counter.c.last + bindparam("more")}
    )
    return count.returning(change_counter.c.last)


class SqlProjection:
    """Derived rows of one transaction. `lock` comes first, or two projections of a dyad overwrite each other."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        # By what the dyads that are locked were derived: nobody else changes that meanwhile.
        self._locked: dict[Dyad, str | None] = {}

    def lock(self, dyads_: Iterable[Dyad]) -> Mapping[Dyad, int]:
        statement = _lock(self._connection.dialect.name)
        versions: dict[Dyad, int] = {}
        # In order, so that two units of work that share dyads wait for each other instead of deadlocking.
        for dyad in sorted(set(dyads_)):
            row = self._connection.execute(statement, _named(dyad)).one()
            versions[dyad], self._locked[dyad] = row.version, row.derived_by
        return versions

    def derived_by(self, dyad: Dyad) -> str | None:
        if dyad in self._locked:
            return self._locked[dyad]
        return self._connection.execute(_DERIVED_BY, _named(dyad)).scalar_one_or_none()

    def behind(self, codebook_version: str) -> Mapping[str, int]:
        by = func.coalesce(dyads.c.derived_by, "")
        counted = (
            select(by.label("by"), func.count().label("n")).where(by != codebook_version).group_by(by).order_by(by)
        )
        return {row.by: row.n for row in self._connection.execute(counted)}

    def replace_events(self, dyad: Dyad, derived: Iterable[Event]) -> None:
        replacing.events(self._connection, dyad, derived)

    def replace_all(self, dyad: Dyad, whole: Derived, codebook_version: str) -> None:
        replacing.states(self._connection, dyad, whole.intervals)
        replacing.tallies(self._connection, dyad, whole.tallies)
        replacing.remember(self._connection, dyad, whole.checkpoints)
        self._connection.execute(_NOTE_DERIVED, {**_named(dyad), "by": codebook_version})
        self._locked.pop(dyad, None)

    def replace_groups(self, regrouped: Mapping[Key, Regrouped]) -> tuple[list[Fact], list[Fact]]:
        return replacing.groups(self._connection, regrouped)

    def add_tallies(self, changes: Mapping[Span, Tally]) -> None:
        replacing.add_tallies(self._connection, changes)

    def panel(self, key: PanelKey, codebook: Codebook) -> PanelHistory:
        return SqlPanelHistory(self._connection, key, codebook)

    def replace_panel(self, key: PanelKey, refolded: Refolded) -> tuple[list[Interval], list[Interval]]:
        return replacing.panel(self._connection, key, refolded)

    def past(self, source: str, target: str, as_of: date) -> Past:
        return reading.past(self._connection, source, target, as_of)

    def tallies(self, dyad: Dyad) -> Mapping[Span, Tally]:
        return reading.tallies(self._connection, dyad)

    def mark_dirty(self, versions: Mapping[Dyad, int], at: datetime) -> None:
        if versions:
            marks = [{**_named(dyad), "dirty": version, "since": at} for dyad, version in sorted(versions.items())]
            self._connection.execute(_MARK, marks)

    def clear_dirty(self, versions: Mapping[Dyad, int]) -> None:
        if versions:
            caught_up = [{**_named(dyad), "seen": version} for dyad, version in sorted(versions.items())]
            self._connection.execute(_CLEAR, caught_up)

    def append_changes(
        self, changes_: Sequence[Change], article_id: str | None, at: datetime, kind: str = "facet"
    ) -> None:
        if not changes_:
            return
        # The counter's row stays locked until the commit: numbers become visible in order, and a rollback takes
        # its numbers back.
        count = _count(self._connection.dialect.name)
        last = self._connection.execute(count, {"more": len(changes_)}).scalar_one()
        first = last - len(changes_) + 1
        rows = [pack_change(change, seq, article_id, at, kind) for seq, change in enumerate(changes_, first)]
        self._connection.execute(_ADD_CHANGES, rows)

    def states(self, dyad: Dyad) -> list[Interval]:
        return reading.states(self._connection, dyad)

    def version(self, dyad: Dyad) -> int:
        return self._connection.execute(_VERSION, _named(dyad)).scalar_one_or_none() or 0

    def dirty(self, limit: int) -> list[tuple[Dyad, int]]:
        """The dyads that wait longest come first."""
        behind = select(dyads).where(dyads.c.dirty_version.is_not(None))
        rows = self._connection.execute(behind.order_by(dyads.c.dirty_since, dyads.c.a, dyads.c.b).limit(limit))
        return [(Dyad(row.a, row.b), row.dirty_version) for row in rows]

    def dyads(self) -> Iterator[Dyad]:
        # From the mentions, not from `dyads`: a rebuild must find what a lost projection would hide.
        pair = (mentions.c.dyad_a, mentions.c.dyad_b)
        every = select(*pair).distinct().order_by(*pair).execution_options(yield_per=1000)
        for row in self._connection.execute(every):
            yield Dyad(row.dyad_a, row.dyad_b)

    def changes(self, after: int, limit: int) -> list[RecordedChange]:
        later = select(changes).where(changes.c.seq > after).order_by(changes.c.seq).limit(limit)
        return [unpack_change(row) for row in self._connection.execute(later)]

    def last_change(self) -> int:
        counted = select(change_counter.c.last).where(change_counter.c.id == _COUNTER)
        return self._connection.execute(counted).scalar_one_or_none() or 0

    def changes_of(self, article_id: str) -> list[RecordedChange]:
        own = select(changes).where(changes.c.article_id == article_id).order_by(changes.c.seq)
        return [unpack_change(row) for row in self._connection.execute(own)]

"""SqlDyadVersions: the DyadVersions port on SQL, versions of dyads and which are dirty."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from functools import cache

from sqlalchemy import Connection, Executable, Text, bindparam, func, literal_column, select, union, update
from sqlalchemy.sql.dml import ReturningInsert

from entente.relations.dyads import Dyad
from entente.services.ports.dyads import Projected
from entente.storage.derived.tables import dyads
from entente.storage.dialect import GivenRows, chunks, insert_on, of_each
from entente.storage.truth.tables import mentions, state_facts

# Statements are built once: building one takes several times as long as executing it.
_OWN = (dyads.c.a == bindparam("of_a")) & (dyads.c.b == bindparam("of_b"))
_DERIVED_BY = select(dyads.c.derived_by).where(_OWN)
_VERSION = select(dyads.c.version).where(_OWN)
_DIRTY_VERSION = select(dyads.c.dirty_version).where(_OWN)
_NOTE_DERIVED = update(dyads).where(_OWN).values(derived_by=bindparam("by"))
# Of several changes the first counts: since then the cache is behind.
_SINCE = func.coalesce(dyads.c.dirty_since, bindparam("since", type_=dyads.c.dirty_since.type))
_MARK = update(dyads).where(_OWN).values(dirty_version=bindparam("dirty"), dirty_since=_SINCE)
_CLEAR = update(dyads).where(_OWN, dyads.c.dirty_version <= bindparam("seen"))
_CLEAR = _CLEAR.values(dirty_version=None, dirty_since=None)

_PAIRS = GivenRows("pairs", {"a": Text(), "b": Text()})


def _named(dyad: Dyad) -> dict[str, str]:
    return {"of_a": dyad.a, "of_b": dyad.b}


@cache
def _projected(dialect: str) -> Executable:
    pair = _PAIRS.rows(dialect)
    own = (dyads.c.a == pair.c.a, dyads.c.b == pair.c.b)
    columns = (dyads.c.a, dyads.c.b, dyads.c.version, dyads.c.derived_by)
    return of_each(dialect, pair, dyads, *own, columns=columns)


@cache
def _lock(dialect: str) -> ReturningInsert[str, str, int, str | None]:
    one = insert_on(dialect, dyads).values(a=bindparam("of_a"), b=bindparam("of_b"), version=1)
    # A parameter there would make each row a statement of its own.
    more = dyads.c.version + literal_column("1")
    one = one.on_conflict_do_update(index_elements=[dyads.c.a, dyads.c.b], set_={"version": more})
    return one.returning(dyads.c.a, dyads.c.b, dyads.c.version, dyads.c.derived_by)


class SqlDyadVersions:
    """Versions of dyads in one transaction. Call `lock` first, or two projections of a dyad overwrite each other."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        # Codebook version of the locked dyads, which no other transaction can change.
        self._locked: dict[Dyad, str | None] = {}

    def lock(self, dyads_: Iterable[Dyad]) -> Mapping[Dyad, int]:
        statement = _lock(self._connection.dialect.name)
        versions: dict[Dyad, int] = {}
        # In order, so that two units of work that share dyads don't deadlock. Many go as rows of one statement.
        for some in chunks([_named(dyad) for dyad in sorted(set(dyads_))]):
            for row in self._connection.execute(statement, some if len(some) > 1 else some[0]):
                dyad = Dyad(row.a, row.b)
                versions[dyad], self._locked[dyad] = row.version, row.derived_by
        return versions

    def derived_by(self, dyad: Dyad) -> str | None:
        if dyad in self._locked:
            return self._locked[dyad]
        return self._connection.execute(_DERIVED_BY, _named(dyad)).scalar_one_or_none()

    def projected(self, dyads_: Collection[Dyad]) -> Mapping[Dyad, Projected]:
        dialect = self._connection.dialect.name
        given = _PAIRS.parameters(dialect, [(dyad.a, dyad.b) for dyad in dyads_])
        rows = self._connection.execute(_projected(dialect), given)
        return {Dyad(row.a, row.b): Projected(row.version, row.derived_by) for row in rows}

    def note_derived(self, derived: Collection[Dyad], codebook_version: str) -> None:
        rows = [{**_named(dyad), "by": codebook_version} for dyad in derived]
        if rows:
            self._connection.execute(_NOTE_DERIVED, rows)
        self._locked.update(dict.fromkeys(derived, codebook_version))

    def behind(self, codebook_version: str) -> Mapping[str, int]:
        by = func.coalesce(dyads.c.derived_by, "")
        counted = (
            select(by.label("by"), func.count().label("n")).where(by != codebook_version).group_by(by).order_by(by)
        )
        return {row.by: row.n for row in self._connection.execute(counted)}

    def mark_dirty(self, versions: Mapping[Dyad, int], at: datetime) -> None:
        if versions:
            marks = [{**_named(dyad), "dirty": version, "since": at} for dyad, version in sorted(versions.items())]
            self._connection.execute(_MARK, marks)

    def clear_dirty(self, versions: Mapping[Dyad, int]) -> None:
        if versions:
            caught_up = [{**_named(dyad), "seen": version} for dyad, version in sorted(versions.items())]
            self._connection.execute(_CLEAR, caught_up)

    def version(self, dyad: Dyad) -> int:
        return self._connection.execute(_VERSION, _named(dyad)).scalar_one_or_none() or 0

    def is_dirty(self, dyad: Dyad) -> bool:
        return self._connection.execute(_DIRTY_VERSION, _named(dyad)).scalar_one_or_none() is not None

    def dirty(self, limit: int, since: datetime | None = None) -> list[tuple[Dyad, int]]:
        behind = select(dyads).where(dyads.c.dirty_version.is_not(None))
        if since:
            behind = behind.where(dyads.c.dirty_since <= since)
        rows = self._connection.execute(behind.order_by(dyads.c.dirty_since, dyads.c.a, dyads.c.b).limit(limit))
        return [(Dyad(row.a, row.b), row.dirty_version) for row in rows]

    def every(self) -> Iterator[Dyad]:
        # From what they derive from, not from `dyads`, so that a rebuild finds dyads whose projection was lost.
        pairs = (select(table.c.dyad_a, table.c.dyad_b) for table in (mentions, state_facts))
        every = union(*pairs).order_by("dyad_a", "dyad_b").execution_options(yield_per=1000)
        for row in self._connection.execute(every):
            yield Dyad(row.dyad_a, row.dyad_b)

"""INSERT … ON CONFLICT and of many rows for either database, rows as parameters, and lists split for one statement."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, partial
from typing import Any, TypeVar

from sqlalchemy import (
    ARRAY,
    JSON,
    ColumnElement,
    Connection,
    FromClause,
    Select,
    String,
    Table,
    Text,
    bindparam,
    cast,
    column,
    func,
    literal_column,
    select,
    true,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.types import TypeEngine

T = TypeVar("T")

#: Most values in one statement. SQLite takes 32,766 parameters, PostgreSQL 65,535.
CHUNK = 1000

#: How JSON is stored.
to_json = partial(json.dumps, ensure_ascii=False, separators=(",", ":"))


def insert_into(connection: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    """An INSERT with `on_conflict_do_nothing` and `on_conflict_do_update` for this connection's database."""
    return insert_on(connection.dialect.name, table)


def insert_on(dialect: str, table: Table) -> sqlite.Insert | postgresql.Insert:
    """The same for a dialect by name, for statements that are built once."""
    return sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)


@dataclass(frozen=True, slots=True)
class GivenRows:
    """Rows that a statement takes as parameters, to join tables with them: arrays on PostgreSQL, JSON on SQLite.

    The statement's text is the same for any number of rows, so it is built, and prepared, once. `columns`: the type of
    each, on SQLite Text, Integer or Date. Values may be None.
    """

    name: str
    columns: Mapping[str, TypeEngine[Any]]

    def rows(self, dialect: str) -> FromClause:
        """The rows as a table of a statement for this dialect."""
        if dialect == "sqlite":
            each = func.json_each(bindparam(self.name)).table_valued("value", name=f"{self.name}_json")
            parts = (
                func.json_extract(each.c.value, f"$[{n}]", type_=type).label(column)
                for n, (column, type) in enumerate(self.columns.items())
            )
            return select(*parts).subquery(self.name)
        arrays = (bindparam(self._parameter(name), type_=ARRAY(type)) for name, type in self.columns.items())
        named = (column(name, type) for name, type in self.columns.items())
        return func.unnest(*arrays).table_valued(*named).render_derived(self.name)

    def parameters(self, dialect: str, rows: Iterable[Sequence[Any]]) -> dict[str, Any]:
        """The parameters by which a statement for this dialect gets these rows, each in the order of the columns."""
        if dialect == "sqlite":
            return {self.name: json.dumps(list(rows), default=date.isoformat)}
        values = list(zip(*rows, strict=True)) or [()] * len(self.columns)
        return {self._parameter(name): list(some) for name, some in zip(self.columns, values, strict=True)}

    def _parameter(self, column: str) -> str:
        return f"{self.name}_{column}"


def of_each(
    dialect: str,
    given: FromClause,
    table: Table,
    *conditions: ColumnElement[bool],
    columns: Sequence[ColumnElement[Any]] = (),
) -> Select[Any]:
    """Select the table's rows (`columns`: or these of it) that meet the conditions on each given row.

    PostgreSQL looks each up by the index, whatever it takes the table's size to be: OFFSET 0 keeps it from joining the
    whole table instead. A plan made for an empty table would be kept, and slower with each row, until statistics come.
    """
    found = select(*(columns or table.columns)).where(*conditions)
    if dialect == "sqlite":
        return found.select_from(given)
    own = found.offset(literal_column("0")).lateral(f"own_{table.name}")
    return select(own).join_from(given, own, true())


def add_rows(
    connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]], *, replaced: Sequence[str] | None = None
) -> None:
    """Insert rows, all with the same columns. On PostgreSQL they are one statement's arrays, not a statement each.

    A row whose primary key is there is an IntegrityError, or its columns `replaced` are replaced; if there are none of
    them, it is left as it is.
    """
    if not rows:
        return
    dialect = connection.dialect.name
    statement = _addition(dialect, table, tuple(rows[0]), None if replaced is None else tuple(replaced))
    if dialect == "sqlite":
        connection.execute(statement, rows)
        return
    given = _given(table, tuple(rows[0]))
    texts = {name for name in given.columns if isinstance(table.c[name].type, JSON)}
    values = ([to_json(row[name]) if name in texts else row[name] for name in given.columns] for row in rows)
    connection.execute(statement, given.parameters(dialect, values))


@cache
def _addition(
    dialect: str, table: Table, columns: tuple[str, ...], replaced: tuple[str, ...] | None
) -> sqlite.Insert | postgresql.Insert:
    put = insert_on(dialect, table)
    if dialect != "sqlite":
        new = _given(table, columns).rows(dialect)
        values = (cast(new.c[name], JSON) if isinstance(table.c[name].type, JSON) else new.c[name] for name in columns)
        put = put.from_select(columns, select(*values), include_defaults=False)
    if replaced is None:
        return put
    if not replaced:
        return put.on_conflict_do_nothing()
    return put.on_conflict_do_update(
        index_elements=[*table.primary_key], set_={name: put.excluded[name] for name in replaced}
    )


@cache
def _given(table: Table, columns: tuple[str, ...]) -> GivenRows:
    """Rows for an insertion; texts without the collation of their column, JSON as text."""
    types = {name: table.c[name].type for name in columns}
    return GivenRows("new", {n: Text() if isinstance(t, String | JSON) else t for n, t in types.items()})


def driver_rows(connection: Connection, statement: Select[Any]) -> list[tuple[Any, ...]]:
    """The rows of a SELECT as the driver gives them, without SQLAlchemy's rows and types, which cost as much again.

    Select texts and numbers only, whose values are the same from both drivers.
    """
    if connection.dialect.name == "sqlite":
        # 16 MB of pages instead of 2: the inner nodes of indexes of a million rows.
        connection.exec_driver_sql("PRAGMA cache_size=-16000")
    with connection.execute(statement) as found:
        return list(found.cursor.fetchall())


def chunks(items: Sequence[T], size: int = CHUNK) -> Iterator[Sequence[T]]:
    """The items in slices of at most `size`."""
    return (items[start : start + size] for start in range(0, len(items), size))

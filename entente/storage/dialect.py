"""INSERT … ON CONFLICT for either database, rows given as parameters, and lists split to fit into one statement."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import ARRAY, Connection, FromClause, Select, Table, bindparam, column, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.types import TypeEngine

T = TypeVar("T")

#: Most values in one statement. SQLite takes 32,766 parameters, PostgreSQL 65,535.
CHUNK = 1000


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
    each, Text, Integer or Date. Values may be None.
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

    def parameters(self, dialect: str, rows: Iterable[Sequence[str | int | date | None]]) -> dict[str, Any]:
        """The parameters by which a statement for this dialect gets these rows, each in the order of the columns."""
        if dialect == "sqlite":
            return {self.name: json.dumps(list(rows), default=date.isoformat)}
        values = list(zip(*rows, strict=True)) or [()] * len(self.columns)
        return {self._parameter(name): list(some) for name, some in zip(self.columns, values, strict=True)}

    def _parameter(self, column: str) -> str:
        return f"{self.name}_{column}"


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

"""Column types that behave alike on SQLite and PostgreSQL."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    BindParameter,
    Boolean,
    ColumnElement,
    DateTime,
    Dialect,
    Integer,
    Text,
    TypeDecorator,
    bindparam,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import GenericFunction
from sqlalchemy.types import TypeEngine


class UtcDateTime(TypeDecorator[datetime]):
    """Aware UTC datetimes. SQLite doesn't store the offset; PostgreSQL returns the session's time zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002  # SQLAlchemy's signature
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ARG002  # SQLAlchemy's signature
        if value is None:
            return None
        found: datetime = value
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


#: Text compared byte by byte on both databases, so that keyset pages and ordered locks use Python's order.
Key = Text().with_variant(Text(collation="C"), "postgresql")

#: 64-bit numbers that only grow. SQLite autoincrements only a column declared INTEGER.
Counter = BigInteger().with_variant(Integer, "sqlite")


class utc_text(GenericFunction[str]):  # SQL functions are spelt so
    """The text of a UtcDateTime, as SQLite stores it, on both databases: it is read faster than an object is made."""

    type = Text()
    inherit_cache = True


@compiles(utc_text, "sqlite")
def _stored(element: utc_text, compiler: SQLCompiler, **options: Any) -> str:
    return f"CAST({compiler.process(element.clauses, **options)} AS TEXT)"


@compiles(utc_text, "postgresql")
def _at_utc(element: utc_text, compiler: SQLCompiler, **options: Any) -> str:
    told = compiler.process(element.clauses, **options)
    return f"to_char({told} AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')"


class _Given(TypeDecorator[Sequence[Any]]):
    """A list as one parameter: an array on PostgreSQL, JSON on SQLite."""

    impl = Text
    cache_ok = True

    def __init__(self, item: type[TypeEngine[Any]]) -> None:
        super().__init__()
        self.item = item

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(Text() if dialect.name == "sqlite" else ARRAY(self.item()))

    def process_bind_param(self, value: Sequence[Any] | None, dialect: Dialect) -> Any:
        return json.dumps(list(value or ())) if dialect.name == "sqlite" else list(value or ())


class among(GenericFunction[bool]):  # SQL functions are spelt so
    """Whether a column is one of the values of a list parameter.

    The statement's text is the same for lists of any length, unlike that of IN, so it is built, and prepared, once.
    """

    type = Boolean()
    inherit_cache = True


def is_one_of(column: ColumnElement[Any], parameter: str) -> ColumnElement[bool]:
    """Whether a text or a number is one of the list of that name."""
    item = BigInteger if isinstance(column.type, Integer) else Text
    given: BindParameter[Any] = bindparam(parameter, type_=_Given(item))
    return among(column, given)


@compiles(among, "sqlite")
def _in_json(element: among, compiler: SQLCompiler, **options: Any) -> str:
    column, given = (compiler.process(part, **options) for part in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({given}))"


@compiles(among, "postgresql")
def _in_array(element: among, compiler: SQLCompiler, **options: Any) -> str:
    column, given = (compiler.process(part, **options) for part in element.clauses)
    return f"{column} = ANY ({given})"

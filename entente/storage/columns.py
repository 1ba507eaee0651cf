"""Column types that behave alike on SQLite and PostgreSQL."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, DateTime, Dialect, Integer, Text, TypeDecorator
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import GenericFunction


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

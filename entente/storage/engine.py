"""SQLAlchemy engines for SQLite and PostgreSQL: transaction modes, lock timeouts, errors translated to Unavailable.

SQLite uses WAL. Writers use BEGIN IMMEDIATE: a deferred transaction that turns into a writer fails at once if another
wrote meanwhile, whatever the busy timeout. Waiting for the lock is done here, because SQLite's busy handler soon
sleeps for 100 ms at a time. PostgreSQL: writers use READ COMMITTED, and their read-modify-writes are single
statements or follow a row lock. Readers use REPEATABLE READ, one snapshot each.
"""

import os
import sqlite3
import time
import weakref
from contextlib import nullcontext, suppress
from functools import partial
from typing import Any

from sqlalchemy import Connection, Engine, ExceptionContext, create_engine, event, make_url
from sqlalchemy.engine import URL
from sqlalchemy.exc import InterfaceError, OperationalError

from entente.services.circuit_breaker import Waiting
from entente.services.errors import Unavailable
from entente.storage.dialect import to_json

#: Milliseconds that a statement waits for a lock before it raises Unavailable.
LOCK_TIMEOUT_MS = 30_000
#: Seconds between two attempts to begin a write on SQLite: the first pause, and the longest it grows to.
_FIRST_PAUSE = 0.0005
_LONGEST_PAUSE = 0.001

_BEGIN = "entente_begin"
_DURABLE = "entente_durable"
_WAIT = "entente_wait"
_IMMEDIATE = "BEGIN IMMEDIATE"

#: PostgreSQL's codes for a writer on a server that only reads: read_only_sql_transaction, and feature_not_supported of
#: a standby that is asked for a transaction that writes.
_READ_ONLY = ("25006", "0A000")


def open_engine(url: str, waiting: Waiting = nullcontext, statement_seconds: float | None = None) -> Engine:
    """An engine for `sqlite:///FILE` or `postgresql://…`. It connects on first use. Raises ValueError.

    Of PostgreSQL: `waiting` is entered while a call waits for it; a statement may take `statement_seconds`.
    """
    parsed = _with_driver(make_url(url))
    # Errors are logged: they must not repeat what was to be stored, texts and secrets among it.
    shared: dict[str, Any] = {"json_serializer": to_json, "hide_parameters": True}
    if parsed.get_backend_name() == "sqlite":
        engine = create_engine(parsed, **shared, connect_args={"timeout": LOCK_TIMEOUT_MS / 1000})
        event.listen(engine, "do_connect", partial(_create_private, str(parsed.database)))
        event.listen(engine, "connect", _set_pragmas)
        event.listen(engine, "begin", _begin)
    else:
        # Imported here, because the driver is an extra.
        from entente.storage import postgres

        engine = create_engine(
            parsed,
            **shared,
            pool_pre_ping=True,
            pool_timeout=postgres.POOL_SECONDS,
            connect_args=postgres.connect_arguments(parsed.query, LOCK_TIMEOUT_MS, statement_seconds),
        )
        postgres.bound_waits(engine, waiting, statement_seconds)
        event.listen(engine, "begin", _begin_on_postgres)
    event.listen(engine, "handle_error", _translate)
    _dispose_after_fork(engine)
    return engine


def for_writing(engine: Engine, durable: bool = True, wait: bool = True) -> Engine:
    """The engine for transactions that write. Only `durable` commits survive a crash of the machine.

    Not `wait`: Unavailable where a lock is not to be had at once.
    """
    if engine.dialect.name == "sqlite":
        return engine.execution_options(**{_BEGIN: _IMMEDIATE, _DURABLE: durable, _WAIT: wait})
    return engine.execution_options(**{"isolation_level": "READ COMMITTED", _DURABLE: durable, _WAIT: wait})


def for_reading(engine: Engine) -> Engine:
    """The engine for transactions that read one snapshot and block no writer."""
    if engine.dialect.name == "sqlite":
        return engine.execution_options(**{_BEGIN: "BEGIN"})
    return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


def _with_driver(url: URL) -> URL:
    if url.get_backend_name() == "sqlite":
        if not url.database or url.database == ":memory:":
            raise ValueError("the ledger needs a file: sqlite:///path/to/ledger.db")
        return url
    if url.get_backend_name() in ("postgresql", "postgres"):
        return url.set(drivername="postgresql+psycopg")
    raise ValueError(f"no ledger on {url.get_backend_name()}: sqlite:///FILE or postgresql://… is")


def _create_private(path: str, *_connecting: object) -> None:
    """Make a new ledger's file, for its owner alone, before SQLite does; the files beside it take its mode."""
    with suppress(OSError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


def _set_pragmas(connection: sqlite3.Connection, _record: object) -> None:
    # Turns the driver's implicit transactions off: `_begin` starts them.
    connection.isolation_level = None
    # The timeout comes first, because turning WAL on takes a lock.
    for pragma in (f"busy_timeout={LOCK_TIMEOUT_MS}", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    options = connection.get_execution_options()
    if options.get(_BEGIN) != _IMMEDIATE:
        connection.exec_driver_sql("BEGIN")
        return
    driver: sqlite3.Connection = connection.connection.dbapi_connection  # type: ignore[assignment]  # on SQLite
    # NORMAL doesn't wait for the disk at a commit. A later FULL commit also syncs the earlier ones.
    wanted = "FULL" if options.get(_DURABLE, True) else "NORMAL"
    if connection.info.get(_DURABLE, "FULL") != wanted:
        driver.execute(f"PRAGMA synchronous={wanted}")
        connection.info[_DURABLE] = wanted
    driver.execute("PRAGMA busy_timeout=0")
    try:
        if not options.get(_WAIT, True) or not _took_turn(driver):
            # Try once more through SQLAlchemy, so that the error is translated.
            connection.exec_driver_sql(_IMMEDIATE)
    finally:
        driver.execute(f"PRAGMA busy_timeout={LOCK_TIMEOUT_MS}")


def _took_turn(driver: sqlite3.Connection) -> bool:
    """Begin a write transaction once the lock is free; False on lock timeout or another error."""
    given_up = time.monotonic() + LOCK_TIMEOUT_MS / 1000
    pause = _FIRST_PAUSE
    while time.monotonic() < given_up:
        try:
            driver.execute(_IMMEDIATE)
            return True
        except sqlite3.Error as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                break
        time.sleep(pause)
        pause = min(_LONGEST_PAUSE, 1.5 * pause)
    return False


def _begin_on_postgres(connection: Connection) -> None:
    options = connection.get_execution_options()
    if not options.get(_DURABLE, True):
        connection.exec_driver_sql("SET LOCAL synchronous_commit = off")
    if not options.get(_WAIT, True):
        # In milliseconds: 0 would be no limit.
        connection.exec_driver_sql("SET LOCAL lock_timeout = 1")


def _translate(context: ExceptionContext) -> None:
    if _takes_no_write(context):
        raise Unavailable(f"the ledger takes no write: {context.original_exception}") from context.original_exception
    if context.is_pre_ping or not isinstance(context.sqlalchemy_exception, (OperationalError, InterfaceError)):
        return
    # SQLite uses the same class for an error in the statement itself, which is no outage.
    if getattr(context.original_exception, "sqlite_errorcode", None) == sqlite3.SQLITE_ERROR:
        return
    raise Unavailable(f"the ledger can't be reached: {context.original_exception}") from context.original_exception


def _takes_no_write(context: ExceptionContext) -> bool:
    """Whether a writer met a PostgreSQL that only reads, as a standby does. For a reader that is a defect of ours."""
    readonly = context.connection is not None and context.connection.get_execution_options().get("postgresql_readonly")
    return getattr(context.original_exception, "sqlstate", None) in _READ_ONLY and not readonly


def _dispose_after_fork(engine: Engine) -> None:
    """Drop the parent's connections in a forked child: sharing a socket or file handle corrupts both."""
    reference: Any = weakref.ref(engine)

    def forget() -> None:
        engine = reference()
        if engine is not None:
            engine.dispose(close=False)

    os.register_at_fork(after_in_child=forget)

"""Engines for the ledger's two databases: transactions that don't lose updates, errors in the services' terms.

SQLite: WAL; a transaction that will write says so at its start (BEGIN IMMEDIATE), for a deferred one that turns into
a writer fails at once when another wrote meanwhile, whatever the busy timeout. It asks for its turn itself, for
SQLite's own waiting soon sleeps for 100 ms at a time, however briefly the others write. PostgreSQL: READ COMMITTED
for writers, whose read-modify-writes are single statements or follow a row lock; one repeatable snapshot for readers.
"""

import json
import os
import sqlite3
import time
import weakref
from contextlib import suppress
from functools import partial
from typing import Any

from sqlalchemy import Connection, Engine, ExceptionContext, create_engine, event, make_url
from sqlalchemy.engine import URL
from sqlalchemy.exc import InterfaceError, OperationalError

from entente.services.errors import Unavailable

#: Milliseconds that a statement waits for another's lock before the ledger is called unavailable.
LOCK_TIMEOUT_MS = 30_000
CONNECT_TIMEOUT_S = 5

#: Seconds between two attempts to begin to write on SQLite: the first, and what they grow to while others write.
_FIRST_PAUSE = 0.0005
_LONGEST_PAUSE = 0.004

_BEGIN = "entente_begin"
_DURABLE = "entente_durable"
_IMMEDIATE = "BEGIN IMMEDIATE"
_to_json = partial(json.dumps, ensure_ascii=False, separators=(",", ":"))


def open_engine(url: str) -> Engine:
    """An engine for `sqlite:///FILE` or `postgresql://…`. It connects on first use. Raises ValueError."""
    parsed = _with_driver(make_url(url))
    if parsed.get_backend_name() == "sqlite":
        engine = create_engine(parsed, json_serializer=_to_json, connect_args={"timeout": LOCK_TIMEOUT_MS / 1000})
        event.listen(engine, "do_connect", partial(_create_private, str(parsed.database)))
        event.listen(engine, "connect", _set_pragmas)
        event.listen(engine, "begin", _begin)
    else:
        options = f"-c lock_timeout={LOCK_TIMEOUT_MS}"
        engine = create_engine(
            parsed,
            json_serializer=_to_json,
            pool_pre_ping=True,
            connect_args={"connect_timeout": CONNECT_TIMEOUT_S, "options": options},
        )
        event.listen(engine, "begin", _begin_on_postgres)
    event.listen(engine, "handle_error", _translate)
    _dispose_after_fork(engine)
    return engine


def for_writing(engine: Engine, durable: bool = True) -> Engine:
    """The same pool, for transactions that write. Only those that are `durable` outlive a crash of the machine."""
    if engine.dialect.name == "sqlite":
        return engine.execution_options(**{_BEGIN: _IMMEDIATE, _DURABLE: durable})
    return engine.execution_options(**{"isolation_level": "READ COMMITTED", _DURABLE: durable})


def for_reading(engine: Engine) -> Engine:
    """The same pool, for transactions that see one snapshot and block nobody."""
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
    # The driver's own transactions are off: `_begin` says when one starts, and of which kind.
    connection.isolation_level = None
    # The timeout first: turning WAL on takes a lock.
    for pragma in (f"busy_timeout={LOCK_TIMEOUT_MS}", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    options = connection.get_execution_options()
    if options.get(_BEGIN) != _IMMEDIATE:
        connection.exec_driver_sql("BEGIN")
        return
    driver: sqlite3.Connection = connection.connection.dbapi_connection  # type: ignore[assignment]
    # NORMAL doesn't wait for the disk at a commit; what is durable and comes later takes along what came before.
    wanted = "FULL" if options.get(_DURABLE, True) else "NORMAL"
    if connection.info.get(_DURABLE, "FULL") != wanted:
        driver.execute(f"PRAGMA synchronous={wanted}")
        connection.info[_DURABLE] = wanted
    driver.execute("PRAGMA busy_timeout=0")
    try:
        if not _took_turn(driver):
            # Once more, for the error to be reported as every other.
            connection.exec_driver_sql(_IMMEDIATE)
    finally:
        driver.execute(f"PRAGMA busy_timeout={LOCK_TIMEOUT_MS}")


def _took_turn(driver: sqlite3.Connection) -> bool:
    """Begin to write as soon as nobody else does; False if that takes longer than the lock timeout, or can't be."""
    given_up = time.monotonic() + LOCK_TIMEOUT_MS / 1000
    pause = _FIRST_PAUSE
    while time.monotonic() < given_up:
        try:
            driver.execute(_IMMEDIATE)
            return True
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                break
        time.sleep(pause)
        pause = min(_LONGEST_PAUSE, 1.5 * pause)
    return False


def _begin_on_postgres(connection: Connection) -> None:
    if not connection.get_execution_options().get(_DURABLE, True):
        connection.exec_driver_sql("SET LOCAL synchronous_commit = off")


def _translate(context: ExceptionContext) -> None:
    if context.is_pre_ping or not isinstance(context.sqlalchemy_exception, (OperationalError, InterfaceError)):
        return
    # SQLite reports a mistake in the statement itself under the same class; that is our error, not an outage.
    if getattr(context.original_exception, "sqlite_errorcode", None) == sqlite3.SQLITE_ERROR:
        return
    raise Unavailable(f"the ledger can't be reached: {context.original_exception}") from context.original_exception


def _dispose_after_fork(engine: Engine) -> None:
    """Forget the parent's connections in a forked child: a socket or file handle used by both corrupts both."""
    reference: Any = weakref.ref(engine)

    def forget() -> None:
        engine = reference()
        if engine is not None:
            engine.dispose(close=False)

    os.register_at_fork(after_in_child=forget)

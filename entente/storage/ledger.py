"""SqlLedger and SqlUnitOfWork: the Ledger port on SQL, with one adapter for each port of a unit of work."""

import os
import threading
from collections.abc import Callable
from contextlib import nullcontext
from functools import cache, partial
from types import TracebackType
from typing import Self

from sqlalchemy import Connection, Engine, Insert
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from entente.services.circuit_breaker import CircuitBreaker, CircuitOpen, Waiting
from entente.services.errors import Unavailable
from entente.services.ports.ledger import UnitOfWork
from entente.storage import migrate
from entente.storage.derived.events import SqlEventIndex
from entente.storage.derived.reading import SqlDerivedReads
from entente.storage.derived.relations import SqlRelationIndex
from entente.storage.derived.reprints import SqlReprintIndex
from entente.storage.derived.versions import SqlDyadVersions
from entente.storage.derived.writing import SqlDerivedWrites
from entente.storage.dialect import insert_on
from entente.storage.engine import LOCK_TIMEOUT_MS, for_reading, for_writing, open_engine
from entente.storage.figures import SqlLedgerFigures
from entente.storage.truth.api_keys import SqlKeyBook
from entente.storage.truth.articles import SqlArticleLog
from entente.storage.truth.assertions import SqlAssertionLog
from entente.storage.truth.changes import SqlChangeLog
from entente.storage.truth.feeds import SqlFeedBook
from entente.storage.truth.imports import SqlImportBook
from entente.storage.truth.mentions import SqlMentionLog
from entente.storage.truth.proposals import SqlProposalBook
from entente.storage.truth.sources import SqlSourceBook
from entente.storage.truth.state_facts import SqlStateFactBook
from entente.storage.truth.submissions import SqlSubmissionBook
from entente.storage.truth.subscriptions import SqlSubscriptionBook
from entente.storage.truth.tables import change_counter
from entente.storage.write_turn import WriteTurn

#: Seconds within which a write must be taken for the ledger to be called reachable.
PING_SECONDS = 1.5

#: Attribute of a unit of work → adapter, made with the transaction's connection.
BOOKS: dict[str, Callable[[Connection], object]] = {
    "articles": SqlArticleLog,
    "mentions": SqlMentionLog,
    "reprints": SqlReprintIndex,
    "dyads": SqlDyadVersions,
    "derived": SqlDerivedReads,
    "derived_writes": SqlDerivedWrites,
    "changes": SqlChangeLog,
    "events": SqlEventIndex,
    "relations": SqlRelationIndex,
    "sources": SqlSourceBook,
    "keys": SqlKeyBook,
    "feeds": SqlFeedBook,
    "submissions": SqlSubmissionBook,
    "subscriptions": SqlSubscriptionBook,
    "assertions": SqlAssertionLog,
    "proposals": SqlProposalBook,
    "state_facts": SqlStateFactBook,
    "imports": SqlImportBook,
    "figures": SqlLedgerFigures,
}


class SqlUnitOfWork(UnitOfWork):
    """One transaction. Entering the context begins it; leaving it without `commit` rolls back.

    One that only `reads` is committed, because at a rollback the driver of PostgreSQL drops its prepared statements.
    """

    def __init__(
        self,
        connect: Callable[[], Connection],
        reads: bool = False,
        turn: WriteTurn | None = None,
        wait: bool = True,
    ) -> None:
        """`turn` is held while it lasts; `wait` says whether it is waited for."""
        self._connect = connect
        self._reads = reads
        self._turn = turn
        self._wait = wait

    def __enter__(self) -> Self:
        if self._turn:
            self._turn.take(self._wait)
        try:
            self._connection = self._connect()
            try:
                self._connection.begin()
            except BaseException:
                self._connection.close()
                raise
        except BaseException:
            self._give_back()
            raise
        for name, book in BOOKS.items():
            setattr(self, name, book(self._connection))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        try:
            if self._reads and error is None and not self._connection.invalidated:
                self._connection.commit()
        finally:
            try:
                # Closing rolls back what was not committed.
                self._connection.close()
            finally:
                self._give_back()

    def _give_back(self) -> None:
        if self._turn:
            self._turn.give_back()

    def commit(self) -> None:
        self._connection.commit()


class SqlLedger:
    """The ledger at a database URL (`sqlite:///FILE`, `postgresql://…`), already migrated. Thread- and fork-safe."""

    def __init__(
        self,
        url: str,
        waiting: Waiting = nullcontext,
        statement_seconds: float | None = None,
        breaker: CircuitBreaker | None = None,
    ) -> None:
        """Of PostgreSQL: `waiting` is entered while a call waits for it; a statement may take `statement_seconds`;
        `breaker` guards connecting, without it one of its own.
        """
        self._engine = open_engine(url, waiting, statement_seconds)
        self._writing = for_writing(self._engine)
        self._hurried = for_writing(self._engine, durable=False)
        self._impatient = for_writing(self._engine, durable=False, wait=False)
        self._reading = for_reading(self._engine)
        self._probe: _Probe | None = None
        # SQLite is no third party: it answers in this process.
        asked = self._engine.dialect.name == "postgresql"
        self._turn = None if asked else WriteTurn(LOCK_TIMEOUT_MS / 1000)
        self._breaker = (breaker or CircuitBreaker("the ledger's database", waiting=waiting)) if asked else None

    def write(self, durable: bool = True, wait: bool = True) -> SqlUnitOfWork:
        engine = self._impatient if not wait else self._writing if durable else self._hurried
        return SqlUnitOfWork(partial(self._connect, engine), turn=self._turn, wait=wait)  # type: ignore[abstract]  # as below

    def read(self) -> SqlUnitOfWork:
        return SqlUnitOfWork(partial(self._connect, self._reading), reads=True)  # type: ignore[abstract]  # __enter__ sets what BOOKS names

    def ping(self) -> None:
        probe = self._probe
        if probe is None or probe.is_over():
            probe = self._probe = _Probe(partial(self._connect, self._hurried))
        probe.answer(PING_SECONDS)

    def _connect(self, engine: Engine) -> Connection:
        """A connection that answered a ping just now. Raises Unavailable; at once if none was to be had just now."""
        try:
            with self._breaker.call(_is_failure) if self._breaker else nullcontext():
                return engine.connect()
        except CircuitOpen as error:
            raise Unavailable(str(error)) from None
        except PoolTimeout as error:
            raise Unavailable("the ledger can't be reached: every connection is in use") from error

    def close(self) -> None:
        """Close pooled connections; the ledger opens new ones if it is used again."""
        self._engine.dispose()


class _Probe:
    """One write that changes nothing of the ledger, tried in a thread of its own: a frozen database holds nobody."""

    def __init__(self, connect: Callable[[], Connection]) -> None:
        self._connect = connect
        self._process = os.getpid()
        self._over = threading.Event()
        self._error: Unavailable | None = None
        threading.Thread(target=self._run, daemon=True).start()

    def is_over(self) -> bool:
        """Whether it has an answer, or belongs to the process that this one was forked from."""
        return self._over.is_set() or self._process != os.getpid()

    def answer(self, seconds: float) -> None:
        """Wait for the answer. Raises Unavailable."""
        if not self._over.wait(seconds):
            raise Unavailable(f"the ledger took no write within {seconds:g} seconds")
        if self._error:
            raise self._error

    def _run(self) -> None:
        try:
            with self._connect() as connection, connection.begin():
                migrate.require_current(connection)
                connection.execute(_touch(connection.dialect.name))
        except Unavailable as error:
            self._error = error
        except DBAPIError as error:
            self._error = Unavailable(f"the ledger takes no write: {error.orig}; `entente doctor` tells more")
        except Exception as error:
            # Whatever it is: a probe without an error would say that all is well.
            self._error = Unavailable(f"the ledger takes no write: {error}")
        finally:
            self._over.set()


@cache
def _touch(dialect: str) -> Insert:
    """Change a row of the change counter that counts nothing, so that a page is written."""
    touched = insert_on(dialect, change_counter).values(id=0, last=0)
    return touched.on_conflict_do_update(index_elements=[change_counter.c.id], set_={"last": 1 - change_counter.c.last})


def _is_failure(error: Exception) -> bool | None:
    """Whether the database failed; None if nothing is known of it, for every connection was in use."""
    return None if isinstance(error, PoolTimeout) else True

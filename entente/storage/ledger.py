"""SqlLedger and SqlUnitOfWork: the Ledger port on SQL, with one adapter for each port of a unit of work."""

from collections.abc import Callable
from types import TracebackType
from typing import Self

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import TimeoutError as PoolTimeout

from entente.services.errors import Unavailable
from entente.services.ports.ledger import UnitOfWork
from entente.storage.derived.events import SqlEventIndex
from entente.storage.derived.reading import SqlDerivedReads
from entente.storage.derived.relations import SqlRelationIndex
from entente.storage.derived.versions import SqlDyadVersions
from entente.storage.derived.writing import SqlDerivedWrites
from entente.storage.engine import for_reading, for_writing, open_engine
from entente.storage.truth.api_keys import SqlKeyBook
from entente.storage.truth.articles import SqlArticleLog
from entente.storage.truth.assertions import SqlAssertionLog
from entente.storage.truth.changes import SqlChangeLog
from entente.storage.truth.feeds import SqlFeedBook
from entente.storage.truth.mentions import SqlMentionLog
from entente.storage.truth.sources import SqlSourceBook
from entente.storage.truth.subscriptions import SqlSubscriptionBook

#: Attribute of a unit of work → adapter, made with the transaction's connection.
BOOKS: dict[str, Callable[[Connection], object]] = {
    "articles": SqlArticleLog,
    "mentions": SqlMentionLog,
    "dyads": SqlDyadVersions,
    "derived": SqlDerivedReads,
    "derived_writes": SqlDerivedWrites,
    "changes": SqlChangeLog,
    "events": SqlEventIndex,
    "relations": SqlRelationIndex,
    "sources": SqlSourceBook,
    "keys": SqlKeyBook,
    "feeds": SqlFeedBook,
    "subscriptions": SqlSubscriptionBook,
    "assertions": SqlAssertionLog,
}


class SqlUnitOfWork(UnitOfWork):
    """One transaction. Entering the context begins it; leaving it without `commit` rolls back."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def __enter__(self) -> Self:
        self._connection = _connect(self._engine)
        try:
            self._connection.begin()
        except BaseException:
            self._connection.close()
            raise
        for name, book in BOOKS.items():
            setattr(self, name, book(self._connection))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        # Closing rolls back what was not committed.
        self._connection.close()

    def commit(self) -> None:
        self._connection.commit()


class SqlLedger:
    """The ledger at a database URL (`sqlite:///FILE`, `postgresql://…`), already migrated. Thread- and fork-safe."""

    def __init__(self, url: str) -> None:
        self._engine = open_engine(url)
        self._writing = for_writing(self._engine)
        self._hurried = for_writing(self._engine, durable=False)
        self._reading = for_reading(self._engine)

    def write(self, durable: bool = True) -> SqlUnitOfWork:
        return _unit_of_work(self._writing if durable else self._hurried)

    def read(self) -> SqlUnitOfWork:
        return _unit_of_work(self._reading)

    def ping(self) -> None:
        with _connect(self._reading) as connection:
            connection.execute(text("SELECT 1"))

    def close(self) -> None:
        """Close pooled connections; the ledger opens new ones if it is used again."""
        self._engine.dispose()


def _unit_of_work(engine: Engine) -> SqlUnitOfWork:
    return SqlUnitOfWork(engine)  # type: ignore[abstract]  # __enter__ sets what BOOKS names


def _connect(engine: Engine) -> Connection:
    try:
        return engine.connect()
    except PoolTimeout as error:
        raise Unavailable("the ledger can't be reached: every connection is in use") from error

"""The Ledger port on SQL."""

from types import TracebackType
from typing import Self

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import TimeoutError as PoolTimeout

from entente.services.errors import Unavailable
from entente.services.ports.articles import ArticleLog
from entente.services.ports.assertions import AssertionLog
from entente.services.ports.events import EventIndex
from entente.services.ports.feeds import FeedBook
from entente.services.ports.keys import KeyBook
from entente.services.ports.mentions import MentionLog
from entente.services.ports.projection import Projection
from entente.services.ports.relations import RelationIndex
from entente.services.ports.sources import SourceBook
from entente.services.ports.subscriptions import SubscriptionBook
from entente.storage.api_keys import SqlKeyBook
from entente.storage.articles import SqlArticleLog
from entente.storage.assertions import SqlAssertionLog
from entente.storage.engine import for_reading, for_writing, open_engine
from entente.storage.event_index import SqlEventIndex
from entente.storage.feeds import SqlFeedBook
from entente.storage.mentions import SqlMentionLog
from entente.storage.projection import SqlProjection
from entente.storage.relation_index import SqlRelationIndex
from entente.storage.sources import SqlSourceBook
from entente.storage.subscriptions import SqlSubscriptionBook


class SqlUnitOfWork:
    """One transaction. It begins when the context is entered; leaving it without `commit` rolls back."""

    articles: ArticleLog
    mentions: MentionLog
    projection: Projection
    events: EventIndex
    relations: RelationIndex
    sources: SourceBook
    keys: KeyBook
    feeds: FeedBook
    subscriptions: SubscriptionBook
    assertions: AssertionLog

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def __enter__(self) -> Self:
        self._connection = _connect(self._engine)
        try:
            self._connection.begin()
        except BaseException:
            self._connection.close()
            raise
        self.articles = SqlArticleLog(self._connection)
        self.mentions = SqlMentionLog(self._connection)
        self.projection = SqlProjection(self._connection)
        self.events = SqlEventIndex(self._connection)
        self.relations = SqlRelationIndex(self._connection)
        self.sources = SqlSourceBook(self._connection)
        self.keys = SqlKeyBook(self._connection)
        self.feeds = SqlFeedBook(self._connection)
        self.assertions = SqlAssertionLog(self._connection)
        self.subscriptions = SqlSubscriptionBook(self._connection)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        # Closing rolls back whatever was not committed.
        self._connection.close()

    def commit(self) -> None:
        self._connection.commit()


class SqlLedger:
    """The ledger at a database URL (`sqlite:///FILE`, `postgresql://…`), migrated beforehand. Safe to share
    between threads, and to inherit by fork.
    """

    def __init__(self, url: str) -> None:
        self._engine = open_engine(url)
        self._writing = for_writing(self._engine)
        self._hurried = for_writing(self._engine, durable=False)
        self._reading = for_reading(self._engine)

    def write(self, durable: bool = True) -> SqlUnitOfWork:
        return SqlUnitOfWork(self._writing if durable else self._hurried)

    def read(self) -> SqlUnitOfWork:
        return SqlUnitOfWork(self._reading)

    def ping(self) -> None:
        with _connect(self._reading) as connection:
            connection.execute(text("SELECT 1"))

    def close(self) -> None:
        """Close pooled connections; the ledger opens new ones if it is used again."""
        self._engine.dispose()


def _connect(engine: Engine) -> Connection:
    try:
        return engine.connect()
    except PoolTimeout as error:
        raise Unavailable("the ledger can't be reached: every connection is in use") from error

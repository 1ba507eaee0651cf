"""SqlFeedBook: the FeedBook port on SQL."""

import builtins
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import Connection, select, update

from entente.services.ports.feeds import Feed
from entente.storage.dialect import insert_into
from entente.storage.truth.rows import AnyRow
from entente.storage.truth.tables import feeds

_t = feeds.c


class SqlFeedBook:
    """Feeds as rows. Claiming one is a single statement, so that two workers don't poll it at once."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, feed: Feed) -> bool:
        statement = insert_into(self._connection, feeds).values(asdict(feed))
        statement = statement.on_conflict_do_nothing(index_elements=[_t.url])
        return self._connection.execute(statement.returning(_t.id)).one_or_none() is not None

    def get(self, id: str) -> Feed | None:
        row = self._connection.execute(select(feeds).where(_t.id == id)).one_or_none()
        return _unpack(row) if row else None

    def list(self) -> builtins.list[Feed]:
        return [_unpack(row) for row in self._connection.execute(select(feeds).order_by(_t.created_at, _t.id))]

    def set_active(self, id: str, active: bool, next_poll_at: datetime) -> bool:
        changed = update(feeds).where(_t.id == id).values(active=active, next_poll_at=next_poll_at)
        return self._connection.execute(changed).rowcount == 1

    def due(self, now: datetime, limit: int) -> builtins.list[str]:
        waiting = select(_t.id).where(_t.active, _t.next_poll_at <= now).order_by(_t.next_poll_at, _t.id).limit(limit)
        return list(self._connection.execute(waiting).scalars())

    def claim(self, id: str, now: datetime, until: datetime) -> Feed | None:
        own = update(feeds).where(_t.id == id, _t.active, _t.next_poll_at <= now).values(next_poll_at=until)
        row = self._connection.execute(own.returning(feeds)).one_or_none()
        return _unpack(row) if row else None

    def note(self, feed: Feed) -> None:
        values = asdict(feed)
        # `active` is left out: it may have been changed during the poll.
        for name in ("id", "url", "active", "created_at"):
            del values[name]
        self._connection.execute(update(feeds).where(_t.id == feed.id).values(values))


def _unpack(row: AnyRow) -> Feed:
    return Feed(**row._mapping)

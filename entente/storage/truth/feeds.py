"""SqlFeedBook: the FeedBook port on SQL."""

import builtins
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select, update

from entente.services.ports.feeds import Feed, FeedItem
from entente.storage.dialect import chunks, insert_into
from entente.storage.truth.rows import AnyRow
from entente.storage.truth.tables import feed_items, feeds

_t, _i = feeds.c, feed_items.c


class SqlFeedBook:
    """Feeds and their items as rows. Claiming a feed is a single statement, so two workers don't poll it at once."""

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
        waiting = select(_t.id).where(_is_due(now)).order_by(_t.next_poll_at, _t.id).limit(limit)
        return list(self._connection.execute(waiting).scalars())

    def claim(self, id: str, now: datetime, until: datetime) -> Feed | None:
        own = update(feeds).where(_t.id == id, _is_due(now)).values(polling_until=until)
        row = self._connection.execute(own.returning(feeds)).one_or_none()
        return _unpack(row) if row else None

    def put_off(self, id: str, next_poll_at: datetime) -> None:
        sooner = update(feeds).where(_t.id == id, _t.next_poll_at < next_poll_at)
        self._connection.execute(sooner.values(next_poll_at=next_poll_at))

    def note(self, feed: Feed) -> None:
        values = asdict(feed) | {"polling_until": None}
        # `active` is left out: it may have been changed during the poll.
        for name in ("id", "url", "active", "created_at"):
            del values[name]
        claimed = and_(_t.id == feed.id, _t.polling_until == feed.polling_until)
        self._connection.execute(update(feeds).where(claimed).values(values))

    def items(self, feed_id: str, items: Sequence[str], pages: Sequence[str]) -> builtins.list[FeedItem]:
        found: builtins.list[FeedItem] = []
        for some in chunks(items):
            of_feed = select(feed_items).where(_i.feed_id == feed_id, _i.item.in_(some))
            found += (FeedItem(**row._mapping) for row in self._connection.execute(of_feed))
        for some in chunks(pages):
            of_page = select(feed_items).where(_i.page.in_(some)).order_by(_i.article_id, _i.feed_id, _i.item)
            found += (FeedItem(**row._mapping) for row in self._connection.execute(of_page))
        return found

    def keep_item(self, item: FeedItem) -> None:
        values = asdict(item)
        statement = insert_into(self._connection, feed_items).values(values)
        # The article that was made of an item stays the same.
        new = {name: values[name] for name in ("page", "fingerprint", "dated_at", "text")}
        self._connection.execute(statement.on_conflict_do_update(index_elements=[_i.feed_id, _i.item], set_=new))

    def text_for(self, article_id: str) -> str | None:
        longest = select(_i.text).where(_i.article_id == article_id, _i.text.is_not(None))
        longest = longest.order_by(func.length(_i.text).desc(), _i.feed_id, _i.item).limit(1)
        found: str | None = self._connection.execute(longest).scalar_one_or_none()
        return found


def _is_due(now: datetime) -> ColumnElement[bool]:
    free = or_(_t.polling_until.is_(None), _t.polling_until <= now)
    return and_(_t.active, _t.next_poll_at <= now, free)


def _unpack(row: AnyRow) -> Feed:
    return Feed(**row._mapping)

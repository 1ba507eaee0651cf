"""SqlSourceBook: the SourceBook port on SQL, senders of webhooks and their deliveries."""

import builtins
from dataclasses import asdict
from datetime import datetime
from functools import cache

from sqlalchemy import Connection, bindparam, select, update
from sqlalchemy.sql.dml import ReturningInsert

from entente.relations.publishers import ANY
from entente.services.ports.sources import Source, TakenDelivery
from entente.storage.dialect import insert_into, insert_on
from entente.storage.truth.rows import AnyRow, Values
from entente.storage.truth.tables import sources, webhook_deliveries

_delivery = webhook_deliveries.c

# Built once, because every delivery executes them.
_GET = select(sources).where(sources.c.name == bindparam("of_name"))
_DELIVERY = select(_delivery.article_id, _delivery.content_hash).where(
    _delivery.source == bindparam("of_source"), _delivery.webhook_id == bindparam("of_id")
)


@cache
def _record(dialect: str) -> ReturningInsert[str]:
    one = insert_on(dialect, webhook_deliveries)
    one = one.on_conflict_do_nothing(index_elements=[_delivery.source, _delivery.webhook_id])
    return one.returning(_delivery.article_id)


class SqlSourceBook:
    """Senders as rows. A delivery is stored once, because (source, webhook id) is its primary key."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, source: Source) -> bool:
        statement = insert_into(self._connection, sources).values(_pack(source))
        statement = statement.on_conflict_do_nothing(index_elements=[sources.c.name])
        return self._connection.execute(statement.returning(sources.c.name)).one_or_none() is not None

    def get(self, name: str) -> Source | None:
        row = self._connection.execute(_GET, {"of_name": name}).one_or_none()
        return _unpack(row) if row else None

    def note(self, source: Source) -> None:
        values = _pack(source)
        changed = {name: values[name] for name in ("secrets", "active", "publishers")}
        self._connection.execute(update(sources).where(sources.c.name == source.name).values(changed))

    def list(self) -> builtins.list[Source]:
        """By name."""
        return [_unpack(row) for row in self._connection.execute(select(sources).order_by(sources.c.name))]

    def delivery(self, source: str, webhook_id: str) -> TakenDelivery | None:
        row = self._connection.execute(_DELIVERY, {"of_source": source, "of_id": webhook_id}).one_or_none()
        return TakenDelivery(row.article_id, row.content_hash) if row else None

    def record_delivery(self, source: str, webhook_id: str, delivery: TakenDelivery, at: datetime) -> TakenDelivery:
        taken = {"source": source, "webhook_id": webhook_id, "received_at": at, **asdict(delivery)}
        if self._connection.execute(_record(self._connection.dialect.name), taken).one_or_none():
            return delivery
        first = self.delivery(source, webhook_id)
        assert first is not None
        return first


def _pack(source: Source) -> Values:
    return {
        "name": source.name,
        "secrets": list(source.secrets),
        "created_at": source.created_at,
        "active": source.active,
        "publishers": list(source.publishers),
    }


def _unpack(row: AnyRow) -> Source:
    return Source(row.name, tuple(row.secrets), row.created_at, row.active, tuple(row.publishers or (ANY,)))

"""SqlKeyBook: the KeyBook port on SQL."""

import builtins
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from entente.services.ports.api_keys import ApiKey
from entente.storage.truth.rows import AnyRow
from entente.storage.truth.tables import api_keys

_t = api_keys.c


class SqlKeyBook:
    """API keys as rows."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, key: ApiKey) -> None:
        values = {
            "id": key.id,
            "name": key.name,
            "scopes": list(key.scopes),
            "digest": key.digest,
            "created_at": key.created_at,
            "expires_at": key.expires_at,
        }
        self._connection.execute(insert(api_keys).values(values))

    def get(self, id: str) -> ApiKey | None:
        row = self._connection.execute(select(api_keys).where(_t.id == id)).one_or_none()
        return _unpack(row) if row else None

    def list(self) -> builtins.list[ApiKey]:
        return [_unpack(row) for row in self._connection.execute(select(api_keys).order_by(_t.created_at, _t.id))]

    def revoke(self, id: str, at: datetime) -> bool:
        held = update(api_keys).where(_t.id == id, _t.revoked_at.is_(None)).values(revoked_at=at)
        return self._connection.execute(held).rowcount == 1

    def note_use(self, id: str, at: datetime) -> None:
        self._connection.execute(update(api_keys).where(_t.id == id).values(last_used_at=at))


def _unpack(row: AnyRow) -> ApiKey:
    return ApiKey(
        row.id,
        row.name,
        tuple(row.scopes),
        row.digest,
        row.created_at,
        row.expires_at,
        row.last_used_at,
        row.revoked_at,
    )

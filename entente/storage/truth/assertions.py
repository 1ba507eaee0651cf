"""SqlAssertionLog: the AssertionLog port on SQL."""

import builtins
from collections.abc import Collection
from dataclasses import asdict

from sqlalchemy import Connection, insert, or_, select

from entente.services.ports.assertions import Assertion, Key
from entente.storage.dialect import chunks
from entente.storage.truth.tables import assertions

_t = assertions.c

# Built once, because every article that is coded asks whether there is any.
_WITHDRAWN = select(_t.event).where(_t.kind.in_(("withdraw", "reject")))
_ANY = _WITHDRAWN.limit(1)


class SqlAssertionLog:
    """Assertions as rows, append-only."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, assertion: Assertion) -> None:
        self._connection.execute(insert(assertions).values(asdict(assertion)))

    def list(self, after: str, limit: int) -> builtins.list[Assertion]:
        found = select(assertions).where(_t.id > after).order_by(_t.id).limit(limit)
        return [Assertion(**row._mapping) for row in self._connection.execute(found)]

    def withdrawn(self, keys: Collection[Key]) -> set[str]:
        if not keys or self._connection.execute(_ANY).first() is None:
            return set()
        own = [_t.event.startswith(f"{'.'.join(key)}.", autoescape=True) for key in keys]
        found = (self._connection.execute(_WITHDRAWN.where(or_(*some))).scalars() for some in chunks(own))
        return {event for events in found for event in events}

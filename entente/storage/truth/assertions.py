"""SqlAssertionLog: the AssertionLog port on SQL."""

import builtins
from collections.abc import Sequence
from dataclasses import asdict

from sqlalchemy import Connection, bindparam, insert, select

from entente.services.ports.assertions import Assertion
from entente.storage.truth.tables import assertions

_t = assertions.c

# Built once, because every article that is coded executes it.
_WITHDRAWN = select(_t.event).where(
    _t.kind.in_(("withdraw", "reject")), _t.event.in_(bindparam("events", expanding=True))
)


class SqlAssertionLog:
    """Assertions as rows, append-only."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, assertion: Assertion) -> None:
        self._connection.execute(insert(assertions).values(asdict(assertion)))

    def list(self, after: str, limit: int) -> builtins.list[Assertion]:
        found = select(assertions).where(_t.id > after).order_by(_t.id).limit(limit)
        return [Assertion(**row._mapping) for row in self._connection.execute(found)]

    def withdrawn(self, events: Sequence[str]) -> set[str]:
        return set(self._connection.execute(_WITHDRAWN, {"events": events}).scalars())

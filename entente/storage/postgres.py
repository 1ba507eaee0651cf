"""Connections to PostgreSQL that give up a server which doesn't answer.

PostgreSQL's own limits (`statement_timeout`, `lock_timeout`) are kept by the server, and TCP's by its kernel. A server
process that is frozen keeps none, and libpq waits for it for ever. So the client's wait is bounded as well.
"""

from collections.abc import Mapping
from typing import Any

from psycopg import Connection, OperationalError
from psycopg.abc import RV, PQGen
from psycopg.errors import _WaitTimeout
from sqlalchemy import Engine, event

from entente.services.circuit_breaker import Waiting

#: Seconds to connect, and for the answer to the ping before a pooled connection is used.
CONNECT_SECONDS = 3
PING_SECONDS = 2.0

#: Seconds to wait for a pooled connection when all are in use.
POOL_SECONDS = 5.0

#: Seconds that the client waits longer for a statement than the server's statement_timeout.
_MARGIN = 1.0

#: libpq's parameters unless the URL sets them: a peer that is gone from the network is given up within 20 s.
_NETWORK = {
    "connect_timeout": CONNECT_SECONDS,
    "keepalives_idle": 10,
    "keepalives_interval": 3,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}


class BoundedConnection(Connection[Any]):
    """A connection that is closed if the server doesn't answer within `seconds` (None: no limit)."""

    seconds: float | None = PING_SECONDS
    waiting: Waiting

    def wait(self, gen: PQGen[RV], interval: float = 0.1, timeout: float | None = None) -> RV:
        """Wait for the server. Raises OperationalError after `seconds`."""
        try:
            with self.waiting():
                return super().wait(gen, interval, self.seconds if timeout is None else timeout)
        except _WaitTimeout:
            # What the server may still send belongs to this statement: the connection is of no use any more.
            self.close()
            raise OperationalError("the server did not answer in time") from None


def connect_arguments(
    given: Mapping[str, Any], lock_timeout_ms: int, statement_seconds: float | None = None
) -> dict[str, Any]:
    """Connection parameters; those that a URL gave (`given`) take precedence."""
    options = [f"-c lock_timeout={lock_timeout_ms}"]
    if statement_seconds:
        options.append(f"-c statement_timeout={1000 * statement_seconds:.0f}")
    if "options" in given:
        options.append(str(given["options"]))
    return {name: given.get(name, value) for name, value in _NETWORK.items()} | {"options": " ".join(options)}


def bound_waits(engine: Engine, waiting: Waiting, statement_seconds: float | None) -> None:
    """Have the engine use bounded connections: by PING_SECONDS while idle, else by `statement_seconds`."""
    limit = statement_seconds + _MARGIN if statement_seconds else None

    def connect(_dialect: Any, _record: Any, arguments: Any, parameters: Any) -> BoundedConnection:
        with waiting():
            made = BoundedConnection.connect(*arguments, **parameters)
        made.waiting = waiting
        return made

    def checked_out(connection: BoundedConnection, _record: Any, _proxy: Any) -> None:
        connection.seconds = limit

    def checked_in(connection: BoundedConnection | None, _record: Any) -> None:
        if connection is not None:
            connection.seconds = PING_SECONDS

    event.listen(engine, "do_connect", connect)
    event.listen(engine, "checkout", checked_out)
    event.listen(engine, "checkin", checked_in)

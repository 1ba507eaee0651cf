"""Bounds for connections of one address on which no request is answered: silent, kept alive, or with half a head.

Addresses are told apart by `limit_key`.
The server ends each after HEADER_SECONDS (entente/bootstrap/api_server.py). Until then each takes one of the
connections that a process may have, and a client that opens many would take all.
"""

import os
import threading
import time
from collections import defaultdict
from contextlib import suppress

from api.http.clients import Networks, is_among, limit_key
from api.http.closing_connections import Connection, listening_ports, own_connections
from entente.bootstrap.api_server import connections_at_most

#: Idle connections of one address to one process. Further ones are closed, those longest idle first.
IDLE_OF_ONE_ADDRESS = 64

#: All connections of one address to one process may take this part of those that the process may have.
PART_OF_ONE_ADDRESS = 1 / 8

_LOOK_EVERY = 0.5

#: Looks may take this part of the time: each asks the kernel for every connection.
_BUSY = 0.1


class IdleConnections:
    """Closes connections above the bounds. Addresses of trusted `proxies` have none: each speaks for many clients."""

    def __init__(self, proxies: Networks, ports: set[int], connections: int) -> None:
        self._proxies = tuple(proxies)
        self._ports = ports
        self._most = max(IDLE_OF_ONE_ADDRESS, int(connections * PART_OF_ONE_ADDRESS))

    def close_excess(self) -> int:
        """Close what is above the bounds, once; returns how many."""
        if len(os.listdir("/proc/self/fd")) <= IDLE_OF_ONE_ADDRESS:
            return 0
        by_client: dict[str, list[Connection]] = defaultdict(list)
        for connection in own_connections(self._ports):
            if not is_among(connection.peer, self._proxies):
                by_client[limit_key(connection.peer)].append(connection)
        return sum(self._close(found) for found in by_client.values() if len(found) > IDLE_OF_ONE_ADDRESS)

    def _close(self, found: list[Connection]) -> int:
        found.sort(key=lambda one: (not one.is_idle, one.sent_at))
        idle = sum(one.is_idle for one in found)
        excess = max(0, idle - IDLE_OF_ONE_ADDRESS, len(found) - self._most)
        return sum(one.end() for one in found[:excess])


def watch_idle_connections(proxies: Networks) -> None:
    """Keep the process's connections within the bounds, from a thread of its own. Linux only: elsewhere do nothing."""
    ports = listening_ports()
    if not ports:
        return
    connections = IdleConnections(proxies, ports, connections_at_most())

    def watch() -> None:
        while True:
            began = time.monotonic()
            with suppress(OSError):
                connections.close_excess()
            time.sleep(max(_LOOK_EVERY, (time.monotonic() - began) / _BUSY))

    threading.Thread(target=watch, name="idle-connections", daemon=True).start()

"""Clients that open connections and keep them: silent, or sending a byte now and then, and reconnecting when ended."""

import resource
import select
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

#: Seconds between two bytes of a connection.
PAUSE = 0.2


def allow_sockets(count: int) -> None:
    """Raise this process's limit of open files, as far as it may, for `count` sockets and what else is open."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = count + 256
    assert hard == resource.RLIM_INFINITY or hard >= wanted, f"the limit of open files is {hard}, this needs {wanted}"
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def connect(url: str, address: str = "127.0.0.1") -> socket.socket:
    """A connection from `address` to the server of `url`, which is on this machine."""
    parts = urlsplit(url)
    return socket.create_connection((parts.hostname, parts.port), timeout=30, source_address=(address, 0))


def is_open(connection: socket.socket) -> bool:
    """Whether the server has neither ended the connection nor sent anything on it."""
    ready = select.poll()
    ready.register(connection, select.POLLIN)
    return not ready.poll(0)


@dataclass
class SlowClients:
    """`count` connections to `url` on which `head` was sent; then `drip`, again and again."""

    url: str
    count: int
    head: bytes = b""
    drip: bytes = b""
    address: str = "127.0.0.1"
    #: Connections that the server ended, each of which was opened again.
    ended: int = 0
    _open: list[socket.socket] = field(default_factory=list)
    _stop: threading.Event = field(default_factory=threading.Event)

    def _keep_up(self) -> None:
        while not self._stop.wait(PAUSE):
            for n, connection in enumerate(self._open):
                with suppress(OSError):
                    if is_open(connection):
                        connection.sendall(self.drip)
                        continue
                connection.close()
                self.ended += 1
                self._open[n] = self._opened()

    def _opened(self) -> socket.socket:
        connection = connect(self.url, self.address)
        connection.sendall(self.head)
        return connection

    @contextmanager
    def attacking(self) -> Iterator["SlowClients"]:
        """Every connection is open when this begins."""
        allow_sockets(self.count)
        for _ in range(self.count):
            self._open.append(self._opened())
        thread = threading.Thread(target=self._keep_up)
        thread.start()
        try:
            yield self
        finally:
            self._stop.set()
            thread.join()
            for connection in self._open:
                connection.close()

"""A small HTTP load client. It understands only the HTTP that the API and its comparison servers send.

Run as `python -m entente.cli.bench.client BASE FILE_OF_PATHS CONNECTIONS SECONDS [HEADER…]`; prints JSON.
"""

import itertools
import json
import re
import selectors
import socket
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_CHUNKED = re.compile(rb"\r\ntransfer-encoding: *chunked", re.IGNORECASE)

#: Seconds to wait at least for the first answer.
_PATIENCE = 30.0

_END = b"\r\n\r\n"
_LAST_CHUNK = b"\r\n0\r\n\r\n"


class Connection:
    """A connection with one request in flight, sent at `sent_at` (perf_counter seconds)."""

    def __init__(self, address: tuple[str, int]) -> None:
        self.socket = socket.create_connection(address, timeout=30)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.sent_at = 0.0
        self._received = b""

    def send(self, request: bytes) -> None:
        """Send a request."""
        self.sent_at = time.perf_counter()
        self.socket.sendall(request)

    def receive(self) -> bytes:
        """Read what has arrived; the answer's status line once it is complete, else b"". Raises ConnectionError."""
        some = self.socket.recv(1 << 16)
        if not some:
            raise ConnectionError("closed in the middle of an answer")
        self._received += some
        end = self._received.find(_END)
        if end < 0:
            return b""
        if not self._is_whole(end):
            return b""
        first, self._received = self._received[: self._received.index(b"\r\n")], b""
        return first

    def _is_whole(self, end: int) -> bool:
        """Whether the body is complete; the headers end at `end`."""
        if _CHUNKED.search(self._received, 0, end):
            # Nothing follows the last chunk, because the next request is sent only after it.
            return self._received.endswith(_LAST_CHUNK)
        length = _LENGTH.search(self._received, 0, end)
        return len(self._received) >= end + len(_END) + (int(length[1]) if length else 0)


def drive(base: str, paths: list[str], connections: int, seconds: float, headers: list[str]) -> dict[str, float]:
    """GET the paths in turn on every connection for `seconds`.

    Returns requests, seconds, p99_ms and failed (answers other than 200 and 304).
    """
    address = (str(urlsplit(base).hostname), urlsplit(base).port or 80)
    lines = "".join(f"{header}\r\n" for header in [f"Host: {address[0]}:{address[1]}", *headers])
    requests: Iterator[bytes] = itertools.cycle([f"GET {path} HTTP/1.1\r\n{lines}\r\n".encode() for path in paths])
    taken: list[float] = []
    failed = 0
    with selectors.DefaultSelector() as ready:
        for _ in range(connections):
            connection = Connection(address)
            ready.register(connection.socket, selectors.EVENT_READ, connection)
            connection.send(next(requests))
        begun = time.perf_counter()
        # A slow server gets time for at least one answer.
        while time.perf_counter() < begun + (seconds if taken else max(seconds, _PATIENCE)):
            for key, _ in ready.select(timeout=1):
                answered: Connection = key.data
                if first := answered.receive():
                    taken.append(time.perf_counter() - answered.sent_at)
                    failed += first.split()[1] not in (b"200", b"304")
                    answered.send(next(requests))
        spent = time.perf_counter() - begun
    p99 = sorted(taken)[int(0.99 * len(taken))] if taken else 0.0
    return {"requests": len(taken), "seconds": spent, "p99_ms": 1000 * p99, "failed": failed}


def main() -> None:
    """Read the arguments and print the measurement as JSON."""
    base, listed, connections, seconds, *headers = sys.argv[1:]
    paths = Path(listed).read_text().split()
    print(json.dumps(drive(base, paths, int(connections), float(seconds), headers)))


if __name__ == "__main__":
    main()

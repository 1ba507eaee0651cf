"""Which of this process's connections are closed when one address has too many."""

import fcntl
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from ipaddress import ip_network

import pytest

from api.http import idle_connections
from api.http.closing_connections import FAREWELL, Connection, Overdue, hang_up, listening_ports, own_connections
from api.http.idle_connections import IDLE_OF_ONE_ADDRESS, IdleConnections
from tests.slow_clients import is_open

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="connections are found through /proc")

MANY = IDLE_OF_ONE_ADDRESS + 6


class Server:
    """A listening socket of this process. Clients are on other loopback addresses, to tell the two ends apart."""

    def __init__(self, stack: ExitStack) -> None:
        self._stack = stack
        self._listener = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        self.port: int = self._listener.getsockname()[1]

    def connected(self, address: str = "127.0.0.2") -> tuple[socket.socket, socket.socket]:
        """A client's end of a connection, and ours."""
        client = socket.create_connection(("127.0.0.1", self.port), source_address=(address, 0), timeout=10)
        ours, _ = self._listener.accept()
        return self._stack.enter_context(client), self._stack.enter_context(ours)

    def asking(self, address: str = "127.0.0.2") -> tuple[socket.socket, socket.socket]:
        """The same, where a request has come that is not answered."""
        client, ours = self.connected(address)
        client.sendall(b"GET / HTTP/1.1\r\n\r\n")
        assert ours.recv(100)
        return client, ours

    def excess(self, proxies: str = "192.0.2.0/24", connections: int = 8192) -> int:
        return IdleConnections([ip_network(proxies)], {self.port}, connections).close_excess()


@pytest.fixture
def server() -> Iterator[Server]:
    with ExitStack() as stack:
        yield Server(stack)


def test_the_longest_idle_above_the_bound_are_closed(server: Server) -> None:
    first = [server.connected()[0] for _ in range(6)]
    time.sleep(0.02)
    later = [server.connected()[0] for _ in range(IDLE_OF_ONE_ADDRESS)]

    assert server.excess() == 6

    assert not any(map(is_open, first))
    assert all(map(is_open, later))
    assert server.excess() == 0


def test_connections_whose_request_waits_for_its_answer_are_not_idle(server: Server) -> None:
    asking = [server.asking()[0] for _ in range(MANY)]

    assert server.excess() == 0
    assert all(map(is_open, asking))


def test_an_answered_connection_is_idle(server: Server) -> None:
    for _ in range(MANY):
        _, ours = server.asking()
        ours.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")

    assert server.excess() == 6


def test_every_address_has_its_own_bound(server: Server) -> None:
    for n in range(MANY):
        server.connected(f"127.0.0.{2 + n % 2}")

    assert server.excess() == 0


def test_addresses_of_one_ipv6_network_have_one_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    ended: list[str] = []

    class Found(Connection):
        def end(self, farewell: bytes = b"") -> bool:
            ended.append(self.peer)
            return True

    found = [Found(n, 1, f"2001:db8::{n:x}", 1000 + n, float(n), 0.0, True, True) for n in range(1, MANY + 1)]
    other = Found(0, 1, "2001:db8:0:1::1", 1000, 0.0, 0.0, True, True)
    monkeypatch.setattr(idle_connections, "own_connections", lambda _: [other, *found])
    monkeypatch.setattr("os.listdir", lambda _: [""] * MANY)

    assert IdleConnections([], {1}, 8192).close_excess() == 6
    assert ended == [one.peer for one in found[:6]]


def test_a_trusted_proxy_has_no_bound(server: Server) -> None:
    for _ in range(MANY):
        server.connected()

    assert server.excess("127.0.0.2/32") == 0


def test_one_address_never_has_most_of_the_connections(server: Server) -> None:
    for _ in range(MANY):
        server.asking()

    assert server.excess(connections=8 * IDLE_OF_ONE_ADDRESS) == 6


def test_a_body_is_given_up_on_connections_that_wait_as_long(server: Server) -> None:
    slow, _ = server.asking()
    silent, _ = server.connected()
    answered, theirs = server.asking()
    time.sleep(0.02)
    theirs.sendall(b"x")
    assert answered.recv(1) == b"x"
    other, _ = server.asking("127.0.0.3")
    since = next(c.sent_at for c in own_connections({server.port}) if c.peer_port == slow.getsockname()[1])
    new, _ = server.asking()

    assert hang_up([Overdue("127.0.0.2", server.port, since, 0.002, True, answered=False, farewell=FAREWELL)])

    assert slow.recv(1000) == FAREWELL
    assert all(map(is_open, (silent, answered, other, new)))


def test_a_body_whose_answer_has_begun_is_not_looked_for_where_nothing_was_sent(server: Server) -> None:
    unanswered, _ = server.asking()
    since = time.monotonic()
    batch, ours = server.asking()
    time.sleep(0.05)
    ours.sendall(b"x")
    assert batch.recv(1) == b"x"

    assert hang_up([Overdue("127.0.0.2", server.port, since, 5, spare_idle=False, answered=True, farewell=b"")])

    assert not is_open(batch)
    assert is_open(unanswered)


def test_a_connection_that_is_more_likely_anothers_is_left_alone(server: Server) -> None:
    slow, _ = server.asking()
    batch, ours = server.asking()
    time.sleep(0.05)
    ours.sendall(b"x")
    assert batch.recv(1) == b"x"
    sent = next(c.sent_at for c in own_connections({server.port}) if c.peer_port == batch.getsockname()[1])
    # A busy server began to read the article when it had just answered the batch's first line.
    article = Overdue("127.0.0.2", server.port, sent + 0.001, 0.02, True, answered=False, farewell=FAREWELL)
    rest = Overdue("127.0.0.2", server.port, sent + 0.2, 5, False, answered=True, farewell=b"")

    assert hang_up([article], [rest]) == [article]

    assert slow.recv(1000) == FAREWELL
    assert is_open(batch)


def test_looking_at_connections_releases_no_lock_of_a_file(server: Server, tmp_path) -> None:
    # As SQLite's: such a lock is gone as soon as its process closes any descriptor of the file.
    path = tmp_path / "locked"
    try_it = "import fcntl, sys; fcntl.lockf(open(sys.argv[1], 'a'), fcntl.LOCK_EX | fcntl.LOCK_NB)"
    with path.open("a") as locked:
        fcntl.lockf(locked, fcntl.LOCK_EX)
        for _ in range(MANY):
            server.connected()
        assert server.excess() == 6
        listening_ports()
        other = subprocess.run([sys.executable, "-c", try_it, path], capture_output=True, text=True, check=False)
    assert "BlockingIOError" in other.stderr


def test_the_ports_that_a_process_listens_on_are_found(server: Server) -> None:
    assert server.port in listening_ports()

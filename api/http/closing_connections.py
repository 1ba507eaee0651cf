"""Close connections of slow clients (Linux, by kernel TCP info).

The server has no call for it, and doesn't say which connection a request came by. Known are the client's address, and
since when nothing was sent to the client, as its body was awaited. So the connection from that address is closed on
which this process last sent something nearest before. It may be the wrong one, whose response is still being computed;
its client has to ask again, and the next look closes another.
"""

import os
import socket
import stat
import struct
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import ip_address

_PROBLEM = (
    b'{"type":"/problems/request-timeout","title":"Request Timeout","status":408,'
    b'"detail":"The body did not come in time."}'
)

#: Response to a body that timed out, for a connection that the server is not writing to.
FAREWELL = (
    b"HTTP/1.1 408 Request Timeout\r\nContent-Type: application/problem+json\r\nConnection: close\r\n"
    b"Content-Length: %d\r\n\r\n%s"
) % (len(_PROBLEM), _PROBLEM)

#: tcp_info (linux/tcp.h): tcpi_state, tcpi_last_data_sent and tcpi_last_data_recv (milliseconds ago),
#: tcpi_bytes_received, tcpi_data_segs_out.
_TCP_INFO = struct.Struct("=B 43x I 4x I 72x Q 20x I")


#: States (net/tcp_states.h) of a connection that this side has not ended: ESTABLISHED and CLOSE_WAIT.
_OPEN = (1, 8)


@dataclass(frozen=True, slots=True)
class Connection:
    """A connection of this process, as it was when looked at.

    `sent_at` and `received_at`: when data was last sent and received, or when it was made (monotonic seconds).
    """

    fd: int
    port: int
    peer: str
    peer_port: int
    sent_at: float
    received_at: float
    sent_any: bool
    received_any: bool

    @property
    def is_idle(self) -> bool:
        """Whether no request waits for its response: nothing has come, or the response to what came was begun."""
        return not self.received_any or (self.sent_any and self.sent_at >= self.received_at)

    @property
    def is_surely_idle(self) -> bool:
        """Like `is_idle`, but false if the next request may have come within a tick of the kernel's clock."""
        return not self.received_any or (self.sent_any and self.sent_at > self.received_at)

    def end(self, farewell: bytes = b"") -> bool:
        """End it, with `farewell` as the last data sent; whether it was still there."""
        with suppress(OSError):
            copy = os.dup(self.fd)
            if not stat.S_ISSOCK(os.fstat(copy).st_mode):
                # A file has got the descriptor meanwhile. Closing a duplicate would release SQLite's locks on it.
                return False
            with socket.socket(fileno=copy) as connection:
                if connection.getpeername()[1] != self.peer_port or _peer(connection) != self.peer:
                    return False
                with suppress(OSError):
                    connection.send(farewell, socket.MSG_DONTWAIT)
                connection.shutdown(socket.SHUT_RDWR)
                return True
        return False


@dataclass(frozen=True, slots=True)
class Overdue:
    """A body to give up. It comes from `address` to our `port`, and since `silent_since` nothing was sent there.

    `late`: seconds by which data may have left after that. `spare_idle`: whether idle connections are not meant.
    `answered`: whether the response has begun, so that something was sent on its connection.
    """

    address: str
    port: int
    silent_since: float
    late: float
    spare_idle: bool
    answered: bool
    farewell: bytes

    def may_come_by(self, connection: Connection) -> bool:
        """Whether this body may be what is awaited on a connection from its address."""
        if connection.port != self.port or connection.sent_at > self.silent_since + self.late:
            return False
        if self.answered and not connection.sent_any:
            return False
        return not (self.spare_idle and connection.is_surely_idle)


def hang_up(bodies: Iterable[Overdue], others: Iterable[Overdue] = ()) -> list[Overdue]:
    """Close for each of `bodies` the connection that it most likely comes by; returns those with one. Linux only.

    `others` are bodies that still have time: a connection that is more likely theirs is left alone.
    """
    bodies = list(bodies)
    every = [*bodies, *others]
    wanted = {body.address for body in bodies}
    connections = [one for one in own_connections({body.port for body in bodies}) if one.peer in wanted]
    # Those whose response has begun come first: fewer connections may be theirs.
    pairs = [
        (not body.answered, abs(body.silent_since - connection.sent_at), number, connection)
        for number, body in enumerate(every)
        for connection in connections
        if connection.peer == body.address and body.may_come_by(connection)
    ]
    found: dict[int, Connection] = {}
    taken: set[int] = set()
    for *_, number, connection in sorted(pairs, key=lambda pair: pair[:2]):
        if number not in found and connection.fd not in taken:
            found[number] = connection
            taken.add(connection.fd)
    return [body for n, body in enumerate(bodies) if n in found and found[n].end(body.farewell)]


def own_connections(ports: set[int]) -> Iterator[Connection]:
    """Find the process's connections to its `ports`. Linux only: elsewhere none are found."""
    for fd, connection in _own_sockets():
        with suppress(OSError):
            port = connection.getsockname()[1]
            if port not in ports:
                continue
            peer, peer_port = _peer(connection), connection.getpeername()[1]
            told = connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _TCP_INFO.size)
            now = time.monotonic()
            state, unsent, unreceived, received, segments_sent = _TCP_INFO.unpack(told)
            if state in _OPEN:
                times = now - unsent / 1000, now - unreceived / 1000
                yield Connection(fd, port, peer, peer_port, *times, segments_sent > 0, received > 0)


def listening_ports() -> set[int]:
    """Find the TCP ports on which the process listens. Linux only: elsewhere none are found."""
    found = set()
    for _, listener in _own_sockets():
        with suppress(OSError):
            if listener.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
                found.add(listener.getsockname()[1])
    return found


def _own_sockets() -> Iterator[tuple[int, socket.socket]]:
    """Find the process's Internet sockets: descriptors that are only to be asked, as the server may close them.

    No descriptor is duplicated here: closing a duplicate of a file's would release all locks that SQLite has on it.
    """
    for name in os.listdir("/proc/self/fd") if sys.platform == "linux" else ():
        try:
            # OSError: no socket, or closed meanwhile.
            asked = socket.socket(fileno=int(name))
        except OSError:
            continue
        try:
            if asked.family in (socket.AF_INET, socket.AF_INET6):
                yield asked.fileno(), asked
        finally:
            asked.detach()


def _peer(connection: socket.socket) -> str:
    return plain_address(str(connection.getpeername()[0]))


@lru_cache(maxsize=4096)
def plain_address(address: str) -> str:
    """An address in its plain form: a dual-stack listener gives IPv4 addresses as IPv4-mapped IPv6."""
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    return str(getattr(parsed, "ipv4_mapped", None) or parsed)

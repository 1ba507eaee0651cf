"""Ending connections of this process from outside the server that owns them, which can't be asked to.

The server doesn't tell a request which connection it came by. What is known is the client's address, and that to a
client whose body is waited for nothing was sent all the while: of that address, connections on which we have been
silent for as long are ended. Of others that only a connection that idles, or on which an answer is computed, is like
that; the client of either has to connect again.
"""

import os
import socket
import stat
import struct
import sys
from collections.abc import Iterator
from contextlib import suppress
from ipaddress import ip_address

_PROBLEM = (
    b'{"type":"/problems/request-timeout","title":"Request Timeout","status":408,'
    b'"detail":"The body did not come in time."}'
)

#: The answer to a body that did not come, for a connection that the server is not writing to.
FAREWELL = (
    b"HTTP/1.1 408 Request Timeout\r\nContent-Type: application/problem+json\r\nConnection: close\r\n"
    b"Content-Length: %d\r\n\r\n%s"
) % (len(_PROBLEM), _PROBLEM)

#: tcp_info (linux/tcp.h) up to tcpi_last_data_sent, in milliseconds: eight bytes and nine words come before.
_LAST_SENT = struct.Struct("8x 36x I")


def hang_up(address: str, port: int, silent_for: float, farewell: bytes) -> int:
    """End the connections from this address to our port on which nothing was sent for so many seconds; how many.

    `farewell` is sent before. Linux only: elsewhere none are ended.
    """
    ended = 0
    for connection in _connections(address, port) if sys.platform == "linux" else ():
        with connection, suppress(OSError):
            told = connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _LAST_SENT.size)
            if _LAST_SENT.unpack(told)[0] >= 1000 * silent_for:
                with suppress(OSError):
                    connection.send(farewell, socket.MSG_DONTWAIT)
                connection.shutdown(socket.SHUT_RDWR)
                ended += 1
    return ended


def _connections(address: str, port: int) -> Iterator[socket.socket]:
    """Copies of the sockets by which this process serves the address at this port."""
    wanted = _plain(address)
    for name in os.listdir("/proc/self/fd"):
        with suppress(OSError):
            copy = os.dup(int(name))
            if not stat.S_ISSOCK(os.fstat(copy).st_mode):
                os.close(copy)
                continue
            connection = socket.socket(fileno=copy)
            if _serves(connection, wanted, port):
                yield connection
            else:
                connection.close()


def _serves(connection: socket.socket, address: str, port: int) -> bool:
    if connection.family not in (socket.AF_INET, socket.AF_INET6):
        return False
    try:
        return connection.getsockname()[1] == port and _plain(str(connection.getpeername()[0])) == address
    except OSError:
        return False


def _plain(address: str) -> str:
    """An IPv4 address as itself, though a listener of both kinds gives it as IPv6."""
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    return str(getattr(parsed, "ipv4_mapped", None) or parsed)

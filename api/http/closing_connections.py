"""Close connections whose body timed out (Linux, by kernel TCP info).

The server has no call for it, and doesn't say which connection a request came by. Known are the client's address, and
that nothing was sent to the client while its body was awaited. So every connection from that address is closed on
which this process has sent nothing for as long. That includes connections from the same address that are idle, or
whose response is still being computed; their clients have to reconnect.
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

#: Response to a body that timed out, for a connection that the server is not writing to.
FAREWELL = (
    b"HTTP/1.1 408 Request Timeout\r\nContent-Type: application/problem+json\r\nConnection: close\r\n"
    b"Content-Length: %d\r\n\r\n%s"
) % (len(_PROBLEM), _PROBLEM)

#: tcp_info (linux/tcp.h) up to tcpi_last_data_sent (milliseconds), which follows eight bytes and nine 32-bit words.
_LAST_SENT = struct.Struct("8x 36x I")


def hang_up(address: str, port: int, silent_for: float, farewell: bytes) -> int:
    """Close connections from `address` to our `port` without data sent for `silent_for` seconds; returns how many.

    `farewell` is sent first. Linux only: elsewhere none are closed.
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
    """Duplicates of this process's sockets that are connected to `address` at our `port`."""
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
    """An address in its plain form: a dual-stack listener gives IPv4 addresses as IPv4-mapped IPv6."""
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    return str(getattr(parsed, "ipv4_mapped", None) or parsed)

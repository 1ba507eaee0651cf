"""Frames on a socket between a process and its parser: four bytes of length, then the content."""

import socket
import struct
import time

_LENGTH = struct.Struct(">I")


def send(connection: socket.socket, content: bytes, deadline: float | None = None) -> None:
    """Send a frame. Raises TimeoutError at `deadline` (time.monotonic), OSError if nobody listens."""
    _set_timeout(connection, deadline)
    connection.sendall(_LENGTH.pack(len(content)))
    _set_timeout(connection, deadline)
    connection.sendall(content)


def receive(connection: socket.socket, longest: int, deadline: float | None = None) -> bytes:
    """Receive a frame. Raises EOFError at the end, ValueError if longer than `longest` bytes, else as `send`."""
    (length,) = _LENGTH.unpack(_exactly(connection, _LENGTH.size, deadline))
    if length > longest:
        raise ValueError(f"a frame of {length:,} bytes, longer than {longest:,}")
    return _exactly(connection, length, deadline)


def _exactly(connection: socket.socket, length: int, deadline: float | None) -> bytes:
    content = bytearray()
    while len(content) < length:
        _set_timeout(connection, deadline)
        part = connection.recv(min(length - len(content), 1 << 20))
        if not part:
            raise EOFError
        content += part
    return bytes(content)


def _set_timeout(connection: socket.socket, deadline: float | None) -> None:
    if deadline is None:
        connection.settimeout(None)
        return
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    connection.settimeout(left)

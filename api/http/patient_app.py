"""WSGI middleware: requests compute in turns, hold none while a client is waited for, and don't wait for it for ever.

The server passes a request on before its body has arrived, and reading the body blocks a thread; so does a client that
does not read the next part of a streamed response. So there are more threads than may compute at once.
"""

import math
import time
from collections.abc import Callable, Iterable, Iterator
from typing import IO, TYPE_CHECKING, Any

from api.http.clients import Networks, is_among
from api.http.closing_connections import plain_address
from api.http.middleware import BEGAN, PROBES
from api.http.slow_clients import BODY_SECONDS, BYTES_A_SECOND, Awaited, Waiting
from api.http.turns import Turns

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

#: Key of the WSGI environ: a function that sleeps for some seconds without the request's turn.
REST = "entente.rest"


class PatientApp:
    """WSGI middleware: requests compute in turns, and slow clients are given up (slow_clients.py)."""

    def __init__(self, app: "WSGIApplication", turns: Turns, proxies: Networks = ()) -> None:
        self._app = app
        self._proxies = tuple(proxies)
        self._turns = turns
        self._waiting = Waiting()

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        # What a request waits for its turn belongs to its time.
        environ[BEGAN] = time.perf_counter()
        if environ.get("PATH_INFO") in PROBES:
            return self._app(environ, start_response)
        environ[REST] = self._rest
        body: _Body | None = None
        if "CONTENT_LENGTH" in environ or "HTTP_TRANSFER_ENCODING" in environ:
            sender = self._client(environ, BODY_SECONDS)
            length = environ.get("CONTENT_LENGTH") or ""
            left = int(length) if length.isdecimal() else None
            environ["wsgi.input"] = body = _Body(environ["wsgi.input"], left, sender, self._turns, self._waiting)
            start_response = _noting(sender, start_response)
        self._turns.take()
        try:
            answer = self._app(environ, start_response)
        finally:
            self._turns.leave()
        if isinstance(answer, list | tuple):
            # A list is sent as one part by granian, which then waits for no client.
            return list(answer)
        reader = self._client(environ, math.inf)
        reader.answered = True
        return _Answer(answer, body, reader, self._turns, self._waiting)

    def _client(self, environ: "WSGIEnvironment", seconds: float) -> Awaited:
        now = time.monotonic()
        address = plain_address(environ.get("REMOTE_ADDR", ""))
        proxied = is_among(address, self._proxies)
        return Awaited(address, int(environ.get("SERVER_PORT", 0)), proxied, now, now, now + seconds)

    def _rest(self, seconds: float) -> None:
        with self._turns.given_back():
            time.sleep(seconds)


def _noting(sender: Awaited, start_response: "StartResponse") -> "StartResponse":
    def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Callable[[bytes], object]:
        sender.answered = True
        return start_response(status, headers, *more)

    return start


class _Body:
    """A request's body; reading it returns the request's turn until the read ends.

    `left`: bytes that are still to come, None if that is not known.
    """

    def __init__(self, stream: IO[bytes], left: int | None, sender: Awaited, turns: Turns, waiting: Waiting) -> None:
        self.ended = left == 0
        self._left = left
        self._stream = stream
        self._sender = sender
        self._turns = turns
        self._waiting = waiting

    def read(self, size: int = -1) -> bytes:
        with self._turns.given_back():
            found = self._waiting.read(self._sender, lambda: self._stream.read(size))
        self._sender.moved += len(found)
        self._sender.until += len(found) / BYTES_A_SECOND
        if self._left is not None:
            self._left -= len(found)
        self.ended = self.ended or size < 0 or (size > 0 and not found) or self._left == 0
        return found


class _Answer:
    """A response in parts, each of which takes a turn; between two, the client is waited for without one.

    The client may pause for as long as it likes, unless its `body` has not ended: one that reads only after it has sent
    all waits for this process, as this process waits for it.
    """

    def __init__(
        self, parts: Iterable[bytes], body: _Body | None, reader: Awaited, turns: Turns, waiting: Waiting
    ) -> None:
        self._body = body
        self._parts = parts
        self._next = iter(parts).__next__
        self._reader = reader
        self._turns = turns
        self._waiting = waiting

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        self._waiting.leave(self._reader)
        self._turns.take()
        try:
            part = self._next()
        finally:
            self._turns.leave()
        self._reader.moved += len(part)
        unfinished = self._body is not None and not self._body.ended
        self._reader.until = time.monotonic() + BODY_SECONDS if unfinished else math.inf
        self._waiting.enter(self._reader)
        return part

    def close(self) -> None:
        self._waiting.leave(self._reader)
        close = getattr(self._parts, "close", None)
        if close:
            close()

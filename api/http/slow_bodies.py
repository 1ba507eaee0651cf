"""Limits for slow request bodies: they hold no turn at computing, and their connections are closed after a deadline.

The server passes a request on before its body has arrived, and reading the body blocks a thread. So there are more
threads than may compute at once: a request takes one of ENTENTE_API_THREADS turns, and returns it while it waits for
its body. A blocked read ends only when its connection is closed (api/http/closing_connections.py).
"""

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any

from werkzeug.exceptions import RequestTimeout, ServiceUnavailable
from werkzeug.wsgi import ClosingIterator

from api.http.closing_connections import FAREWELL, hang_up
from api.http.turns import Turns
from entente.bootstrap.api_server import BODY_PLACES

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

#: Seconds that a body may take, and the bytes received for which it gets one second more.
BODY_SECONDS = 20.0
BYTES_A_SECOND = 10_000

#: Seconds that a body is awaited at least, before a newer one may replace it when every place is taken.
LEAST_SECONDS = 1.0

#: Answered without a turn: they compute nothing, wait for a bounded time, and must be answered when all else waits.
PROBES = frozenset(("/healthz", "/readyz"))

_LOOK_EVERY = 0.5


@dataclass(eq=False, slots=True)
class Sending:
    """A client whose body is being read. `since`: start of the current read; `until`: deadline (monotonic seconds)."""

    address: str
    port: int
    since: float
    until: float
    given_up: bool = False
    #: Whether the response has begun, as that to a batch does before the body ends.
    answered: bool = False

    def give_up(self) -> None:
        """Close its connection. Repeated until its read returns: data sent before it may have left the socket late."""
        self.given_up = True
        silent_for = time.monotonic() - self.since - _LOOK_EVERY
        hang_up(self.address, self.port, silent_for, b"" if self.answered else FAREWELL)


class Waiting:
    """The bodies being read. Gives up any past its deadline, and the longest awaited when every place is taken."""

    def __init__(self, places: int = BODY_PLACES) -> None:
        self._places = places
        self._lock = threading.Lock()
        self._sending: set[Sending] = set()
        self._watcher: threading.Thread | None = None

    def read(self, sending: Sending, read: Callable[[], bytes]) -> bytes:
        """Call `read`. Raises RequestTimeout if the body was given up, ServiceUnavailable if too many are sending."""
        self._enter(sending)
        try:
            found = read()
        finally:
            with self._lock:
                self._sending.discard(sending)
        if sending.given_up:
            raise RequestTimeout("The body did not come in time.")
        return found

    def _enter(self, sending: Sending) -> None:
        slowest = None
        sending.since = time.monotonic()
        with self._lock:
            waiting = [other for other in self._sending if not other.given_up]
            if len(waiting) >= self._places:
                slowest = min(waiting, key=lambda other: other.since)
                if time.monotonic() - slowest.since < LEAST_SECONDS:
                    raise ServiceUnavailable("Too many clients are sending at once; try again.", retry_after=1)
            self._sending.add(sending)
            if self._watcher is None:
                self._watcher = threading.Thread(target=self._watch, name="slow-bodies", daemon=True)
                self._watcher.start()
        if slowest:
            slowest.give_up()

    def _watch(self) -> None:
        while True:
            time.sleep(_LOOK_EVERY)
            now = time.monotonic()
            with self._lock:
                late = [sending for sending in self._sending if sending.given_up or now > sending.until]
            for sending in late:
                sending.give_up()


class PatientApp:
    """WSGI middleware: requests compute in turns, and none waits for its body past a deadline."""

    def __init__(self, app: "WSGIApplication", turns: Turns) -> None:
        self._app = app
        self._turns = turns
        self._waiting = Waiting()

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        if environ.get("PATH_INFO") in PROBES:
            return self._app(environ, start_response)
        if "CONTENT_LENGTH" in environ or "HTTP_TRANSFER_ENCODING" in environ:
            now = time.monotonic()
            came_by = environ.get("REMOTE_ADDR", ""), int(environ.get("SERVER_PORT", 0))
            sending = Sending(*came_by, now, now + BODY_SECONDS)
            environ["wsgi.input"] = _Body(environ["wsgi.input"], sending, self._turns, self._waiting)
            start_response = _noting(sending, start_response)
        self._turns.take()
        try:
            answer = self._app(environ, start_response)
        except BaseException:
            self._turns.leave()
            raise
        if isinstance(answer, list):
            self._turns.leave()
            return answer
        # granian iterates an answer in the thread that called the application.
        return ClosingIterator(answer, [self._turns.leave])


def _noting(sending: Sending, start_response: "StartResponse") -> "StartResponse":
    def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Callable[[bytes], object]:
        sending.answered = True
        return start_response(status, headers, *more)

    return start


class _Body:
    """A request's body; reading it returns the request's turn until the read ends."""

    def __init__(self, stream: IO[bytes], sending: Sending, turns: Turns, waiting: Waiting) -> None:
        self._stream = stream
        self._sending = sending
        self._turns = turns
        self._waiting = waiting

    def read(self, size: int = -1) -> bytes:
        with self._turns.given_back():
            found = self._waiting.read(self._sending, lambda: self._stream.read(size))
        self._sending.until += len(found) / BYTES_A_SECOND
        return found

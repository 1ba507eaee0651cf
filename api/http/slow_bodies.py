"""Limits for slow request bodies: they hold no turn at computing, and their connections are closed after a deadline.

The server passes a request on before its body has arrived, and reading the body blocks a thread. So there are more
threads than may compute at once: a request takes one of ENTENTE_API_THREADS turns, and returns it while it waits for
its body. A blocked read ends only when its connection is closed (api/http/closing_connections.py).
"""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from queue import SimpleQueue
from typing import IO, TYPE_CHECKING, Any

from werkzeug.exceptions import RequestTimeout, ServiceUnavailable
from werkzeug.wsgi import ClosingIterator

from api.http.clients import Networks, is_among
from api.http.closing_connections import FAREWELL, Overdue, hang_up, plain_address
from entente.bootstrap.api_server import BODY_PLACES, SPARE_THREADS

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

#: Seconds that a body may take, and the bytes received for which it gets one second more.
BODY_SECONDS = 20.0
BYTES_A_SECOND = 10_000

_LOOK_EVERY = 0.5

#: When more than BODY_PLACES bodies are awaited, those older than this give way; when no spare thread is left, any.
LEAST_SECONDS = 1.0

#: Seconds by which data may seem to leave after a request's head has come: by the kernel's clock, and where the
#: response is streamed while the body comes.
_LATE = 0.02
_LATE_STREAMED = 0.5

#: Each second for which closing was in vain adds so many to those: what was sent before may have left slowly.
_IMPATIENCE = 2.0


@dataclass(eq=False, slots=True)
class Sending:
    """A client whose body is being read. Times are in monotonic seconds."""

    address: str
    port: int
    #: Whether a trusted proxy sends it: its connections are those of many clients.
    proxied: bool
    began: float
    #: Start of the current read.
    since: float
    #: Deadline.
    until: float
    received: int = 0
    #: When it was given up.
    given_up: float | None = None
    #: When closing its connection is next tried: a read needs a moment to end.
    next_try: float = 0.0
    #: Whether the response has begun, as that to a batch does before the body ends.
    answered: bool = False

    def overdue(self, now: float) -> Overdue:
        """What tells its connection. The longer closing was in vain, the more connections that may be."""
        in_vain = 0.0 if self.given_up is None or self.proxied else now - self.given_up
        since, late, farewell = (self.since, _LATE_STREAMED, b"") if self.answered else (self.began, _LATE, FAREWELL)
        spare_idle = not self.answered and in_vain < 1
        return Overdue(self.address, self.port, since, late + _IMPATIENCE * in_vain, spare_idle, farewell)


class Waiting:
    """The bodies being read. Gives up any past its deadline, and one for each that comes when all places are taken."""

    def __init__(self, places: int = BODY_PLACES, spare: int = SPARE_THREADS // 2) -> None:
        self._places = places
        self._spare = spare
        self._lock = threading.Lock()
        self._sending: set[Sending] = set()
        self._watcher: threading.Thread | None = None
        self._wake = threading.Event()

    def read(self, sending: Sending, read: Callable[[], bytes]) -> bytes:
        """Call `read`. Raises RequestTimeout if the body was given up, ServiceUnavailable if proxies send too many."""
        self._enter(sending)
        try:
            found = read()
        finally:
            with self._lock:
                self._sending.discard(sending)
        if sending.given_up is not None:
            raise RequestTimeout("The body did not come in time.")
        return found

    def _enter(self, sending: Sending) -> None:
        now = sending.since = time.monotonic()
        with self._lock:
            if len(self._sending) >= self._places:
                self._make_room(now)
            self._sending.add(sending)
            if self._watcher is None:
                self._watcher = threading.Thread(target=self._watch, name="slow-bodies", daemon=True)
                self._watcher.start()

    def _make_room(self, now: float) -> None:
        """Give up a body if every place is taken: the slowest, then oldest, of the address that sends most.

        So a client loses its place only to itself, or to one with no more bodies. The new one is never refused: it may
        be small and have come already, which only reading it shows.
        """
        waiting = [sending for sending in self._sending if sending.given_up is None]
        if len(waiting) < self._places:
            return
        full = len(self._sending) >= self._places + self._spare
        shares = Counter(sending.address for sending in waiting)
        closable = [s for s in waiting if not s.proxied and (full or now - s.began >= LEAST_SECONDS)]
        if closable:
            worst = max(closable, key=lambda s: (shares[s.address], -s.received / (now - s.began + _LATE), -s.began))
            worst.given_up = now
            self._wake.set()
        elif full:
            # Trusted proxies' bodies, or none that is not being closed.
            raise ServiceUnavailable("Too many clients are sending at once; try again.", retry_after=1)

    def _watch(self) -> None:
        while True:
            self._wake.wait(_LOOK_EVERY)
            self._wake.clear()
            now = time.monotonic()
            with self._lock:
                for sending in self._sending:
                    if sending.given_up is None and now > sending.until:
                        sending.given_up = now
                due = [s for s in self._sending if s.given_up is not None and s.next_try <= now]
                for sending in due:
                    sending.next_try = now + _LOOK_EVERY
                late = [sending.overdue(now) for sending in due]
            if late:
                # Without a free descriptor the connections can't be looked at: the next look may find one.
                with suppress(OSError):
                    hang_up(late)
                # Looking takes half of the time at most, however many come.
                time.sleep(time.monotonic() - now)


class PatientApp:
    """WSGI middleware: at most `turns` requests compute at once, and none waits for its body past a deadline."""

    def __init__(self, app: "WSGIApplication", turns: int, proxies: Networks = ()) -> None:
        self._app = app
        self._proxies = tuple(proxies)
        self._turns: SimpleQueue[None] = SimpleQueue()
        self._waiting = Waiting()
        for _ in range(turns):
            self._turns.put(None)

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        if "CONTENT_LENGTH" in environ or "HTTP_TRANSFER_ENCODING" in environ:
            now = time.monotonic()
            address = plain_address(environ.get("REMOTE_ADDR", ""))
            proxied = is_among(address, self._proxies)
            sending = Sending(address, int(environ.get("SERVER_PORT", 0)), proxied, now, now, now + BODY_SECONDS)
            environ["wsgi.input"] = _Body(environ["wsgi.input"], sending, self._turns, self._waiting)
            start_response = _noting(sending, start_response)
        self._turns.get()
        try:
            answer = self._app(environ, start_response)
        except BaseException:
            self._turns.put(None)
            raise
        if isinstance(answer, list):
            self._turns.put(None)
            return answer
        return ClosingIterator(answer, [lambda: self._turns.put(None)])


def _noting(sending: Sending, start_response: "StartResponse") -> "StartResponse":
    def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Callable[[bytes], object]:
        sending.answered = True
        return start_response(status, headers, *more)

    return start


class _Body:
    """A request's body; reading it returns the request's turn until the read ends."""

    def __init__(self, stream: IO[bytes], sending: Sending, turns: SimpleQueue[None], waiting: Waiting) -> None:
        self._stream = stream
        self._sending = sending
        self._turns = turns
        self._waiting = waiting

    def read(self, size: int = -1) -> bytes:
        self._turns.put(None)
        try:
            found = self._waiting.read(self._sending, lambda: self._stream.read(size))
        finally:
            self._turns.get()
        self._sending.received += len(found)
        self._sending.until += len(found) / BYTES_A_SECOND
        return found

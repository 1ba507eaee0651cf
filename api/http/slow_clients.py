"""Limits for clients that a thread waits for: that send a body slowly, or read a streamed response slowly.

A body has a deadline, and there are BODY_PLACES places for all. A thread that is blocked on a client goes on only when
the connection is closed (api/http/closing_connections.py).
"""

import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from werkzeug.exceptions import RequestTimeout, ServiceUnavailable

from api.http.clients import limit_key
from api.http.closing_connections import FAREWELL, Overdue, hang_up
from entente.bootstrap.api_server import BODY_PLACES, SPARE_THREADS

#: Seconds that a body may take, and the bytes received for which it gets one second more.
BODY_SECONDS = 20.0
BYTES_A_SECOND = 10_000

_LOOK_EVERY = 0.5

#: Seconds after which a connection that was closed for a client is taken for another's, as the client is still awaited:
#: the thread that reads needs its turn to notice, on a busy machine for longer than a look takes.
_NOTICED_WITHIN = 10.0

#: When more than BODY_PLACES clients are awaited, those for longer than this give way; with no spare thread left, any.
LEAST_SECONDS = 1.0

#: Seconds by which data may seem to leave after a request's head has come: by the kernel's clock, and where the
#: response is streamed while the body comes, which a busy server may send some time after it was handed over.
_LATE = 0.02
_LATE_STREAMED = 5.0

#: Each second for which closing was in vain adds so many to those: what was sent before may have left slowly.
_IMPATIENCE = 2.0


@dataclass(eq=False, slots=True)
class Awaited:
    """A client that a thread waits for. Times are in monotonic seconds."""

    address: str
    port: int
    #: Whether it is a trusted proxy: its connections are those of many clients.
    proxied: bool
    #: When its request began.
    began: float
    #: Start of the current wait.
    since: float
    #: Deadline.
    until: float
    #: Bytes received from it, or sent to it.
    moved: int = 0
    #: When it was given up.
    given_up: float | None = None
    #: When closing its connection is next tried: a read needs a moment to end.
    next_try: float = 0.0
    #: Whether the response has begun, as that to a batch does before the body ends.
    answered: bool = False

    @property
    def silent_since(self) -> float:
        """Since when nothing has been sent to it."""
        return self.since if self.answered else self.began

    def in_vain(self, now: float) -> float:
        """Seconds for which its connection has been looked for."""
        return 0.0 if self.given_up is None or self.proxied else now - self.given_up

    def overdue(self, now: float) -> Overdue:
        """What tells its connection. The longer closing was in vain, the more connections that may be."""
        in_vain = self.in_vain(now)
        late, farewell = (_LATE_STREAMED, b"") if self.answered else (_LATE, FAREWELL)
        spare_idle = not self.answered and in_vain < 1
        late += _IMPATIENCE * in_vain
        return Overdue(self.address, self.port, self.silent_since, late, spare_idle, self.answered, farewell)


class Waiting:
    """The clients being awaited. Gives up any past its deadline, and one for each new one when all places are taken."""

    def __init__(self, places: int = BODY_PLACES, spare: int = SPARE_THREADS // 2) -> None:
        self._places = places
        self._spare = spare
        self._lock = threading.Lock()
        self._awaited: set[Awaited] = set()
        self._watcher: threading.Thread | None = None
        self._wake = threading.Event()

    def read(self, sender: Awaited, read: Callable[[], bytes]) -> bytes:
        """Call `read`. Raises RequestTimeout if the body was given up, ServiceUnavailable if proxies send too many."""
        if not self.enter(sender):
            self.leave(sender)
            raise ServiceUnavailable("Too many clients are sending at once; try again.", retry_after=1)
        try:
            found = read()
        finally:
            self.leave(sender)
        if sender.given_up is not None:
            raise RequestTimeout("The body did not come in time.")
        return found

    def enter(self, client: Awaited) -> bool:
        """Begin to wait for a client; false if no thread can be spared for that."""
        now = client.since = time.monotonic()
        with self._lock:
            room = len(self._awaited) < self._places or self._make_room(now)
            self._awaited.add(client)
            if self._watcher is None:
                self._watcher = threading.Thread(target=self._watch, name="slow-clients", daemon=True)
                self._watcher.start()
        return room

    def leave(self, client: Awaited) -> None:
        """End to wait for a client."""
        with self._lock:
            self._awaited.discard(client)

    def _make_room(self, now: float) -> bool:
        """Give up a client if every place is taken: the slowest, then longest awaited, of the address with most.

        So a client loses its place only to itself, or to one with no more requests. The new one keeps its place: its
        body may be small and have come already, which only reading it shows.
        """
        waiting = [client for client in self._awaited if client.given_up is None]
        if len(waiting) < self._places:
            return True
        full = len(self._awaited) >= self._places + self._spare
        shares = Counter(limit_key(client.address) for client in waiting)
        closable = [c for c in waiting if not c.proxied and (full or now - c.silent_since >= LEAST_SECONDS)]
        if closable:
            worst = max(
                closable,
                key=lambda c: (shares[limit_key(c.address)], -c.moved / (now - c.began + _LATE), -c.silent_since),
            )
            worst.given_up = now
            self._wake.set()
        return bool(closable) or not full

    def _watch(self) -> None:
        while True:
            self._wake.wait(_LOOK_EVERY)
            self._wake.clear()
            now = time.monotonic()
            with self._lock:
                for client in self._awaited:
                    if client.given_up is None and now > client.until:
                        client.given_up = now
                due = [client for client in self._awaited if client.given_up is not None and client.next_try <= now]
                for client in due:
                    client.next_try = now + _LOOK_EVERY
                late = {client.overdue(now): client for client in due}
                others = [client.overdue(now) for client in self._awaited if client.given_up is None]
                if any(client.in_vain(now) >= 1 for client in due):
                    # One of them may have been taken for the one on whose connection a body is late.
                    others = []
            if late:
                # Without a free descriptor the connections can't be looked at: the next look may find one.
                with suppress(OSError):
                    for closed in hang_up(late, others):
                        late[closed].next_try = now + _NOTICED_WITHIN
                # Looking takes half of the time at most, however many come.
                time.sleep(time.monotonic() - now)

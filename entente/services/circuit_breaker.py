"""CircuitBreaker: stop asking a third party that fails, and let one caller try it again after growing pauses.

closed      every call is made
open        none is: callers get CircuitOpen at once and do without
half-open   the pause is over: one caller's call is made, the others still get CircuitOpen

docs/adr/0013-circuit-breakers.md says why this is no library.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext

#: Seconds until the first new try after a failure, and at most; each failed try doubles the pause.
FIRST_PAUSE = 0.5
LONGEST_PAUSE = 5.0

#: Makes a context that is entered for as long as a call waits for a third party.
Waiting = Callable[[], AbstractContextManager[object]]


#: Told of a change: name, failures in a row (0: it answers again), seconds until the next try.
Tell = Callable[[str, int, float], None]


def _nobody(name: str, failures: int, next_try_in: float) -> None:
    pass


class CircuitOpen(Exception):
    """The third party failed a moment ago; it is not asked again yet."""


class CircuitBreaker:
    """Shared by all that call one third party from one process. Safe between threads."""

    def __init__(
        self,
        name: str,
        first_pause: float = FIRST_PAUSE,
        longest_pause: float = LONGEST_PAUSE,
        monotonic: Callable[[], float] = time.monotonic,
        waiting: Waiting = nullcontext,
        tell: Tell = _nobody,
    ) -> None:
        """`name`: of the third party, for messages. `waiting` is entered around every call that is made."""
        self._tell = tell
        self.name = name
        self._first_pause = first_pause
        self._longest_pause = longest_pause
        self._monotonic = monotonic
        self._waiting = waiting
        self._lock = threading.Lock()
        #: Failed tries in a row; 0 if closed.
        self._failures = 0
        self._next_try = 0.0
        self._trying = False
        #: Grows with every change of state: the outcome of a call that began before the last one doesn't count.
        self._changes = 0

    @contextmanager
    def call(self, is_failure: Callable[[Exception], bool | None] = lambda _: True) -> Iterator[None]:
        """Make a call in this context. Raises CircuitOpen if it must not be made.

        `is_failure` judges an exception: True if the third party failed, False for an answer of its, such as a refusal,
        None if nothing is known of it.
        """
        began = self._enter()
        failed: bool | None = None
        try:
            with self._waiting():
                yield
            failed = False
        except Exception as error:
            failed = is_failure(error)
            raise
        finally:
            self._leave(began, failed)

    def _enter(self) -> int:
        # Without the lock, for every call takes this way: a change seen late only makes one call more.
        if not self._failures:
            return self._changes
        with self._lock:
            if self._failures:
                if self._trying or self._monotonic() < self._next_try:
                    raise CircuitOpen(f"{self.name} failed a moment ago and is not asked again yet")
                self._trying = True
                self._changes += 1
            return self._changes

    def _leave(self, began: int, failed: bool | None) -> None:
        """`failed` None: interrupted, so nothing is known."""
        if failed is False and not self._failures:
            return
        with self._lock:
            if began != self._changes:
                return
            self._trying = False
            if failed:
                self._open()
            elif failed is False and self._failures:
                self._failures = 0
                self._changes += 1
                self._tell(self.name, 0, 0.0)

    def _open(self) -> None:
        pause = min(self._longest_pause, self._first_pause * 2.0 ** min(self._failures, 30))
        self._failures += 1
        self._changes += 1
        self._next_try = self._monotonic() + pause
        self._tell(self.name, self._failures, pause)

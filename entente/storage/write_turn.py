"""WriteTurn: the threads of one process write to SQLite one after another.

SQLite has one writer at a time, and a writer asks for its lock again and again. Threads that all ask take the processor
from the one that writes; here they wait without asking, and one asks for the process.
"""

import os
import threading
import weakref
from typing import Any

from entente.services.errors import Unavailable


class WriteTurn:
    """A lock for the length of a transaction. Fork-safe: a forked child begins with it free."""

    def __init__(self, seconds: float) -> None:
        """`seconds`: how long a writer waits for it."""
        self._seconds = seconds
        self._lock = threading.Lock()
        _free_after_fork(self)

    def take(self, wait: bool) -> None:
        """Wait for it. Raises Unavailable when the time is over, or at once if not to `wait`."""
        if not self._lock.acquire(timeout=self._seconds if wait else 0):
            raise Unavailable("the ledger can't be written: it is locked by another thread of this process")

    def give_back(self) -> None:
        """Let the next one write."""
        self._lock.release()


def _free_after_fork(turn: WriteTurn) -> None:
    reference: Any = weakref.ref(turn)

    def renew() -> None:
        turn = reference()
        if turn is not None:
            turn._lock = threading.Lock()

    os.register_at_fork(after_in_child=renew)

"""Turns at computing: at most so many requests compute at once, and one that waits for somebody holds no turn.

There are more threads than turns (ENTENTE_API_THREADS), because a thread that waits for a client's body, for Redis or
for PostgreSQL needs no processor.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from queue import SimpleQueue


class Turns:
    """A number of turns, taken by threads."""

    def __init__(self, number: int) -> None:
        self._free: SimpleQueue[None] = SimpleQueue()
        self._thread = threading.local()
        for _ in range(number):
            self._free.put(None)

    def take(self) -> None:
        """Wait for a turn and take it."""
        self._free.get()
        self._thread.has_turn = True

    def leave(self) -> None:
        """Return this thread's turn."""
        self._thread.has_turn = False
        self._free.put(None)

    @contextmanager
    def given_back(self) -> Iterator[None]:
        """Return this thread's turn while the context lasts, then wait for one; nothing if the thread has none."""
        if not getattr(self._thread, "has_turn", False):
            yield
            return
        self.leave()
        try:
            yield
        finally:
            self.take()

"""Places for requests to the outside: how many may go to one host at once, so that a slow host can't hold a whole pool.

A request that finds no place is never waited for; it is put off.
"""

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from urllib.parse import urlsplit

#: Pause between two requests to a host for which others were put off.
PAUSE = timedelta(seconds=1)

#: Hosts with requests put off that are remembered; of more, those whose turns have passed are forgotten.
_REMEMBERED = 1000


class Places:
    """The places of one pool of threads. Thread-safe; each process has its own.

    A host has at most `a_host` places, and never more than half of the pool. Requests that repeat one that failed get
    half of that, and all of them together half of the pool: hosts that are known to be slow leave room for others.
    """

    def __init__(self, pool: int, a_host: int) -> None:
        """`pool`: threads of the pool."""
        self.a_host = max(1, min(a_host, pool // 2))
        self._half = max(1, pool // 2)
        self._lock = threading.Lock()
        self._taken: Counter[tuple[str, bool]] = Counter()
        self._later: dict[str, datetime] = {}

    @contextmanager
    def take(self, url: str, *, failed_before: bool) -> Iterator[bool]:
        """Take a place at the URL's host for the context; False if there is none. Never waits."""
        host = host_of(url)
        limits = {(host, False): self.a_host}
        if failed_before:
            limits |= {(host, True): self.retries_a_host, ("", True): self._half}
        with self._lock:
            free = all(self._taken[key] < limit for key, limit in limits.items())
            if free:
                self._taken.update(limits.keys())
        try:
            yield free
        finally:
            if free:
                with self._lock:
                    self._taken.subtract(limits.keys())
                    self._taken += Counter()  # drops what is at zero

    @property
    def retries_a_host(self) -> int:
        """Places at a host for requests that repeat a failed one."""
        return max(1, self.a_host // 2)

    def later(self, url: str, now: datetime) -> datetime:
        """A time for a request that found no place: PAUSE after the last one given for the same host."""
        host = host_of(url)
        with self._lock:
            if len(self._later) >= _REMEMBERED:
                self._later = {other: last for other, last in self._later.items() if last > now}
            turn = max(now, self._later.get(host, now)) + PAUSE
            self._later[host] = turn
        return turn


def host_of(url: str) -> str:
    """Host and port of a URL that was checked when it was taken in."""
    parts = urlsplit(url)
    return f"{parts.hostname}:{parts.port or parts.scheme}"

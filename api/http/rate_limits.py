"""Rate limits: requests per address and minute, reported in RateLimit headers (IETF httpapi draft 10)."""

import threading
import time

#: Length of a window in seconds; it begins with an address's first request.
WINDOW = 60


class Allowance:
    """Request counts by address, kept in this process so that the limit doesn't depend on Redis.

    The memory storage of `limits` does the same, but under load it starts a cleanup thread every 10 ms, which all other
    threads wait for. This one cleans up once a window.
    """

    def __init__(self, per_minute: int, name: str = "address") -> None:
        self.per_minute = per_minute
        self._name = name
        self._policy = f'"{name}";q={per_minute};w={WINDOW}'
        self._lock = threading.Lock()
        #: By address: when its window ends, and the requests in it.
        self._asked: dict[str, tuple[float, int]] = {}
        self._clear_at = 0.0

    def spend(self, address: str) -> tuple[int, int]:
        """Count a request; returns (requests left, negative if over the limit; seconds until the window ends)."""
        now = time.monotonic()
        with self._lock:
            ends, asked = self._asked.get(address, (0.0, 0))
            if ends <= now:
                self._clear(now)
                ends, asked = now + WINDOW, 0
            self._asked[address] = (ends, asked + 1)
        return self.per_minute - asked - 1, int(ends - now)

    def headers(self, left: int, seconds: int) -> tuple[tuple[str, str], tuple[str, str]]:
        """The headers that tell a client what `spend` returned."""
        return ("RateLimit-Policy", self._policy), ("RateLimit", f'"{self._name}";r={max(0, left)};t={seconds}')

    def _clear(self, now: float) -> None:
        if now >= self._clear_at:
            self._asked = {address: known for address, known in self._asked.items() if known[0] > now}
            self._clear_at = now + WINDOW

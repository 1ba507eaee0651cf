"""How much a client may ask: requests per address and minute, told in RateLimit headers (IETF httpapi draft 10)."""

import threading
import time

#: Seconds over which requests are counted, from an address's first on.
WINDOW = 60


class Allowance:
    """What each address has asked of this process; a limit that needed Redis would fail with it.

    The memory storage of `limits` counts as well, but under load it starts a thread every 10 ms to clear up after
    itself, which all other threads wait for. This clears up once a window.
    """

    def __init__(self, per_minute: int) -> None:
        self.per_minute = per_minute
        self.policy = f'"address";q={per_minute};w={WINDOW}'
        self._lock = threading.Lock()
        #: By address: when its window ends, and the requests in it.
        self._asked: dict[str, tuple[float, int]] = {}
        self._clear_at = 0.0

    def spend(self, address: str) -> tuple[int, int]:
        """Count a request; (how many more may come, negative if this one was too many; seconds until all may again)."""
        now = time.monotonic()
        with self._lock:
            ends, asked = self._asked.get(address, (0.0, 0))
            if ends <= now:
                self._clear(now)
                ends, asked = now + WINDOW, 0
            self._asked[address] = (ends, asked + 1)
        return self.per_minute - asked - 1, int(ends - now)

    def _clear(self, now: float) -> None:
        if now >= self._clear_at:
            self._asked = {address: known for address, known in self._asked.items() if known[0] > now}
            self._clear_at = now + WINDOW

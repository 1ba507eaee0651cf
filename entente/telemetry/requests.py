"""RequestRecorder: a log line and counts for each request that the API answered, and counts of reads of the cache.

The fastest read takes some 10 µs of Python, and a count between processes or a write as long again. So a request only
appends to queues, in about 4 µs with its line. A thread adds up and writes what came within `GATHER_SECONDS`. It holds
the interpreter for moments only: a thread that formatted lines would keep requests waiting for it.
"""

import threading
import time
import weakref
from collections import Counter, deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from multiprocessing.util import Finalize
from typing import TypeVar

import structlog

from entente.telemetry.metrics import Metrics

log = structlog.get_logger(__name__)

T = TypeVar("T")

#: Seconds that a line may wait for others.
GATHER_SECONDS = 0.05

#: Lines that may wait; if the log can't be written for so long, later ones are dropped.
MOST_WAITING = 100_000

#: Methods that are told apart; others, which a client may invent, count as one.
_METHODS = {name: name for name in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")}

#: Renders (id, method, route, status, milliseconds, key id, client) as a line.
RenderLine = Callable[[str, str, str, int, float, str | None, str], str]

#: Writes lines to the log.
WriteLines = Callable[[Iterator[str]], None]


class RequestRecorder:
    """Records requests. Thread-safe; its own thread starts with the first record, and ends with the recorder."""

    def __init__(self, metrics: Metrics, render: RenderLine | None, write: WriteLines) -> None:
        """`render` None: requests have no lines."""
        self._render = render
        self._pending = pending = _Pending(metrics, write)
        self._seconds, self._lines, self._reads = pending.seconds, pending.lines, pending.reads
        self._starting = threading.Lock()
        self._started = False

    def record(
        self, id: str, method: str, route: str, status: int, seconds: float, key_id: str | None, client: str
    ) -> None:
        """Record a request. `route`: the path's template, `/v1/events/{event_id}`, "" if none matched."""
        labels = (_METHODS.get(method, "other"), route, status)
        waiting = self._seconds.get(labels)
        if waiting is None:
            # Two threads may be here at once: both get the one that was set first.
            waiting = self._seconds.setdefault(labels, deque())
        waiting.append(seconds)
        if self._render is not None:
            if len(self._lines) < MOST_WAITING:
                self._lines.append(self._render(id, labels[0], route, status, seconds * 1000, key_id, client))
            else:
                self._pending.dropped += 1
        if not self._pending.awake:
            self._wake()

    def cache_read(self, result: str) -> None:
        """Count a read of a current record: hit or miss."""
        self._reads.append(result)
        if not self._pending.awake:
            self._wake()

    def flush(self) -> None:
        """Count and write what waits, now."""
        self._pending.handle()

    def _wake(self) -> None:
        if not self._started:
            with self._starting:
                if not self._started:
                    self._start()
        self._pending.wake()

    def _start(self) -> None:
        self._started = True
        pending = self._pending
        threading.Thread(target=pending.run, name="request-records", daemon=True).start()
        weakref.finalize(self, pending.end)
        # Runs in children of multiprocessing too, unlike atexit.
        Finalize(None, pending.handle, exitpriority=1)


class _Pending:
    """What waits to be counted and written, and the thread that does it. It doesn't keep the recorder alive."""

    def __init__(self, metrics: Metrics, write: WriteLines) -> None:
        self.seconds: dict[tuple[str, str, int], deque[float]] = {}
        self.lines: deque[str] = deque()
        self.reads: deque[str] = deque()
        self.awake = False
        self.dropped = 0
        self._metrics = metrics
        self._write_lines = write
        self._event = threading.Event()
        self._ended = False
        self._counting, self._writing = threading.Lock(), threading.Lock()

    def wake(self) -> None:
        self.awake = True
        self._event.set()

    def end(self) -> None:
        self._ended = True
        self._event.set()

    def run(self) -> None:
        """Handle what waits, whenever there is something."""
        while not self._ended:
            self._event.wait()
            time.sleep(GATHER_SECONDS)
            # In this order: what is appended from here on wakes this thread again, what was before is handled now.
            self._event.clear()
            self.awake = False
            try:
                self.handle()
            except Exception:
                # What waited is lost; the thread must go on, or what comes would pile up.
                log.exception("requests not counted")

    def handle(self) -> None:
        with self._counting:
            self._count()
        with self._writing:
            self._write()

    def _count(self) -> None:
        metrics = self._metrics
        for result, number in Counter(_taken(self.reads)).items():
            metrics.cache_reads.labels(result).inc(number)
        for (method, route, status), waiting in list(self.seconds.items()):
            if took := list(_taken(waiting)):
                metrics.requests.labels(method, route, status).inc(len(took))
                metrics.request_seconds.labels(method, route).observe_all(took)

    def _write(self) -> None:
        # A full disk or a closed terminal must not end the thread.
        with suppress(OSError, ValueError):
            self._write_lines(_taken(self.lines))
        if self.dropped:
            log.warning("request lines dropped", number=self.dropped)
            self.dropped = 0


def _taken(waiting: "deque[T]") -> Iterator[T]:
    """Take what is in the queue, oldest first."""
    with suppress(IndexError):
        while True:
            yield waiting.popleft()

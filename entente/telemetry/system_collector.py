"""Gauges that are read when the API is scraped: the ledger by SQL, queues, cache, signs of life."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime

from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from entente.services.errors import Unavailable
from entente.services.ports.cache import CacheUnavailable, StateCache
from entente.services.ports.figures import Figures
from entente.services.ports.heartbeats import Heartbeats
from entente.services.ports.ledger import Ledger
from entente.services.ports.queue import TaskQueue
from entente.services.ports.system import Clock

#: The parts of the embedded stack, and those of them that give signs of life in Redis.
PARTS = ("redis", "api", "worker", "fetcher", "deliverer", "beat")
BEATING = ("worker", "fetcher", "deliverer")


class SystemCollector(Collector):
    """Collects the gauges. What can't be reached has no series, beside `entente_ledger_up` and `entente_cache_up`."""

    def __init__(
        self,
        ledger: Ledger,
        cache: StateCache,
        queue: TaskQueue,
        heartbeats: Heartbeats,
        clock: Clock,
        failing: Callable[[], Sequence[str] | None],
    ) -> None:
        """`failing`: the failing parts of the embedded stack, None where none runs."""
        self._ledger = ledger
        self._cache = cache
        self._queue = queue
        self._heartbeats = heartbeats
        self._clock = clock
        self._failing = failing

    def collect(self) -> Iterator[Metric]:
        """One family for each gauge."""
        now = self._clock.now()
        figures = self._figures(now)
        yield _gauge("ledger_up", "1 if the ledger could be read", 1 if figures else 0)
        if figures:
            yield from _of_ledger(figures, now)
        yield _gauge("cache_up", "1 if the cache answers", self._cache_up())
        yield _labelled("queue_depth", "Messages in each queue", ["queue"], self._queue.depths().items())
        yield _labelled("part_up", "1 if the part gave a sign of life lately", ["part"], self._beating().items())
        failing = self._failing()
        if failing is not None:
            parts = ((part, int(part in failing)) for part in dict.fromkeys((*PARTS, *failing)))
            yield _labelled("part_failing", "1 if the part dies again and again", ["part"], parts)

    def _figures(self, now: datetime) -> Figures | None:
        try:
            with self._ledger.read() as unit:
                return unit.figures.read(now)
        except Unavailable:
            return None

    def _beating(self) -> dict[str, int]:
        try:
            missing = self._heartbeats.missing(BEATING)
        except CacheUnavailable:
            return {}
        return {part: int(part not in missing) for part in BEATING}

    def _cache_up(self) -> int:
        try:
            self._cache.ping()
        except CacheUnavailable:
            return 0
        return 1


def _of_ledger(figures: Figures, now: datetime) -> Iterator[Metric]:
    def waited(since: datetime | None) -> float:
        return max(0.0, (now - since).total_seconds()) if since else 0.0

    yield _labelled("articles", "Articles that wait or failed, by status", ["status"], figures.articles.items())
    oldest = waited(figures.oldest_pending_at)
    yield _gauge("oldest_pending_article_seconds", "How long the oldest due article has waited", oldest)
    yield _gauge("changes_last_number", "Number of the last change", figures.last_change)
    behind = figures.behind.items()
    yield _labelled("subscription_changes_behind", "Changes not yet prepared for it", ["subscription"], behind)
    yield _gauge("deliveries_pending", "Deliveries that wait for an attempt", figures.deliveries)
    oldest = waited(figures.oldest_delivery_at)
    yield _gauge("oldest_due_delivery_seconds", "How long the oldest due delivery has waited", oldest)
    yield _gauge("dirty_dyads", "Dyads whose cached records are stale", figures.dirty)
    yield _gauge("oldest_dirty_dyad_seconds", "How long the oldest has been stale", waited(figures.oldest_dirty_at))
    feeds = figures.feeds
    failures = ((feed.id, feed.failures) for feed in feeds)
    yield _labelled("feed_failures", "Failed polls since the last good one", ["feed"], failures)
    overdue = ((feed.id, waited(feed.next_poll_at)) for feed in feeds)
    yield _labelled("feed_overdue_seconds", "How long a due poll has waited", ["feed"], overdue)
    polled = ((feed.id, feed.last_polled_at.timestamp()) for feed in feeds if feed.last_polled_at)
    yield _labelled("feed_last_poll_timestamp_seconds", "Time of the last poll", ["feed"], polled)
    new = ((feed.id, feed.last_new_at.timestamp()) for feed in feeds if feed.last_new_at)
    yield _labelled("feed_last_new_timestamp_seconds", "Time of the last poll with a new item", ["feed"], new)


def _gauge(name: str, what: str, value: float) -> Metric:
    return GaugeMetricFamily(f"entente_{name}", what, value)


def _labelled(name: str, what: str, labels: Sequence[str], samples: Iterable[tuple[str, float]]) -> Metric:
    family = GaugeMetricFamily(f"entente_{name}", what, labels=labels)
    for label, value in samples:
        family.add_metric([label], value)
    return family

"""Every metric that a part counts itself. docs/monitoring.md lists them; a test compares.

Names end in the unit; labels have few values, never an id or a text from outside. What the ledger knows is not counted
here but read at a scrape (entente/telemetry/system_collector.py).
"""

import os
from bisect import bisect_left
from collections import Counter as Counts
from collections.abc import Callable, Sequence

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from entente.telemetry.directory import VARIABLE

_REQUEST_SECONDS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0)
_CODING_SECONDS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 120.0)


class BatchHistogram(Histogram):
    """A histogram that many observations can be added to at once."""

    def observe_all(self, amounts: Sequence[float]) -> None:
        """Observe each amount."""
        self._sum.inc(sum(amounts))
        into = Counts(bisect_left(self._upper_bounds, amount) for amount in amounts)
        for bucket, number in into.items():
            self._buckets[bucket].inc(number)


class Metrics:
    """The counters and histograms of one part."""

    def __init__(self) -> None:
        self.own = registry = CollectorRegistry()

        def counter(name: str, what: str, *labels: str) -> Counter:
            return Counter(name, what, labels, namespace="entente", registry=registry)

        def histogram(name: str, what: str, buckets: tuple[float, ...], *labels: str) -> BatchHistogram:
            return BatchHistogram(name, what, labels, namespace="entente", registry=registry, buckets=buckets)

        self.requests = counter("http_requests", "Requests answered", "method", "route", "status")
        self.request_seconds = histogram(
            "http_request_seconds", "Time until an answer was sent", _REQUEST_SECONDS, "method", "route"
        )
        self.cache_reads = counter("cache_reads", "Reads of current records in the cache", "result")
        self.keys_refused = counter("keys_refused", "API keys that were refused")
        self.signatures_refused = counter("signatures_refused", "Webhooks whose signature was refused")
        self.received = counter("articles_received", "Articles received", "via", "result")
        self.requeued = counter("articles_requeued", "Articles queued again", "why")
        self.retracted = counter("articles_retracted", "Articles retracted")
        self.corrected = counter("articles_corrected", "Articles coded in place of an earlier version")
        self.proposals = counter("retraction_proposals", "Retractions proposed and decided", "status")
        self.outcomes = counter("article_outcomes", "Outcomes of coding articles", "outcome")
        self.events = counter("events_coded", "Events coded", "root")
        self.coding_seconds = histogram("coding_seconds", "Time to code an article", _CODING_SECONDS)
        self.page_fetches = counter("page_fetches", "Fetches of articles' pages", "outcome")
        self.feed_polls = counter("feed_polls", "Polls of feeds", "outcome")
        self.deliveries = counter("delivery_attempts", "Attempts to deliver a change to a subscriber", "outcome")
        self.tasks = counter("tasks", "Tasks that a worker ended", "task", "state")
        self.tasks_sent = counter("tasks_sent", "Tasks that were queued by this part", "task")

    def registry(self, *more: Collector, pid: Callable[[], int] = os.getpid) -> CollectorRegistry:
        """A registry for one scrape: what all processes of the part counted, its main process `pid`, and `more`."""
        registry = CollectorRegistry()
        if VARIABLE in os.environ:
            MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        else:
            registry.register(self.own)
        ProcessCollector(namespace="entente", pid=pid, registry=registry)
        for collector in more:
            registry.register(collector)
        return registry

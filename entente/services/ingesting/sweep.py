"""Sweeper: queue articles again that no worker started, or whose worker died."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from entente.services.ingesting.leases import MAX_ATTEMPTS
from entente.services.ports.ledger import Ledger
from entente.services.ports.queue import TaskQueue, Work
from entente.services.ports.system import Clock
from entente.services.ports.telemetry import NO_TELEMETRY, Telemetry

#: Seconds after which a pending article may be queued again.
PATIENCE_SECONDS = 10.0

#: Before any article was received: `due` then gives only articles with expired leases.
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


class Sweeper:
    """Queue waiting articles from the ledger, which alone records them; messages in the broker may be lost."""

    def __init__(self, ledger: Ledger, queue: TaskQueue, clock: Clock, telemetry: Telemetry = NO_TELEMETRY) -> None:
        self._telemetry = telemetry
        self._ledger = ledger
        self._queue = queue
        self._clock = clock

    def ring_again(self, limit: int = 500) -> int:
        """Quarantine articles that spent MAX_ATTEMPTS, then queue those that are due; the number queued.

        Those with a text are queued to be coded, others to be fetched. Articles with expired leases are always queued
        again. Most pending articles still have a message in the queue. Only as many are queued again as there are more
        of them than messages; else every sweep of a backlog would lengthen the queue.
        """
        now = self._clock.now()
        with self._ledger.write() as unit:
            spent = unit.articles.quarantine_spent(now, MAX_ATTEMPTS)
            unit.commit()
        for article_id in spent:
            self._telemetry.article_failed(article_id, "quarantined", f"its worker died {MAX_ATTEMPTS} times")
        queued = self._ring(now, limit, "code", self._queue.code_article, with_text=True)
        queued += self._ring(now, limit, "fetch", self._queue.fetch_article, with_text=False)
        if queued:
            self._telemetry.articles_requeued(queued, "sweep")
        return queued

    def _ring(self, now: datetime, limit: int, work: Work, ring: Callable[[str], bool], *, with_text: bool) -> int:
        patience = now - timedelta(seconds=PATIENCE_SECONDS)
        with self._ledger.read() as unit:
            abandoned = unit.articles.due(now, _NEVER, limit, with_text=with_text)
            due = unit.articles.due(now, patience, limit, with_text=with_text)
        waiting = [article_id for article_id in due if article_id not in abandoned]
        missing = max(0, len(waiting) - self._queue.waiting(work)) if waiting else 0
        return sum(ring(article_id) for article_id in [*abandoned, *waiting[:missing]])

"""Sweeping: ringing again for work that was never started, or whose worker died."""

from datetime import UTC, datetime, timedelta

from entente.services.code import MAX_ATTEMPTS
from entente.services.ports import Clock, Ledger, TaskQueue

#: Seconds that a pending article waits before its first bell counts as lost.
PATIENCE_SECONDS = 10.0

#: No article was received before this.
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


class Sweeper:
    """Reads the ledger for work that waits; the broker's queue is never the record of it."""

    def __init__(self, ledger: Ledger, queue: TaskQueue, clock: Clock) -> None:
        self._ledger = ledger
        self._queue = queue
        self._clock = clock

    def ring_again(self, limit: int = 500) -> int:
        """Quarantine what killed its worker too often, then ring for what is due; how many bells were rung.

        While many bells wait to be answered, an article that waits is only in line, and its bell not lost: then just
        the articles of dead workers are rung for, or every sweep of a long backlog would make the line longer.
        """
        now = self._clock.now()
        lost_since = now - timedelta(seconds=PATIENCE_SECONDS) if self._queue.waiting() < limit else _NEVER
        with self._ledger.write() as unit:
            unit.articles.quarantine_spent(now, MAX_ATTEMPTS)
            due = unit.articles.due(now, lost_since, limit)
            unit.commit()
        return sum(self._queue.code_article(article_id) for article_id in due)

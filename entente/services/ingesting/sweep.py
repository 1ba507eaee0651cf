"""Sweeping: ringing again for work that was never started, or whose worker died."""

from datetime import UTC, datetime, timedelta

from entente.services.ingesting.code import MAX_ATTEMPTS
from entente.services.ports.ledger import Ledger
from entente.services.ports.queue import TaskQueue
from entente.services.ports.system import Clock

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

        An article that waits is as a rule only in line, and its bell not lost: bells are missing where more articles
        wait than bells do, and only so many are rung again, or every sweep of a backlog would make the line longer.
        Those of dead workers always are.
        """
        now, in_line = self._clock.now(), self._queue.waiting()
        with self._ledger.write() as unit:
            unit.articles.quarantine_spent(now, MAX_ATTEMPTS)
            abandoned = unit.articles.due(now, _NEVER, limit)
            due = unit.articles.due(now, now - timedelta(seconds=PATIENCE_SECONDS), limit)
            unit.commit()
        waiting = [article_id for article_id in due if article_id not in abandoned]
        missing = max(0, len(waiting) - in_line)
        return sum(self._queue.code_article(article_id) for article_id in [*abandoned, *waiting[:missing]])

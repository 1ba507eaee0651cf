"""Port: figures of the whole ledger, for monitoring. Each costs one look into an index or a small table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

#: Statuses of articles that are counted: work that waits, and work that needs a person.
COUNTED = ("pending", "coding", "failed", "quarantined")


@dataclass(frozen=True, slots=True)
class FeedFigures:
    """A feed that is polled: failed polls since the last good one, and times of the last poll and the last new item."""

    id: str
    failures: int
    next_poll_at: datetime
    last_polled_at: datetime | None
    last_new_at: datetime | None


@dataclass(frozen=True, slots=True)
class Figures:
    """The ledger at one instant.

    `articles`: number by status, of COUNTED. `oldest_pending_at`, `oldest_dirty_at`, `oldest_delivery_at`: since when
    the longest waiting article, stale cache entry and due delivery have waited, None if none does. `behind`: active
    subscription → changes for which no delivery was prepared yet. `deliveries`: those that wait for an attempt.
    """

    articles: Mapping[str, int]
    oldest_pending_at: datetime | None
    last_change: int
    behind: Mapping[str, int]
    deliveries: int
    oldest_delivery_at: datetime | None
    dirty: int
    oldest_dirty_at: datetime | None
    feeds: Sequence[FeedFigures]


class LedgerFigures(Protocol):
    """Reads the figures."""

    def read(self, now: datetime) -> Figures:
        """The figures; of articles that are not due before a time after `now`, `oldest_pending_at` takes no notice."""

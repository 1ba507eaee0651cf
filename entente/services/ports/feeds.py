"""Port: registered feeds and the results of their polls."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed. Times are aware UTC. `publisher` None: each article's publisher is the host of its URL.

    `failures` counts failed polls since the last good one; `last_error` is the last poll's error.
    """

    id: str
    url: str
    publisher: str | None
    every_seconds: int
    active: bool
    created_at: datetime
    next_poll_at: datetime
    etag: str | None = None
    last_modified: str | None = None
    last_polled_at: datetime | None = None
    last_new_at: datetime | None = None
    last_error: str | None = None
    failures: int = 0
    n_articles: int = 0


class FeedBook(Protocol):
    """The ledger's feeds."""

    def add(self, feed: Feed) -> bool:
        """Register a feed; False if its URL is registered already."""

    def get(self, id: str) -> Feed | None: ...

    def list(self) -> list[Feed]:
        """All feeds, oldest first, including inactive ones."""

    def set_active(self, id: str, active: bool, next_poll_at: datetime) -> bool:
        """Start or stop polling; False if there is no such feed."""

    def due(self, now: datetime, limit: int) -> Sequence[str]:
        """Ids of active feeds that are due, longest overdue first."""

    def claim(self, id: str, now: datetime, until: datetime) -> Feed | None:
        """Claim a due feed, which is then not due before `until`; None if it isn't due."""

    def note(self, feed: Feed) -> None:
        """Store the result of a poll."""

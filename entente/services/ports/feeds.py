"""The port of the feeds: what is polled, how it went, and when it is next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed. Times are aware UTC. `publisher` None files its articles under their hosts.

    `failures` counts polls in vain since the last good one, `last_error` says what was wrong with the last.
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
        """Register; False if its address is registered already."""

    def get(self, id: str) -> Feed | None: ...

    def list(self) -> list[Feed]:
        """Every feed, the oldest first, inactive ones too."""

    def set_active(self, id: str, active: bool, next_poll_at: datetime) -> bool:
        """Start or stop polling; False if there is no such feed."""

    def due(self, now: datetime, limit: int) -> Sequence[str]:
        """Ids of active feeds whose time has come, the longest overdue first."""

    def claim(self, id: str, now: datetime, until: datetime) -> Feed | None:
        """Take a due feed, which is not due again before `until`; None if another has it or it isn't due."""

    def note(self, feed: Feed) -> None:
        """Write down how a poll went."""

"""The port of the articles: work, claimed by lease."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from entente.services.articles import Article, ArticleDraft, Coding


class ArticleLog(Protocol):
    """The ledger's articles. An article is work, claimed by lease; its row is the only record of how far it got."""

    def add(self, draft: ArticleDraft, content_hash: str, id: str, received_at: datetime) -> tuple[str, bool]:
        """Store a pending article: (its id, True), or (the first one's id, False) where its content is known."""

    def get(self, id: str) -> Article | None: ...

    def claim(self, id: str, owner: str, now: datetime, lease_seconds: float) -> Article | None:
        """Take a pending article, or one whose lease ran out, adding one to its attempts; None if it can't be had."""

    def renew(self, id: str, owner: str, now: datetime, lease_seconds: float) -> bool:
        """Prolong an own lease; False if it was lost meanwhile."""

    def finish(self, id: str, owner: str, status: str, reason: str | None, coding: Coding | None) -> bool:
        """Give the claimed article its final status and drop the lease; False if the lease is not `owner`'s."""

    def release(self, id: str, owner: str, reason: str, next_attempt_at: datetime | None) -> bool:
        """Give a claimed article back as pending, not to be taken before `next_attempt_at`."""

    def quarantine_spent(self, now: datetime, max_attempts: int) -> list[str]:
        """Quarantine the articles whose leases ran out after `max_attempts`; their ids."""

    def due(self, now: datetime, pending_since: datetime, limit: int) -> list[str]:
        """Ids of pending articles older than `pending_since` and due, and of articles with expired leases."""

    def fill(self, id: str, owner: str, draft: ArticleDraft, content_hash: str) -> str:
        """Give a claimed article what its page said; its id, or the first one's where that content is known."""

    def put_off(self, id: str, owner: str, reason: str, next_attempt_at: datetime) -> bool:
        """Give a claimed article back as pending after a fetch in vain, with no attempts to code it spent."""

    def delay(self, id: str, next_attempt_at: datetime) -> None:
        """Let a pending article wait until then."""

    def alike(self, id: str, bands: Sequence[str], since: datetime) -> list[tuple[str, str]]:
        """Remember the article's bands; (id, text) of first prints that share one, received since, oldest first."""

    def reprints(self, id: str, first: str) -> None:
        """Mark an article as a reprint of another."""

    def retract(self, id: str, reason: str) -> bool:
        """Mark as retracted, whatever its state; False if there is none of that id."""

    def every(self, after: str = "", limit: int = 500) -> list[str]:
        """Ids of the articles that were coded or found without events, in order."""

    def unfinished(self, limit: int) -> list[str]:
        """Ids of articles that are pending or in work, whether due or not, the oldest first."""

    def requeue(self, id: str) -> bool:
        """Give a finished (coded, failed, quarantined …) article back as pending with no attempts spent."""

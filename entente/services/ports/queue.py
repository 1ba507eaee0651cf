"""Port: the task queue, which hands ids of due work to workers."""

from collections.abc import Mapping
from typing import Protocol


class TaskQueue(Protocol):
    """Queues ids of work for workers. Best effort: never raises, hardly waits; the ledger records the work."""

    def code_article(self, article_id: str) -> bool:
        """Queue an article to be coded; False if that failed (the sweeper will try again)."""

    def poll_feed(self, feed_id: str) -> bool:
        """Queue a poll of a feed; False if that failed."""

    def deliver(self, delivery_id: str) -> bool:
        """Queue a delivery to be sent; False if that failed."""

    def waiting(self) -> int:
        """Number of queued articles that no worker has taken yet; 0 if the broker can't be reached."""

    def depths(self) -> Mapping[str, int]:
        """Number of messages in each queue; empty if the broker can't be reached."""

    def workers(self) -> int:
        """Number of workers that answer a ping; 0 if none does, or the broker can't be reached."""

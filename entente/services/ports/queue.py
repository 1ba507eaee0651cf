"""Port: the task queue, which hands ids of due work to workers."""

from collections.abc import Mapping
from typing import Literal, Protocol

#: Kinds of queued work, each in a queue of its own.
Work = Literal["code", "fetch", "poll", "deliver"]


class TaskQueue(Protocol):
    """Queues ids of work for workers. Best effort: never raises, hardly waits; the ledger records the work."""

    def code_article(self, article_id: str) -> bool:
        """Queue an article to be coded; False if that failed (the sweeper will try again)."""

    def fetch_article(self, article_id: str) -> bool:
        """Queue an article that has only a URL to be fetched; False if that failed (the sweeper will try again)."""

    def poll_feed(self, feed_id: str) -> bool:
        """Queue a poll of a feed; False if that failed."""

    def deliver(self, delivery_id: str) -> bool:
        """Queue a delivery to be sent; False if that failed."""

    def waiting(self, work: Work) -> int:
        """Number of queued messages of that kind that no worker has taken yet; 0 if the broker can't be reached."""

    def depths(self) -> Mapping[str, int]:
        """Number of messages in each queue; empty if the broker can't be reached."""

    def workers(self) -> Mapping[str, int]:
        """Number of processes that answer a ping, by part (worker, fetcher, deliverer).

        Empty if none does, or the broker can't be reached.
        """

"""The port of the task queue, a doorbell for workers."""

from typing import Protocol


class TaskQueue(Protocol):
    """The doorbell: tells a worker that there is work. A hint: raises nothing, waits for nothing."""

    def code_article(self, article_id: str) -> bool:
        """Ring for an article; False if the bell couldn't be rung (the sweeper will)."""

    def poll_feed(self, feed_id: str) -> bool:
        """Ring for a feed that is due; False if the bell couldn't be rung."""

    def deliver(self, delivery_id: str) -> bool:
        """Ring for a delivery that is due; False if the bell couldn't be rung."""

    def waiting(self) -> int:
        """How many bells for articles no worker has answered yet; 0 if the broker can't be reached."""

    def workers(self) -> int:
        """How many workers answer now; 0 if none or if the broker can't be reached."""

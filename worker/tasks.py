"""Celery tasks. Each is one service call; retries are decided by the services and the ledger, not by Celery."""

from collections.abc import Callable

from celery import Celery

from entente.bootstrap.broker import (
    CODE_ARTICLE,
    DELIVER_CHANGE,
    DISPATCH,
    FETCH_ARTICLE,
    PARTS,
    POLL_FEED,
    POLL_FEEDS,
    REDO_DIRTY,
    ROUTES,
    SWEEP,
    WORKER,
)
from entente.bootstrap.container import Container


def register(app: Celery, container: Callable[[], Container], part: str) -> None:
    """Register a part's tasks. `container` returns the container of the process that runs the task."""

    def code_article(article_id: str) -> None:
        """Code one article, unless another worker has it."""
        container().code_articles.run(article_id)

    def fetch_article(article_id: str) -> None:
        """Fetch one article's page, unless another worker does."""
        container().fetch_articles.run(article_id)

    def sweep() -> None:
        """Queue again articles whose message was lost or whose worker died."""
        container().sweeper.ring_again()

    def redo_dirty() -> None:
        """Write into the cache the records that are newer in the ledger."""
        container().projector.redo_due()

    def poll_feeds() -> None:
        """Queue a poll of each feed that is due."""
        container().feeds.ring_for_due()

    def poll_feed(feed_id: str) -> None:
        """Poll one feed, unless another worker does."""
        container().feeds.poll(feed_id)

    def dispatch() -> None:
        """Prepare deliveries of new changes to subscribers, and queue those that are due."""
        container().dispatcher.dispatch()

    def deliver_change(delivery_id: str) -> None:
        """Deliver one change to one subscriber, unless another worker does."""
        container().dispatcher.deliver(delivery_id)

    def queue_poll(feed_id: str) -> None:
        """Queue a poll in the queue of its own; before there were fetchers it was in the worker's."""
        container().queue.poll_feed(feed_id)

    tasks: dict[str, Callable[..., None]] = {
        CODE_ARTICLE: code_article,
        FETCH_ARTICLE: fetch_article,
        SWEEP: sweep,
        REDO_DIRTY: redo_dirty,
        POLL_FEEDS: poll_feeds,
        POLL_FEED: poll_feed,
        DISPATCH: dispatch,
        DELIVER_CHANGE: deliver_change,
    }
    for name, task in tasks.items():
        if ROUTES[name] in PARTS[part]:
            # shared=False: the task belongs to this application only, not to every one of the process.
            app.task(task, name=name, shared=False)
    if part == WORKER:
        app.task(queue_poll, name=POLL_FEED, shared=False)

"""Celery tasks. Each is one service call; retries are decided by the services and the ledger, not by Celery."""

from collections.abc import Callable

from celery import Celery

from entente.bootstrap.broker import (
    CODE_ARTICLE,
    DELIVER_CHANGE,
    DISPATCH,
    POLL_FEED,
    POLL_FEEDS,
    REDO_DIRTY,
    SWEEP,
)
from entente.bootstrap.container import Container


def register(app: Celery, container: Callable[[], Container]) -> None:
    """Register every task. `container` returns the container of the process that runs the task."""

    def code_article(article_id: str) -> None:
        """Code one article, unless another worker has it."""
        container().code_articles.run(article_id)

    def sweep() -> None:
        """Queue again articles whose message was lost or whose worker died."""
        container().sweeper.ring_again()

    def redo_dirty() -> None:
        """Write into the cache the records that are newer in the ledger."""
        container().projector.redo_dirty()

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

    # shared=False: the tasks belong to this application only, not to every Celery application of the process.
    app.task(code_article, name=CODE_ARTICLE, shared=False)
    app.task(sweep, name=SWEEP, shared=False)
    app.task(redo_dirty, name=REDO_DIRTY, shared=False)
    app.task(poll_feeds, name=POLL_FEEDS, shared=False)
    app.task(poll_feed, name=POLL_FEED, shared=False)
    app.task(dispatch, name=DISPATCH, shared=False)
    app.task(deliver_change, name=DELIVER_CHANGE, shared=False)

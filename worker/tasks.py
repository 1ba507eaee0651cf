"""The tasks. Each is one service call; what it means is in the service, when it runs again in the ledger."""

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
    """Register every task. `container()` gives the one of the process that runs the task."""

    def code_article(article_id: str) -> None:
        """Code one article, unless another worker has it."""
        container().code_articles.run(article_id)

    def sweep() -> None:
        """Ring again for articles that wait without a message, or whose worker died."""
        container().sweeper.ring_again()

    def redo_dirty() -> None:
        """Bring the cache up to what was committed while it could not be written."""
        container().projector.redo_dirty()

    def poll_feeds() -> None:
        """Ring for the feeds whose time has come."""
        container().feeds.ring_for_due()

    def poll_feed(feed_id: str) -> None:
        """Ask one feed for what is new, unless another worker does."""
        container().feeds.poll(feed_id)

    def dispatch() -> None:
        """Ring for what subscribers are to be told."""
        container().dispatcher.dispatch()

    def deliver_change(delivery_id: str) -> None:
        """Tell one subscriber of one change, unless another worker does."""
        container().dispatcher.deliver(delivery_id)

    # Not shared: these belong to this application and its container, not to every Celery application of the process.
    app.task(code_article, name=CODE_ARTICLE, shared=False)
    app.task(sweep, name=SWEEP, shared=False)
    app.task(redo_dirty, name=REDO_DIRTY, shared=False)
    app.task(poll_feeds, name=POLL_FEEDS, shared=False)
    app.task(poll_feed, name=POLL_FEED, shared=False)
    app.task(dispatch, name=DISPATCH, shared=False)
    app.task(deliver_change, name=DELIVER_CHANGE, shared=False)

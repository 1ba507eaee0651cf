"""Names of tasks and queues: what the doorbell rings and the worker registers. Renaming one strands what is queued."""

from types import MappingProxyType

#: Queues, one a priority: a long backlog of articles never delays deliveries or the sweeper.
INGEST = "ingest"
DELIVER = "deliver"
MAINTENANCE = "maintenance"
QUEUES = (INGEST, DELIVER, MAINTENANCE)

CODE_ARTICLE = "entente.code_article"
SWEEP = "entente.sweep"
REDO_DIRTY = "entente.redo_dirty"
POLL_FEEDS = "entente.poll_feeds"
POLL_FEED = "entente.poll_feed"
DISPATCH = "entente.dispatch"
DELIVER_CHANGE = "entente.deliver_change"

#: The queue that each task goes to.
ROUTES = MappingProxyType(
    {
        CODE_ARTICLE: INGEST,
        SWEEP: MAINTENANCE,
        REDO_DIRTY: MAINTENANCE,
        POLL_FEEDS: MAINTENANCE,
        POLL_FEED: MAINTENANCE,
        DISPATCH: MAINTENANCE,
        DELIVER_CHANGE: DELIVER,
    }
)

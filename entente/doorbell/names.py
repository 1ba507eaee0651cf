"""Names of tasks and queues. Renaming one strands the messages that are already queued under it."""

from types import MappingProxyType

#: Separate queues, so that a backlog of articles is not in line before deliveries and scheduled tasks.
INGEST = "ingest"
DELIVER = "deliver"
MAINTENANCE = "maintenance"
QUEUES = (INGEST, DELIVER, MAINTENANCE)

#: Header of a message, and context variable of log records: the id of the request that caused the work.
REQUEST_ID = "request_id"

CODE_ARTICLE = "entente.code_article"
SWEEP = "entente.sweep"
REDO_DIRTY = "entente.redo_dirty"
POLL_FEEDS = "entente.poll_feeds"
POLL_FEED = "entente.poll_feed"
DISPATCH = "entente.dispatch"
DELIVER_CHANGE = "entente.deliver_change"

#: Task → queue.
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

"""Names of tasks, queues and the parts that take them. Renaming one strands the messages that are queued under it."""

from collections.abc import Mapping
from types import MappingProxyType

from entente.services.ports.queue import Work

#: Articles that have a text. Before there were fetchers it held those with only a URL too.
INGEST = "ingest"
FETCH = "fetch"
POLL = "poll"
DELIVER = "deliver"
#: Scheduled tasks, which ask no third party. Before there were fetchers it held polls of feeds too.
MAINTENANCE = "maintenance"
QUEUES = (INGEST, FETCH, POLL, DELIVER, MAINTENANCE)

#: Parts that take tasks. What waits for third parties has threads of its own, so a slow one never holds a coder.
WORKER = "worker"
FETCHER = "fetcher"
DELIVERER = "deliverer"

#: Part → the queues that only it takes from.
PARTS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {WORKER: (INGEST, MAINTENANCE), FETCHER: (FETCH, POLL), DELIVERER: (DELIVER,)}
)

#: Kind of work → its queue.
QUEUE_OF: Mapping[Work, str] = MappingProxyType({"code": INGEST, "fetch": FETCH, "poll": POLL, "deliver": DELIVER})

#: Header of a message, and context variable of log records: the id of the request that caused the work.
REQUEST_ID = "request_id"

CODE_ARTICLE = "entente.code_article"
FETCH_ARTICLE = "entente.fetch_article"
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
        FETCH_ARTICLE: FETCH,
        SWEEP: MAINTENANCE,
        REDO_DIRTY: MAINTENANCE,
        POLL_FEEDS: MAINTENANCE,
        POLL_FEED: POLL,
        DISPATCH: MAINTENANCE,
        DELIVER_CHANGE: DELIVER,
    }
)

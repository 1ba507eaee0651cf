"""Names of tasks, queues and parts, re-exported for edges, which may not import entente.doorbell."""

from entente.doorbell.names import (
    CODE_ARTICLE,
    DELIVER_CHANGE,
    DELIVERER,
    DISPATCH,
    FETCH_ARTICLE,
    FETCHER,
    PARTS,
    POLL_FEED,
    POLL_FEEDS,
    QUEUES,
    REDO_DIRTY,
    REQUEST_ID,
    ROUTES,
    SWEEP,
    WORKER,
)

__all__ = [
    "CODE_ARTICLE",
    "DELIVERER",
    "DELIVER_CHANGE",
    "DISPATCH",
    "FETCHER",
    "FETCH_ARTICLE",
    "PARTS",
    "POLL_FEED",
    "POLL_FEEDS",
    "QUEUES",
    "REDO_DIRTY",
    "REQUEST_ID",
    "ROUTES",
    "SWEEP",
    "WORKER",
]

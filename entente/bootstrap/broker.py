"""Names of tasks and queues, re-exported for edges, which may not import entente.doorbell."""

from entente.doorbell.names import (
    CODE_ARTICLE,
    DELIVER_CHANGE,
    DISPATCH,
    POLL_FEED,
    POLL_FEEDS,
    QUEUES,
    REDO_DIRTY,
    REQUEST_ID,
    ROUTES,
    SWEEP,
)

__all__ = [
    "CODE_ARTICLE",
    "DELIVER_CHANGE",
    "DISPATCH",
    "POLL_FEED",
    "POLL_FEEDS",
    "QUEUES",
    "REDO_DIRTY",
    "REQUEST_ID",
    "ROUTES",
    "SWEEP",
]

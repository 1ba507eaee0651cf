"""The names of tasks and queues, for the edges, which may not import the doorbell itself."""

from entente.doorbell.names import (
    CODE_ARTICLE,
    DELIVER_CHANGE,
    DISPATCH,
    POLL_FEED,
    POLL_FEEDS,
    QUEUES,
    REDO_DIRTY,
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
    "ROUTES",
    "SWEEP",
]

"""The schedule of beat: which tasks it queues, and how often."""

from typing import Any

from entente.bootstrap.broker import DISPATCH, POLL_FEEDS, REDO_DIRTY, SWEEP


def beat_schedule(sweep_seconds: float) -> dict[str, dict[str, Any]]:
    """Celery's `beat_schedule`. A message that no worker took before the next is due expires."""
    every = {"schedule": sweep_seconds, "options": {"expires": sweep_seconds}}
    return {task: {"task": task, **every} for task in (SWEEP, REDO_DIRTY, POLL_FEEDS, DISPATCH)}

"""Beat and the parts that take tasks: fields of log records, counts of tasks, and the port of each part's metrics."""

import sys
from collections.abc import Callable
from typing import Any

import structlog
from celery import signals
from structlog.contextvars import bind_contextvars, clear_contextvars

from entente.bootstrap.broker import REQUEST_ID
from entente.bootstrap.container import Container

log = structlog.get_logger(__name__)


def connect_telemetry(container: Callable[[], Container], part: str) -> None:
    """Connect Celery's signals. `container` returns the container of the calling process; beat has a worker's part."""

    def before_task(task: Any, **_: Any) -> None:
        clear_contextvars()
        caused_by = task.request.get(REQUEST_ID)
        bind_contextvars(task=task.name, **({REQUEST_ID: caused_by} if caused_by else {}))

    def after_task(task: Any, state: str | None = None, **_: Any) -> None:
        container().metrics.tasks.labels(task.name, state or "UNKNOWN").inc()
        clear_contextvars()

    def sent(sender: str, **_: Any) -> None:
        container().metrics.tasks_sent.labels(sender).inc()

    def worker_ready(**_: Any) -> None:
        _serve(container(), container().settings.metrics_ports.get(part, 0))
        log.info("part ready", part=part)

    def beat_ready(**_: Any) -> None:
        _serve(container(), container().settings.metrics_ports.get("beat", 0))
        log.info("part ready", part="beat")

    def starting(**_: Any) -> None:
        # Celery prints its farewells there, which are no JSON.
        sys.__stdout__ = None  # type: ignore[misc]  # Final to mypy; Python allows it to be None

    # weak=False: by default Celery keeps only weak references to receivers.
    signals.task_prerun.connect(before_task, weak=False)
    signals.task_postrun.connect(after_task, weak=False)
    signals.after_task_publish.connect(sent, weak=False)
    signals.worker_init.connect(starting, weak=False)
    signals.worker_ready.connect(worker_ready, weak=False)
    signals.beat_init.connect(beat_ready, weak=False)


def _serve(container: Container, port: int) -> None:
    if port:
        container.exposition.serve(container.settings.metrics_host, port)

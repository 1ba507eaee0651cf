"""Build the Celery applications of the parts that take tasks."""

from typing import Any

from celery import Celery, signals

from entente.bootstrap.broker import FETCHER, WORKER
from entente.bootstrap.container import Container
from entente.bootstrap.logging import configure_logging
from worker.processes import Processes
from worker.schedule import beat_schedule
from worker.stopping import end_beat, end_softly
from worker.tasks import register
from worker.telemetry import connect_telemetry


def create_worker(container: Container, part: str = WORKER) -> Celery:
    """A Celery application for one part (worker, fetcher, deliverer), whose tasks call this container's services.

    Raises SettingsError without Redis.
    """
    app = container.celery_app()
    processes = Processes(container)
    register(app, processes.container, part)
    app.conf.beat_schedule = beat_schedule(container.settings.sweep_seconds)

    def heartbeat(**_: Any) -> None:
        container.heartbeats.note(part)

    # weak=False: by default Celery keeps only weak references to receivers.
    signals.setup_logging.connect(lambda **_: configure_logging(container.settings), weak=False)
    signals.heartbeat_sent.connect(heartbeat, weak=False)
    signals.beat_init.connect(end_beat, weak=False)
    connect_telemetry(processes.container, part)
    if part == WORKER:
        signals.worker_init.connect(processes.before_fork, weak=False)
        signals.worker_process_init.connect(processes.after_fork, weak=False)
        signals.worker_ready.connect(end_softly, weak=False)
    else:
        # A thread can't be cancelled. What it does is bounded in time, and doing it twice is guarded by the ledger.
        app.conf.worker_cancel_long_running_tasks_on_connection_loss = False
        warm = container.warm_fetching if part == FETCHER else container.warm_delivering
        signals.worker_init.connect(lambda **_: warm(), weak=False)
    return app

"""Build the worker's Celery application."""

from celery import Celery, signals

from entente.bootstrap.container import Container
from entente.bootstrap.logging import configure_logging
from worker.processes import Processes
from worker.schedule import beat_schedule
from worker.tasks import register
from worker.telemetry import connect_telemetry


def create_worker(container: Container) -> Celery:
    """A Celery application whose tasks call this container's services. Raises SettingsError without Redis."""
    app = container.celery_app()
    processes = Processes(container)
    register(app, processes.container)
    app.conf.beat_schedule = beat_schedule(container.settings.sweep_seconds)
    # weak=False: by default Celery keeps only weak references to receivers.
    signals.setup_logging.connect(lambda **_: configure_logging(container.settings), weak=False)
    signals.worker_init.connect(processes.before_fork, weak=False)
    signals.worker_process_init.connect(processes.after_fork, weak=False)
    connect_telemetry(processes.container)
    return app

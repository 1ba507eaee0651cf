"""Command lines of API, worker and beat, for the embedded stack and for containers."""

import sys

from entente.bootstrap.settings import Settings
from entente.doorbell.names import QUEUES


def api_command(bind: str, app: str = "api.wsgi:app") -> list[str]:
    """Command line of the API server at `bind` (``host:port`` or ``fd://N``). Settings come from the environment."""
    return [sys.executable, "-m", "entente.bootstrap.api_server", bind, app]


def worker_command(settings: Settings) -> list[str]:
    """Command line of a Celery worker on every queue. Run it with `WORKER_ENVIRONMENT`."""
    return [
        *(sys.executable, "-m", "celery", "--app", "worker.main", "--quiet", "worker"),
        *("--queues", ",".join(QUEUES), "--concurrency", str(settings.worker_processes)),
        # Workers don't need to know of each other.
        *("--without-gossip", "--without-mingle", "--loglevel", settings.log_level),
    ]


def beat_command(settings: Settings, schedule: str) -> list[str]:
    """Command line of Celery beat; `schedule` is the file in which it stores the times of its last runs."""
    return [
        *(sys.executable, "-m", "celery", "--app", "worker.main", "--quiet", "beat"),
        *("--schedule", schedule, "--pidfile", "", "--loglevel", settings.log_level),
    ]


#: Makes Celery treat SIGTERM, which containers send, as its soft shutdown.
WORKER_ENVIRONMENT = {"REMAP_SIGTERM": "SIGQUIT"}

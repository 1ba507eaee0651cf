"""The command lines of the long-running processes, for the embedded stack and for containers alike."""

import sys

from entente.bootstrap.settings import Settings
from entente.doorbell.names import QUEUES


def api_command(bind: str, app: str = "api.wsgi:app") -> list[str]:
    """The API's server at `bind` (``host:port`` or ``fd://N``). Its settings come from the environment."""
    return [sys.executable, "-m", "entente.bootstrap.api_server", bind, app]


def worker_command(settings: Settings) -> list[str]:
    """Celery's worker on every queue. Needs `WORKER_ENVIRONMENT`."""
    return [
        *(sys.executable, "-m", "celery", "--app", "worker.main", "--quiet", "worker"),
        *("--queues", ",".join(QUEUES), "--concurrency", str(settings.worker_processes)),
        # No chatter between workers: nothing here needs to know of the others.
        *("--without-gossip", "--without-mingle", "--loglevel", settings.log_level),
    ]


def beat_command(settings: Settings, schedule: str) -> list[str]:
    """Celery's beat; `schedule` is the file that it keeps its times in."""
    return [
        *(sys.executable, "-m", "celery", "--app", "worker.main", "--quiet", "beat"),
        *("--schedule", schedule, "--pidfile", "", "--loglevel", settings.log_level),
    ]


#: SIGTERM, which containers send, becomes Celery's soft shutdown.
WORKER_ENVIRONMENT = {"REMAP_SIGTERM": "SIGQUIT"}

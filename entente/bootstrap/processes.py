"""Command lines of API, beat and the parts that take tasks, for the embedded stack and for containers."""

import sys

from entente.bootstrap.settings import Settings
from entente.doorbell.names import DELIVERER, FETCHER, PARTS, WORKER

#: Part → module of its Celery application.
APPS = {WORKER: "worker.main", FETCHER: "worker.fetcher", DELIVERER: "worker.deliverer"}


def api_command(bind: str, app: str = "api.wsgi:app") -> list[str]:
    """Command line of the API server at `bind` (``host:port`` or ``fd://N``). Settings come from the environment."""
    return [sys.executable, "-m", "entente.bootstrap.api_server", bind, app]


def part_command(settings: Settings, part: str) -> list[str]:
    """Command line of a Celery worker on the queues of one part: worker, fetcher or deliverer.

    The worker has processes, for it computes; the others have threads, for they wait.
    """
    threads = {FETCHER: settings.fetch_threads, DELIVERER: settings.deliver_threads}
    pool = ("--pool", "threads") if part in threads else ()
    return [
        *(sys.executable, "-m", "celery", "--app", APPS[part], "--quiet", "worker", "--hostname", f"{part}@%h"),
        *("--queues", ",".join(PARTS[part]), *pool, "--concurrency", str(threads.get(part, settings.worker_processes))),
        # Workers don't need to know of each other.
        *("--without-gossip", "--without-mingle", "--loglevel", settings.log_level),
    ]


def beat_command(settings: Settings, schedule: str) -> list[str]:
    """Command line of Celery beat; `schedule` is the file in which it stores the times of its last runs."""
    return [
        *(sys.executable, "-m", "celery", "--app", "worker.main", "--quiet", "beat"),
        *("--schedule", schedule, "--pidfile", "", "--loglevel", settings.log_level),
    ]

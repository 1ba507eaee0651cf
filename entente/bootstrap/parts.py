"""Run worker, fetcher and deliverer as supervised children of one process, beside a Redis and a database elsewhere."""

import os
import time
from contextlib import suppress

from entente.bootstrap.broker import PARTS
from entente.bootstrap.children import Child, stop_all
from entente.bootstrap.errors import StopRequested
from entente.bootstrap.processes import part_command
from entente.bootstrap.settings import Settings
from entente.bootstrap.stop_signals import stopped_by_signals

TICK_SECONDS = 0.5

#: Seconds that the parts have to stop; longer than Celery's own limit, after which it ends by itself.
STOP_SECONDS = 35.0


def run_parts(settings: Settings) -> None:
    """Keep the parts running until SIGINT, SIGTERM or SIGHUP. Their output goes where this process's goes."""
    children = [Child(part, part_command(settings, part), os.environ, log_file=None) for part in PARTS]
    with stopped_by_signals() as check_signals:
        try:
            with suppress(StopRequested):
                for child in children:
                    child.start()
                while True:
                    time.sleep(TICK_SECONDS)
                    check_signals()
                    for child in children:
                        child.check()
        finally:
            stop_all(children, STOP_SECONDS)

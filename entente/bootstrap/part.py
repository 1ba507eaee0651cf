"""What every part (API, worker, fetcher, deliverer, beat) does before anything else."""

import os
from contextlib import suppress
from pathlib import Path

from entente.bootstrap.logging import configure_logging, log_uncaught
from entente.bootstrap.settings import Settings
from entente.telemetry.directory import share_counts

#: What the parts that compute, coding and parsing, add to their niceness: on a busy machine the API, for which somebody
#: waits, comes first.
NICENESS = 10


def begin_part(settings: Settings) -> None:
    """Log as the settings say, and share counts between the part's processes. Call it in the main process."""
    configure_logging(settings)
    log_uncaught()
    share_counts()


def give_way() -> None:
    """Leave the processor to the other parts while they need it. Call it in the main process, before any thread."""
    os.nice(NICENESS)
    if os.getsid(0) == os.getpid():
        # Linux shares the processor among sessions first (CONFIG_SCHED_AUTOGROUP), and niceness counts within one.
        with suppress(OSError):
            Path("/proc/self/autogroup").write_text(str(NICENESS))

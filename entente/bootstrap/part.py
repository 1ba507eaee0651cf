"""What every part (API, worker, fetcher, deliverer, beat) does before anything else."""

import atexit
import gc
import os
from contextlib import suppress
from pathlib import Path

from entente.bootstrap.logging import configure_logging, log_uncaught
from entente.bootstrap.settings import Settings
from entente.telemetry.directory import share_counts

#: What the parts that compute add to their niceness: on a busy machine the API, for which somebody waits, comes first,
#: then coding, then parsing.
CODING, PARSING = 10, 15


def begin_part(settings: Settings) -> None:
    """Log as the settings say, and share counts between the part's processes. Call it in the main process."""
    configure_logging(settings)
    log_uncaught()
    share_counts()
    # Without it the interpreter's end searches all that was imported for garbage: .2 to .4 s.
    atexit.register(gc.freeze)


def give_way(niceness: int) -> None:
    """Leave the processor to the parts of a lower niceness while they need it. Call it before there are threads."""
    os.nice(niceness)
    if os.getsid(0) == os.getpid():
        # Linux shares the processor among sessions first (CONFIG_SCHED_AUTOGROUP), and niceness counts within one.
        with suppress(OSError):
            Path("/proc/self/autogroup").write_text(str(niceness))

"""What every part (API, worker, fetcher, deliverer, beat) does before anything else."""

from entente.bootstrap.logging import configure_logging, log_uncaught
from entente.bootstrap.settings import Settings
from entente.telemetry.directory import share_counts


def begin_part(settings: Settings) -> None:
    """Log as the settings say, and share counts between the part's processes. Call it in the main process."""
    configure_logging(settings)
    log_uncaught()
    share_counts()

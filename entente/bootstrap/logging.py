"""Logging to standard error: text on a terminal, else one JSON object a line (ENTENTE_LOG_FORMAT)."""

import logging
import sys

import structlog
from structlog.typing import Processor

from entente.bootstrap.settings import Settings


def configure_logging(settings: Settings, context: Processor = structlog.contextvars.merge_contextvars) -> None:
    """Send structlog's and the libraries' records through one formatter, at the level of the settings.

    `context`: processor that adds context, such as a request id, to each record.
    """
    shared: list[Processor] = [
        context,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.processors.StackInfoRenderer(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=_renderers(settings.log_format))
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(settings.log_level.upper())
    # At INFO these repeat what the tasks' own records say.
    for chatty in ("celery.worker.strategy", "celery.app.trace", "celery.beat", "alembic"):
        logging.getLogger(chatty).setLevel(max(logging.WARNING, root.level))


def _renderers(log_format: str) -> list[Processor]:
    strip: Processor = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    if log_format == "text" or (log_format == "auto" and sys.stderr.isatty()):
        return [strip, structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())]
    return [strip, structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]

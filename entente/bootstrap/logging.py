"""Logging to standard error: text on a terminal, else one JSON object a line (ENTENTE_LOG_FORMAT).

Every record goes through here: structlog's, the libraries', warnings and uncaught exceptions. docs/monitoring.md lists
our own.
"""

import logging
import re
import sys
import threading
from collections.abc import MutableMapping
from types import TracebackType
from typing import Any

import structlog
from structlog.typing import FilteringBoundLogger, Processor

from entente.bootstrap.printable import printable
from entente.bootstrap.settings import Settings

#: At INFO these repeat what our own records say.
_CHATTY = ("celery.worker.strategy", "celery.worker.request", "celery.app.trace", "celery.beat", "alembic")

#: What must not be in a log, wherever it comes from: API keys, signing secrets, signatures, passwords in URLs.
_SECRETS = re.compile(
    r"(?P<key>\bent_[0-9A-Za-z]{10}_)\w+|(?P<secret>\bwhsec_)[\w+/=-]+|(?P<signature>\bv1,)[A-Za-z0-9+/=]{20,}"
    r"|(?P<bearer>\bBearer\s+)[^\s'\"]+|(?P<login>://)[^\s/@'\"]+(?=@)",
    re.ASCII,
)

_STAMP = structlog.processors.TimeStamper(fmt="iso", utc=True)


def configure_logging(settings: Settings) -> None:
    """Send structlog's and the libraries' records, and warnings, through one formatter, at the level of the settings.

    structlog's context variables, such as a request's id, are added to each record.
    """
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        _STAMP,
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
    strip: Processor = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[strip, structlog.processors.format_exc_info, without_secrets, *_renderers(settings)],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(settings.log_level.upper())
    logging.captureWarnings(True)
    for chatty in _CHATTY:
        logging.getLogger(chatty).setLevel(max(logging.WARNING, root.level))


def log_uncaught() -> None:
    """Log exceptions that end this process or one of its threads, instead of printing them."""
    log = structlog.get_logger(__name__)

    def ended(kind: type[BaseException], error: BaseException, traceback: TracebackType | None) -> None:
        if not issubclass(kind, KeyboardInterrupt):
            log.critical("uncaught exception", exc_info=(kind, error, traceback))

    def thread_ended(hook: threading.ExceptHookArgs) -> None:
        if hook.exc_value is not None:
            ended(hook.exc_type, hook.exc_value, hook.exc_traceback)

    sys.excepthook = ended
    threading.excepthook = thread_ended


def request_logger(settings: Settings) -> FilteringBoundLogger | None:
    """The logger of requests, None if the level is above info.

    It writes to standard error itself: the way through `logging` would cost three times as much, for every request.
    """
    if logging.getLevelName(settings.log_level.upper()) > logging.INFO:
        return None
    logger: FilteringBoundLogger = structlog.wrap_logger(
        structlog.WriteLogger(sys.stderr),
        processors=[_level_info, _STAMP, *_renderers(settings)],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
    ).bind(logger="request")
    return logger


def without_secrets(_logger: object, _method: str, record: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Mask what must not be in a log (a structlog processor)."""
    for name, value in record.items():
        if isinstance(value, str):
            record[name] = _SECRETS.sub(_mask, value)
        elif value is not None and not isinstance(value, bool | int | float):
            # Whatever a library put there: rendered, so that it can be searched.
            record[name] = _SECRETS.sub(_mask, repr(value))
    return record


def _mask(found: re.Match[str]) -> str:
    return f"{found[str(found.lastgroup)]}…"


def _level_info(_logger: object, _method: str, record: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    record["level"] = "info"
    return record


def _printable(_logger: object, _method: str, record: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for name, value in record.items():
        if isinstance(value, str):
            # A traceback keeps its line breaks.
            kept = "\n" if name == "exception" else None
            record[name] = kept.join(map(printable, value.split(kept))) if kept else printable(value)
    return record


def _renderers(settings: Settings) -> list[Processor]:
    terminal = sys.stderr.isatty()
    if settings.log_format == "text" or (settings.log_format == "auto" and terminal):
        # The default formatter of exceptions prints the values of local variables, if `rich` is installed.
        plain = structlog.dev.plain_traceback
        return [_printable, structlog.dev.ConsoleRenderer(colors=terminal, exception_formatter=plain)]
    # ASCII only: control and bidi characters of outside text are escaped.
    return [structlog.processors.JSONRenderer()]

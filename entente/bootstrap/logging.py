"""Logging to standard error: text on a terminal, else one JSON object a line (ENTENTE_LOG_FORMAT).

Every record goes through here: structlog's, the libraries', warnings and uncaught exceptions. docs/monitoring.md lists
our own.
"""

import json
import logging
import re
import select
import sys
import threading
from collections.abc import Callable, Iterator, MutableMapping
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

import structlog
from structlog.typing import Processor

from entente.bootstrap.printable import printable
from entente.bootstrap.settings import Settings

#: At INFO these repeat what our own records say.
_CHATTY = ("celery.worker.strategy", "celery.worker.request", "celery.app.trace", "celery.beat", "alembic")

#: What must not be in a log, wherever it comes from: API keys, signing secrets, passwords in URLs, and signatures, of
#: webhooks and in links to unsubscribe.
_SECRETS = re.compile(
    r"(?P<key>\bent_[0-9A-Za-z]{10}_)\w+|(?P<secret>\bwhsec_)[\w+/=-]+|(?P<signature>\bv1,)[A-Za-z0-9+/=]{20,}"
    r"|(?P<link>/unsubscribe/[^/\s'\"]+/)[^/\s'\"]+"
    r"|(?P<bearer>\bBearer\s+)[^\s'\"]+|(?P<login>://)[^\s/@'\"]+(?=@)",
    re.ASCII,
)

#: A text as JSON, ASCII only.
_quoted = json.encoder.encode_basestring_ascii

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
    # It warns of a part's answer to a ping that nobody waits for any more, as when a part is just starting.
    logging.getLogger("kombu.transport.virtual.base").setLevel(max(logging.ERROR, root.level))


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


def request_renderer(settings: Settings) -> Callable[[str, str, str, int, float, str | None, str], str] | None:
    """Renders (id, method, route, status, ms, key id, client) as a request's line; None if the level is above info.

    Without structlog and `logging`, which would take twice as long as the fastest read itself.
    """
    if logging.getLevelName(settings.log_level.upper()) > logging.INFO:
        return None
    if _is_text(settings):
        renderers = _renderers(settings)

        def text(id: str, method: str, route: str, status: int, ms: float, key_id: str | None, client: str) -> str:
            record: Any = {"request_id": id, "method": method, "route": route, "status": status, "ms": round(ms, 3)}
            record |= {"key_id": key_id, "client": client, "level": "info", "event": "request", "timestamp": _now()}
            for render in renderers:
                record = render(None, "info", record)
            return f"{record}\n"

        return text

    def line(id: str, method: str, route: str, status: int, ms: float, key_id: str | None, client: str) -> str:
        # The escapes of JSON: the client's address may come from a header.
        return (
            f'{{"request_id": {_quoted(id)}, "method": {_quoted(method)}, "route": {_quoted(route)}, '
            f'"status": {status}, "ms": {ms:.3f}, "key_id": {_quoted(key_id) if key_id else "null"}, '
            f'"client": {_quoted(client)}, "event": "request", "logger": "api", "level": "info", '
            f'"timestamp": "{_now()}"}}\n'
        )

    return line


def request_writer() -> Callable[[Iterator[str]], None]:
    """Writes lines to standard error, in pieces that no other process's lines are mixed with in a pipe."""

    def write(lines: Iterator[str]) -> None:
        stream, chunk = sys.stderr, ""
        for line in lines:
            if chunk and len(chunk) + len(line) > select.PIPE_BUF:
                stream.write(chunk)
                stream.flush()
                chunk = ""
            chunk += line
        stream.write(chunk)
        stream.flush()

    return write


def _now() -> str:
    return datetime.now(UTC).isoformat().replace("+00:00", "Z")


def without_secrets(_logger: object, _method: str, record: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Mask what must not be in a log (a structlog processor)."""
    for name, value in record.items():
        if isinstance(value, str):
            record[name] = masked(value)
        elif value is not None and not isinstance(value, bool | int | float):
            # Whatever a library put there: rendered, so that it can be searched.
            record[name] = masked(repr(value))
    return record


def masked(text: str) -> str:
    """The text without what must not be in a log or a trace."""
    return _SECRETS.sub(_mask, text)


def _mask(found: re.Match[str]) -> str:
    return f"{found[str(found.lastgroup)]}…"


def _printable(_logger: object, _method: str, record: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for name, value in record.items():
        if isinstance(value, str):
            # A traceback keeps its line breaks.
            kept = "\n" if name == "exception" else None
            record[name] = kept.join(map(printable, value.split(kept))) if kept else printable(value)
    return record


def _is_text(settings: Settings) -> bool:
    return settings.log_format == "text" or (settings.log_format == "auto" and sys.stderr.isatty())


def _renderers(settings: Settings) -> list[Processor]:
    if _is_text(settings):
        # The default formatter of exceptions prints the values of local variables, if `rich` is installed.
        plain = structlog.dev.plain_traceback
        return [_printable, structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=plain)]
    # ASCII only: control and bidi characters of outside text are escaped.
    return [structlog.processors.JSONRenderer()]

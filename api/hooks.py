"""What happens around every request: an id, strict query strings, and headers that browsers heed.

A read that is served from memory spends most of its time here, so that what is the same for every answer is added to
the finished list of headers, not to werkzeug's object, which looks through all of them for each.
"""

import random
import re
from collections.abc import Iterable, MutableMapping
from typing import TYPE_CHECKING, Any

from flask import Flask, Response, current_app, g, has_request_context, request
from marshmallow import ValidationError
from werkzeug.exceptions import NotFound

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

REQUEST_ID = "X-Request-Id"

_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}", re.ASCII)

#: JSON is never a page: nothing may run, load or frame it. Pages set their own.
_SECURITY = [
    ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Referrer-Policy", "no-referrer"),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
]


def register_hooks(app: Flask) -> None:
    """Install the hooks on this app."""
    app.before_request(_name_request)
    app.before_request(_refuse_nul)
    app.before_request(_refuse_unknown_query)
    app.after_request(_finish)
    app.wsgi_app = _secured(app.wsgi_app)  # type: ignore[assignment, method-assign]  # as Flask documents


def request_named(_logger: object, _method: str, record: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Add to a log record which request it is about (a structlog processor)."""
    if has_request_context():
        record.update(request_id=g.get("request_id", ""), method=request.method, path=request.path)
    return record


def _name_request() -> None:
    given = request.environ.get("HTTP_X_REQUEST_ID", "")
    # Unique is enough: an id is no secret, and the kernel's randomness costs a call to it.
    g.request_id = given if _REQUEST_ID.fullmatch(given) else f"{random.getrandbits(128):032x}"


def _refuse_nul() -> None:
    # No name of anything holds one, and PostgreSQL can't even be asked.
    if "\0" in request.path:
        raise NotFound


def _refuse_unknown_query() -> None:
    if not request.query_string or request.endpoint is None or request.method == "OPTIONS":
        return
    view: Any = current_app.view_functions[request.endpoint]
    if request.args and not getattr(view, "takes_query", False):
        raise ValidationError({name: ["Unknown field."] for name in request.args})


def _finish(response: Response) -> Response:
    headers = response.headers
    headers.add(REQUEST_ID, g.get("request_id", ""))
    if request.path.startswith("/v1/") and "Cache-Control" not in headers:
        # What is asked again may have changed: a copy may be kept, but not used without asking.
        headers["Cache-Control"] = "no-cache" if response.status_code < 400 else "no-store"
    return response


def _secured(serve: "WSGIApplication") -> "WSGIApplication":
    """The application with the security headers on every answer that doesn't bring its own."""

    def secured(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        def start(status: str, headers: list[tuple[str, str]], *error: Any) -> Any:
            named = {name for name, _ in headers}
            headers += [header for header in _SECURITY if header[0] not in named]
            return start_response(status, headers, *error)

        return serve(environ, start)

    return secured

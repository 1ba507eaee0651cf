"""What happens around every request: an id, strict query strings, and headers that browsers heed."""

import re
from typing import Any
from uuid import uuid4

import structlog
from flask import Flask, Response, current_app, g, request
from marshmallow import ValidationError
from werkzeug.exceptions import NotFound

REQUEST_ID = "X-Request-Id"

_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}", re.ASCII)

#: JSON is never a page: nothing may run, load or frame it. Pages set their own.
_SECURITY = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


def register_hooks(app: Flask) -> None:
    """Install the hooks on this app."""
    app.before_request(_name_request)
    app.before_request(_refuse_nul)
    app.before_request(_refuse_unknown_query)
    app.after_request(_finish)


def _name_request() -> None:
    given = request.headers.get(REQUEST_ID, "")
    g.request_id = given if _REQUEST_ID.fullmatch(given) else str(uuid4())
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=g.request_id, method=request.method, path=request.path)


def _refuse_nul() -> None:
    # No name of anything holds one, and PostgreSQL can't even be asked.
    if "\0" in request.path:
        raise NotFound


def _refuse_unknown_query() -> None:
    if not request.args or request.endpoint is None or request.method == "OPTIONS":
        return
    view: Any = current_app.view_functions[request.endpoint]
    if not getattr(view, "takes_query", False):
        raise ValidationError({name: ["Unknown field."] for name in request.args})


def _finish(response: Response) -> Response:
    response.headers.setdefault(REQUEST_ID, g.get("request_id", ""))
    for name, value in _SECURITY.items():
        response.headers.setdefault(name, value)
    if request.path.startswith("/v1/"):
        # What is asked again may have changed: a copy may be kept, but not used without asking.
        response.headers.setdefault("Cache-Control", "no-cache" if response.status_code < 400 else "no-store")
    return response

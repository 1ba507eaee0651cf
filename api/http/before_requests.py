"""Before any view runs: fields of log records, and checks (rate limit, NUL, unknown query parameters)."""

from typing import Any

from flask import Flask, request
from marshmallow import ValidationError
from structlog.contextvars import bind_contextvars, clear_contextvars
from werkzeug.exceptions import NotFound, TooManyRequests

from api.http.middleware import CLIENT, REQUEST_ID, ROUTE, TOO_SOON

#: Characters of a path in log records.
_MAX_PATH = 200


def register_hooks(app: Flask) -> None:
    """Install the hook on this app."""

    def begin() -> None:
        environ = request.environ
        if request.url_rule is not None:
            environ[ROUTE] = request.url_rule.rule
        # A thread serves one request after another: what the last one bound is dropped.
        clear_contextvars()
        named = {"method": environ["REQUEST_METHOD"], "path": environ["PATH_INFO"][:_MAX_PATH]}
        bind_contextvars(request_id=environ.get(REQUEST_ID, ""), client=environ.get(CLIENT, ""), **named)
        if TOO_SOON in environ:
            seconds = environ[TOO_SOON]
            raise TooManyRequests(f"Too many requests; try again in {seconds} s.", retry_after=seconds)
        # No id or name contains NUL, and PostgreSQL refuses it in a string.
        if "\0" in environ["PATH_INFO"]:
            raise NotFound
        if environ.get("QUERY_STRING"):
            _refuse_unknown_query(app)

    app.before_request(begin)


def _refuse_unknown_query(app: Flask) -> None:
    if request.endpoint is None or request.method == "OPTIONS":
        return
    view: Any = app.view_functions[request.endpoint]
    if request.args and not getattr(view, "takes_query", False):
        raise ValidationError({name: ["Unknown parameter; this takes none."] for name in request.args})

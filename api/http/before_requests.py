"""Checks before any view runs (rate limit, NUL, unknown query parameters), and request fields of log records."""

from collections.abc import MutableMapping
from typing import Any

from flask import Flask, has_request_context, request
from marshmallow import ValidationError
from werkzeug.exceptions import NotFound, TooManyRequests

from api.http.middleware import REQUEST_ID, TOO_SOON


def register_hooks(app: Flask) -> None:
    """Install the checks on this app."""

    def refuse() -> None:
        environ = request.environ
        if TOO_SOON in environ:
            seconds = environ[TOO_SOON]
            raise TooManyRequests(f"Too many requests; try again in {seconds} s.", retry_after=seconds)
        # No id or name contains NUL, and PostgreSQL refuses it in a string.
        if "\0" in environ["PATH_INFO"]:
            raise NotFound
        if environ.get("QUERY_STRING"):
            _refuse_unknown_query(app)

    app.before_request(refuse)


def _refuse_unknown_query(app: Flask) -> None:
    if request.endpoint is None or request.method == "OPTIONS":
        return
    view: Any = app.view_functions[request.endpoint]
    if request.args and not getattr(view, "takes_query", False):
        raise ValidationError({name: ["Unknown parameter; this takes none."] for name in request.args})


def request_named(_logger: object, _method: str, record: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Add the request's id, method and path to a log record (a structlog processor)."""
    if has_request_context():
        environ = request.environ
        record.update(request_id=environ.get(REQUEST_ID, ""), method=request.method, path=request.path)
    return record

"""Who may: a key in the Authorization header, checked before any view runs."""

from ipaddress import ip_address
from typing import Any

from flask import Flask, current_app, g, request

from api.context import system
from entente.services.errors import Unauthenticated

#: What a view needs that doesn't say so itself (`Blueprint.needs`).
DEFAULT_SCOPE = "read"

_SCHEME = "bearer "


def register_auth(app: Flask) -> None:
    """Check the key of every request to a view of the API."""
    app.before_request(_check)


def _check() -> None:
    if request.endpoint is None or request.method == "OPTIONS" or not request.path.startswith("/v1/"):
        return
    view: Any = current_app.view_functions[request.endpoint]
    scope = getattr(view, "needs", DEFAULT_SCOPE)
    if scope is None or (scope == DEFAULT_SCOPE and "Authorization" not in request.headers and _reads_freely()):
        return
    g.key = system().keys.authenticate(_token(), scope)


def _token() -> str:
    given = request.headers.get("Authorization", "")
    if not given:
        remedy = "send `Authorization: Bearer KEY`; `entente keys add NAME --scope SCOPE` makes one"
        raise Unauthenticated(f"this needs a key: {remedy}")
    if not given.lower().startswith(_SCHEME):
        raise Unauthenticated("the Authorization header must be `Bearer KEY`")
    return given[len(_SCHEME) :].strip()


def _reads_freely() -> bool:
    rule = system().settings.open_reading
    return rule == "always" or (rule == "loopback" and _from_this_machine())


def _from_this_machine() -> bool:
    # No address: the server listens on a Unix socket, which only this machine reaches.
    return not request.remote_addr or ip_address(request.remote_addr).is_loopback

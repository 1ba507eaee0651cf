"""Authentication and scopes: the API key in the Authorization header is checked before any view runs."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, g, request

from api.http.clients import is_this_machine
from api.http.middleware import KEY_ID
from entente.bootstrap.container import Container
from entente.services.errors import Unauthenticated

#: Scope needed by a view that names none (`Blueprint.needs`).
DEFAULT_SCOPE = "read"

#: `open_to` of a view that needs a key where the API does (ENTENTE_OPEN_READING).
READING = "reading"

#: Cookie of the dashboard with the key that its user signed in with. It is good for reading, and for the dashboard's
#: own forms, which check where they were sent from; never for a write under /v1/.
SESSION_COOKIE = "entente_key"

_SCHEME = "bearer "

View = TypeVar("View", bound=Callable[..., Any])


def register_auth(app: Flask, container: Container) -> None:
    """Check the API key of requests under /v1/ and for guarded views. Raises Unauthenticated, Denied."""
    open_reading = container.settings.open_reading

    def check() -> None:
        # The request behind the proxy: each access through the proxy costs time, and this runs for every request.
        asked: Any = request._get_current_object()  # type: ignore[attr-defined]  # typed as a Request, is a LocalProxy
        if asked.endpoint is None or asked.method == "OPTIONS":
            return
        view = app.view_functions[asked.endpoint]
        rule = getattr(view, "open_to", READING if asked.path.startswith("/v1/") else None)
        if rule is None:
            return
        if rule == READING:
            rule = open_reading
        scope = getattr(view, "needs", DEFAULT_SCOPE)
        given = asked.environ.get("HTTP_AUTHORIZATION")
        if given is None and asked.environ.get("HTTP_COOKIE") and _takes_cookie(asked, scope):
            given = _of_session(asked)
        if scope is None or (scope == DEFAULT_SCOPE and given is None and reads_freely(rule, asked.environ)):
            return
        g.key = container.keys.authenticate(_token(given or ""), scope)
        asked.environ[KEY_ID] = g.key.id

    app.before_request(check)


def for_this_machine(view: View) -> View:
    """Let only requests from this machine call the view without an API key, whatever ENTENTE_OPEN_READING says."""
    guarded: Any = view
    guarded.open_to = "loopback"
    return view


def _takes_cookie(asked: Any, scope: str | None) -> bool:
    """Whether the cookie may stand for a key: in pages, and in reads that pages make."""
    if not asked.path.startswith("/v1/"):
        return True
    return scope == DEFAULT_SCOPE and asked.method in ("GET", "HEAD")


def _of_session(asked: Any) -> str | None:
    token = asked.cookies.get(SESSION_COOKIE)
    return f"Bearer {token}" if token else None


def _token(given: str) -> str:
    if not given:
        remedy = "send `Authorization: Bearer KEY`; `entente keys add NAME --scope SCOPE` makes one"
        raise Unauthenticated(f"this needs a key: {remedy}")
    if not given.lower().startswith(_SCHEME):
        raise Unauthenticated("the Authorization header must be `Bearer KEY`")
    return given[len(_SCHEME) :].strip()


def reads_freely(rule: str, environ: dict[str, Any]) -> bool:
    """Whether `rule` (ENTENTE_OPEN_READING: loopback, always or never) lets a request read without a key."""
    return rule == "always" or (rule == "loopback" and is_this_machine(environ))

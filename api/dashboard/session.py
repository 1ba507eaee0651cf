"""Signing in with an API key, which the browser keeps until it is closed."""

from contextlib import suppress

from flask import Response, redirect, request
from marshmallow import Schema

from api.dashboard.pages import own_form, page, parameters, rendered
from api.http.auth import SESSION_COOKIE
from api.http.context import system
from entente.services.errors import Denied, Unauthenticated
from entente.services.ports.api_keys import SCOPES, ApiKey
from schemas.fields import Line

_ADDRESS = "/session"


class NextSchema(Schema):
    """The page to go on to."""

    next = Line(high=2000)


@page(_ADDRESS, needs=None)
def session() -> Response:
    """Show the form to sign in, or to sign out."""
    return rendered("session.html", next=local(parameters(NextSchema()).get("next")))


@page(_ADDRESS, methods=("POST",), needs=None)
def sign() -> Response:
    """Keep a key that is valid, or forget the one that is kept."""
    given = own_form()
    if "out" in given:
        gone: Response = redirect("/", 303)  # type: ignore[assignment]  # werkzeug's Response
        gone.delete_cookie(SESSION_COOKIE, samesite="Strict", httponly=True)
        return gone
    token = given.get("key", "")
    key_of(token)
    kept: Response = redirect(local(given.get("next")), 303)  # type: ignore[assignment]  # werkzeug's Response
    secure = request.is_secure or request.headers.get("X-Forwarded-Proto") == "https"
    # Without an age it ends with the browser's session; no script reads it, no other site's page sends it.
    kept.set_cookie(SESSION_COOKIE, token, secure=secure, httponly=True, samesite="Strict")
    return kept


def key_of(token: str) -> ApiKey:
    """The key of a token, whatever it may do. Raises Unauthenticated."""
    for scope in SCOPES:
        with suppress(Denied):
            return system().keys.authenticate(token, scope)
    raise Unauthenticated("the key may do nothing")


def local(address: str | None) -> str:
    """An address of this site to go on to; the first page for any other."""
    plain = address or "/curate"
    return plain if plain.startswith("/") and not plain.startswith(("//", "/\\")) else "/"

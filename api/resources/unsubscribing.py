"""Unsubscribe links of e-mails. Whoever has one may use it; no API key is asked for."""

from typing import Any

from flask import Response, render_template

from api.http.blueprint import Blueprint
from api.http.context import system
from api.http.path_parameters import identifier

blp = Blueprint("unsubscribing", "Unsubscribe links of e-mails", "/v1/unsubscribe")

_EXAMPLE = "01980000-0000-7000-8000-000000000000"
_LINK = [
    identifier("subscription_id", "Id of a subscription", _EXAMPLE),
    identifier("signature", "Signature of the link", "0" * 64),
]
_PAGE: dict[str, Any] = {"200": {"description": "A page", "content": {"text/html": {"schema": {"type": "string"}}}}}

#: The page has a form that posts to its own address, and no script.
_POLICY = "default-src 'none'; form-action 'self'; frame-ancestors 'none'"


@blp.route("/<subscription_id>/<signature>", methods=["GET"], parameters=_LINK)
@blp.needs(None)
@blp.describes(responses=_PAGE)
@blp.fails(404, 422, 503)
def unsubscribe_page(subscription_id: str, signature: str) -> Response:
    """Ask whether to unsubscribe.

    Following the link changes nothing, since programs that scan e-mails follow links too.
    """
    system().subscriptions.check_link(subscription_id, signature)
    return _page(done=False)


@blp.route("/<subscription_id>/<signature>", methods=["POST"], parameters=_LINK)
@blp.needs(None)
@blp.describes(responses=_PAGE)
@blp.fails(404, 422, 503)
def unsubscribe(subscription_id: str, signature: str) -> Response:
    """Unsubscribe, as the page and the mail programs with one click (RFC 8058) do. The body is not read."""
    system().subscriptions.unsubscribe(subscription_id, signature)
    return _page(done=True)


def _page(*, done: bool) -> Response:
    headers = {"Content-Security-Policy": _POLICY}
    return Response(
        render_template("unsubscribe.html", done=done), headers=headers, content_type="text/html; charset=utf-8"
    )

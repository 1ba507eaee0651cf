"""Changes as an Atom feed, for feed readers."""

from typing import Any

from flask import Response, request

from api.http.answers import ETAG
from api.http.blueprint import Blueprint
from api.http.caching import VARY, entity_tag
from api.http.context import system
from api.http.wants import wants_of
from schemas.atom import MEDIA_TYPE, atom_feed, updated
from schemas.change_feed import ChangeFeedFilterSchema

blp = Blueprint("change_feed", "Changes as an Atom feed", "/v1")

_HEADERS = ETAG | {
    "Last-Modified": {
        "description": "When the newest change was recorded; absent without changes. Send it as If-Modified-Since",
        "schema": {"type": "string"},
    }
}


@blp.route("/changes.atom", methods=["GET"])
@blp.query(ChangeFeedFilterSchema)
@blp.describes(
    responses={
        "200": {
            "description": "An Atom feed (RFC 4287)",
            "headers": _HEADERS,
            "content": {MEDIA_TYPE: {"schema": {"type": "string"}}},
        }
    }
)
@blp.not_modified()
@blp.fails(404, 422, 503)
def changes_as_atom(asked: dict[str, Any]) -> Response:
    """Show the newest changes that pass every filter as an Atom feed, newest first.

    Each entry says who and what, from which value to which, since when, and quotes the sentence that reports it.
    """
    included = {name: asked[name] == "include" for name in ("historic", "unconfirmed")}
    pairs = [pair.split(":") for pair in asked["pairs"]]
    alerts = system().alerts.newest(wants_of({**asked, **included, "pairs": pairs}), asked["limit"])
    base = system().settings.public_url or request.host_url.rstrip("/")
    body = atom_feed(alerts, base, request.full_path.rstrip("?"))
    response = Response(body, content_type=f"{MEDIA_TYPE}; charset=utf-8")
    response.headers["Cache-Control"], response.headers["Vary"] = "no-cache", VARY
    response.set_etag(entity_tag(body))
    if alerts:
        response.last_modified = updated(alerts)
    response.make_conditional(request)
    return response

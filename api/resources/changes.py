"""The changes feed, as pages and as a stream."""

from typing import Any

from flask import Response, request
from werkzeug.exceptions import BadRequest

from api.http import paging
from api.http.answers import LINK, LOGGED, logged
from api.http.blueprint import Blueprint
from api.http.context import system
from api.http.server_sent_events import stream
from api.http.table_streams import ITEM_SCHEMA
from schemas.changes import ChangeFilterSchema, ChangePageSchema, StreamFilterSchema, change_shape
from schemas.facets import reference

blp = Blueprint("changes", "The changes feed: changes of facets, retractions and corrections", "/v1/changes")


@blp.route("", methods=["GET"])
@blp.query(ChangeFilterSchema)
@blp.answers(200, ChangePageSchema, headers=LINK | LOGGED)
@blp.not_modified()
@blp.fails(422, 503)
def changes(asked: dict[str, Any]) -> Response:
    """List the changes after a number, in order and, unless a filter leaves some out, without gaps.

    Send `next` as `after` to continue where the page ended.
    """
    found = system().lookups.changes(**asked)
    last = found[-1].seq if found else asked["after"]
    shape = {"changes": [change_shape(recorded) for recorded in found], "next": last}
    response = logged(shape, [recorded.recorded_at for recorded in found])
    if len(found) == asked["limit"]:
        following = paging.addressed("/v1/changes", {**asked, "after": last})
        response.headers["Link"] = f'<{following}>; rel="next"'
    return response


_LAST: list[dict[str, Any]] = [
    {
        "in": "header",
        "name": "Last-Event-ID",
        "description": "Number of the last change received; browsers send it when they reconnect",
        "schema": {"type": "string", "pattern": "^[0-9]{1,15}$"},
    }
]


#: Fields as in the HTML Living Standard, "Server-sent events". `data` is a row of the changes feed as JSON.
_EVENTS: dict[str, Any] = {
    "schema": {
        "description": "Events as in `x-itemSchema`, each ended by a blank line. First comes a `retry` with the "
        "milliseconds to wait before reconnecting. A line that starts with `:` is a heartbeat, sent at least every few "
        "seconds. After some minutes the stream ends, and the client reconnects",
    },
    ITEM_SCHEMA: {
        "type": "object",
        "required": ["id", "event", "data"],
        "properties": {
            "id": {
                "type": "string",
                "pattern": "^[0-9]+$",
                "description": "Number of the change; send the last one as `Last-Event-ID`",
            },
            "event": {"type": "string", "enum": ["facet", "retraction", "correction"]},
            "data": {"type": "string", "contentMediaType": "application/json", "contentSchema": reference("Change")},
        },
    },
}


@blp.route("/stream", methods=["GET"], parameters=_LAST)
@blp.query(StreamFilterSchema)
@blp.describes(responses={"200": {"description": "Server-sent events", "content": {"text/event-stream": _EVENTS}}})
@blp.fails(400, 422, 503)
def change_stream(asked: dict[str, Any]) -> Response:
    """Stream the changes after a number, and each later one, as server-sent events.

    `Last-Event-ID` takes precedence over `after`.
    """
    last = request.headers.get("Last-Event-ID")
    if last is not None and not (last.isascii() and last.isdigit() and len(last) <= 15):
        raise BadRequest("Last-Event-ID must be the number of a change.")
    return stream(int(last) if last else asked["after"], asked.get("unconfirmed", "include"))

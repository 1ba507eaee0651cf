"""Events: the list with its filters, as pages or as a stream, and one with its mentions and quotes."""

from datetime import date
from typing import Any

from flask import Response, request

from api.http import paging
from api.http.answers import ETAG, PAGED, page, validated
from api.http.blueprint import Blueprint
from api.http.context import system, vocabulary
from api.http.path_parameters import identifier
from api.http.table_streams import STREAMED, stream, wanted_format
from schemas.event_filters import EventFilterSchema, event_query
from schemas.events import EventPageSchema, EventSchema, event_shape, event_summary_shape
from schemas.tables import ENTENTE, event_rows
from schemas.vocabulary import spelt

blp = Blueprint("events", "What happened, with who reported it", "/v1/events")

_PATH = "/v1/events"
_PAGE_SIZE = 50

#: How the parts of a page's end are read: the first day and the id of an event.
_POSITION = (date.fromisoformat, str)


@blp.route("", methods=["GET"])
@blp.query(EventFilterSchema)
@blp.describes(responses=STREAMED)
@blp.answers(200, EventPageSchema, headers=PAGED)
@blp.not_modified()
@blp.fails(404, 406, 409, 422, 503)
def events(asked: dict[str, Any]) -> Response:
    """List events, newest first, under every filter that is given; as CSV or NDJSON all of them at once."""
    form = wanted_format(request, asked.pop("format", None))
    cursor, limit = asked.pop("cursor", None), asked.pop("limit", None)
    query = event_query(asked, system().codebook, system().entities)
    filters = spelt({**asked, "limit": limit})
    turn = paging.decode(cursor, _PATH, filters, _POSITION) if cursor else None
    if form != "json":
        rows = event_rows(system().events.every(query, limit, turn.position if turn else None), vocabulary(), ENTENTE)
        return stream(form, list(ENTENTE), rows, "events")
    backwards = bool(turn and turn.backwards)
    found = system().events.page(query, turn.position if turn else None, limit or _PAGE_SIZE, backwards)
    shape = {"events": [event_summary_shape(event, vocabulary()) for event in found.items]}
    return page(shape, paging.neighbours(_PATH, found, filters))


@blp.route(
    "/<event_id>",
    methods=["GET"],
    parameters=[identifier("event_id", "Source, target, act, status, date", "RUS.AFG.recognise.effective.2025-07-03")],
)
@blp.answers(200, EventSchema, headers=ETAG)
@blp.not_modified()
@blp.fails(404, 503)
def event(event_id: str) -> Response:
    """Show an event with each article that reports it and the words that do; an id once given out is found for good."""
    return validated(event_shape(system().events.event(event_id), vocabulary()))

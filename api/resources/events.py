"""Events: the list with its filters, as pages or as a stream; and one event with its mentions and quotes."""

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
from schemas.tables import ENTENTE, event_batches, event_types
from schemas.vocabulary import spelt

blp = Blueprint("events", "Events and the mentions that report them", "/v1/events")

_PATH = "/v1/events"
_PAGE_SIZE = 50

#: Readers of the parts of a cursor's position: the first day and the id of an event.
_POSITION = (date.fromisoformat, str)


@blp.route("", methods=["GET"])
@blp.query(EventFilterSchema)
@blp.describes(responses=STREAMED)
@blp.answers(200, EventPageSchema, headers=PAGED)
@blp.not_modified()
@blp.fails(404, 406, 409, 422, 503)
def events(asked: dict[str, Any]) -> Response:
    """List events that pass every filter, newest first.

    JSON comes in pages; CSV and NDJSON stream the whole list, or the first `limit` events. `known_at` and
    `published_by` give the events as they were known then.
    """
    form = wanted_format(request, asked.pop("format", None))
    cursor, limit = asked.pop("cursor", None), asked.pop("limit", None)
    query = event_query(asked, system().codebook, system().entities)
    clocks = {name: asked.get(name) for name in ("known_at", "published_by")}
    filters = spelt({**asked, "limit": limit})
    start = paging.decode(cursor, _PATH, filters, _POSITION) if cursor else None
    if form != "json":
        told = system().events.tables(query, limit, start.position if start else None, **clocks)
        return stream(form, event_types(ENTENTE), event_batches(told, vocabulary(), ENTENTE), "events")
    backwards = bool(start and start.backwards)
    position = start.position if start else None
    found = system().events.page(query, position, limit or _PAGE_SIZE, backwards, **clocks)
    shape = {"events": [event_summary_shape(event, vocabulary()) for event in found.items]}
    return page(shape, paging.neighbours(_PATH, found, filters))


@blp.route(
    "/<event_id>",
    methods=["GET"],
    parameters=[identifier("event_id", "Id of an event", "RUS.AFG.recognise.effective.2025-07-03")],
)
@blp.answers(200, EventSchema, headers=ETAG)
@blp.not_modified()
@blp.fails(404, 503)
def event(event_id: str) -> Response:
    """Show an event with its mentions and their quotes.

    An id stays valid when later reports make the event's date more precise, unless it was undated and several events
    now fit it. It is unknown (404) once every mention is retired by a retraction, recode or withdrawal.
    """
    return validated(event_shape(system().events.event(event_id), vocabulary()))

"""Events: the list with its filters, and one with its mentions and quotes."""

from typing import Any

from flask import Response

from api import cursors
from api.answers import LINK, json_answer, page
from api.blueprint import Blueprint
from api.context import system, vocabulary
from api.errors import Contradiction
from api.parameters import identifier
from entente.services.ports import EventQuery
from schemas.events import EventFilterSchema, EventPageSchema, EventSchema, event_shape, event_summary_shape

blp = Blueprint("events", "What happened, with who reported it", "/v1/events")

_PATH = "/v1/events"


@blp.route("", methods=["GET"])
@blp.query(EventFilterSchema)
@blp.answers(200, EventPageSchema, headers=LINK)
@blp.fails(404, 409, 422, 503)
def events(asked: dict[str, Any]) -> Response:
    """List events, newest first, under every filter that is given."""
    cursor = asked.pop("cursor", None)
    query = _query(asked)
    filters = _spelt(asked)
    after = cursors.decode(cursor, _PATH, filters) if cursor else None
    found = system().query.events(query, after, asked["limit"])
    shape = {"events": [event_summary_shape(event, vocabulary()) for event in found.items]}
    return page(shape, cursors.next_url(_PATH, found.next, filters))


@blp.route(
    "/<event_id>",
    methods=["GET"],
    parameters=[identifier("event_id", "Source, target, act, status, date", "RUS.AFG.recognise.effective.2025-07-03")],
)
@blp.answers(200, EventSchema)
@blp.fails(404, 503)
def event(event_id: str) -> Response:
    """Show an event with each article that reports it and the words that do; an id once given out is found for good."""
    return json_answer(event_shape(system().query.event(event_id), vocabulary()))


def _query(asked: dict[str, Any]) -> EventQuery:
    """The filters in the domain's terms. Raises UnknownEntity, UnknownAct, Contradiction."""
    first, last = asked.get("from_"), asked.get("to")
    if first and last and first > last:
        raise Contradiction("to", f"{last} lies before {first}: no event can be in between")
    for act in asked.get("act", ()):
        system().codebook.act(act)
    article = asked.get("article")
    return EventQuery(
        source=_key(asked.get("source")),
        target=_key(asked.get("target")),
        acts=asked.get("act"),
        statuses=asked.get("status"),
        starts_from=first,
        starts_to=last,
        article_id=str(article) if article else None,
        min_confidence=asked.get("min_confidence"),
    )


def _key(code: str | None) -> str | None:
    return system().query.country(code).key if code is not None else None


def _spelt(asked: dict[str, Any]) -> dict[str, Any]:
    """The filters as they stand in a query string."""
    spelt = {name.rstrip("_"): value for name, value in asked.items()}
    return {name: ",".join(value) if isinstance(value, list) else value for name, value in spelt.items()}

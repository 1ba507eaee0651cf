"""Relation records and their history."""

from datetime import date
from typing import Any

from flask import Response, request

from api import cursors
from api.answers import ETAG, LINK, page
from api.blueprint import Blueprint
from api.caching import conditional, entity_tag
from api.context import system, vocabulary
from api.parameters import code
from entente.relations.states import Interval
from schemas.history import HistoryFilterSchema, HistorySchema, interval_shape
from schemas.relations import AsOfSchema, RelationSchema
from schemas.vocabulary import path

blp = Blueprint("relations", "How one country stands with another", "/v1/relations")

_PAIR = [code("source", "RUS"), code("target", "AFG")]


@blp.route("/<source>/<target>", methods=["GET"], parameters=_PAIR)
@blp.query(AsOfSchema)
@blp.answers(200, RelationSchema, headers=ETAG)
@blp.not_modified()
@blp.fails(404, 422, 503)
def relation(asked: dict[str, date], source: str, target: str) -> Response:
    """Tell how source stands with target: each facet with its evidence, the score with its parts."""
    served = system().query.relation(source, target, asked.get("as_of"))
    location = path("relations", *_keys(source, target))
    if "as_of" in asked:
        location += f"?as_of={asked['as_of']}"
    return conditional(request, served.body, entity_tag(served.body, served.version, served.as_of), location)


@blp.route("/<source>/<target>/history", methods=["GET"], parameters=_PAIR)
@blp.query(HistoryFilterSchema)
@blp.answers(200, HistorySchema, headers=LINK)
@blp.fails(404, 422, 503)
def history(asked: dict[str, Any], source: str, target: str) -> Response:
    """List the intervals of each facet, or of one: what held from when until when, by which events and rule."""
    keys = _keys(source, target)
    here = path("relations", *keys, "history")
    filters = {"facet": asked.get("facet"), "limit": asked["limit"]}
    intervals = sorted(system().query.history(*keys, asked.get("facet")), key=_position)
    if "cursor" in asked:
        after = cursors.decode(asked["cursor"], here, filters)
        intervals = [interval for interval in intervals if _position(interval) > after]
    shown = intervals[: asked["limit"]]
    ended = _position(shown[-1]) if len(intervals) > len(shown) else None
    shape = {
        "source": vocabulary().party(keys[0]),
        "target": vocabulary().party(keys[1]),
        "intervals": [interval_shape(interval) for interval in shown],
    }
    return page(shape, cursors.next_url(here, ended, filters))


def _keys(source: str, target: str) -> tuple[str, str]:
    query = system().query
    return query.country(source).key, query.country(target).key


def _position(interval: Interval) -> tuple[str, ...]:
    """What orders a history; no two intervals of one direction share it."""
    return (interval.facet, interval.item, interval.standing, interval.starts_on.isoformat())

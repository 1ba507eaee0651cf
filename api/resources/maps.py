"""Maps: one facet across relations and over time, in one answer."""

from typing import Any

from flask import Response

from api.http.answers import ETAG, validated
from api.http.blueprint import Blueprint
from api.http.context import system, vocabulary
from api.http.path_parameters import identifier
from api.resources.relations import located
from schemas.maps import MapFilterSchema, MapSchema, map_shape
from schemas.vocabulary import path

blp = Blueprint("maps", "One facet across relations, over all time", "/v1/map")


@blp.route("/<facet>", methods=["GET"], parameters=[identifier("facet", "Name of a facet", "recognition")])
@blp.query(MapFilterSchema)
@blp.answers(200, MapSchema, headers=ETAG)
@blp.not_modified()
@blp.fails(404, 422, 503)
def facet_map(asked: dict[str, Any], facet: str) -> Response:
    """List every held interval of a facet, of one country's relations or of all.

    From one answer a map of any day can be drawn. The intervals are as known now, or of one country as known at a time
    or to the press by a day.
    """
    found = system().maps.facet(facet, **asked)
    known = {**asked, "country": found.country} if found.country else {}
    return validated(map_shape(found, vocabulary()), located(path("map", found.facet), known))

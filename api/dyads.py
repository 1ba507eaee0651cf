"""Both directions of a pair, side by side."""

import json
from datetime import date

from flask import Response, request

from api.answers import ETAG
from api.blueprint import Blueprint
from api.caching import conditional, entity_tag
from api.context import system, vocabulary
from api.parameters import code
from schemas.relations import AsOfSchema, DyadSchema, dyad_shape
from schemas.renderer import to_json
from schemas.vocabulary import path

blp = Blueprint("dyads", "Both directions of a pair", "/v1/dyads")


@blp.route("/<a>/<b>", methods=["GET"], parameters=[code("a", "RUS"), code("b", "AFG")])
@blp.query(AsOfSchema)
@blp.answers(200, DyadSchema, headers=ETAG)
@blp.not_modified()
@blp.fails(404, 422, 503)
def dyad(asked: dict[str, date], a: str, b: str) -> Response:
    """Tell how a and b stand with each other, with the facets that are the same both ways."""
    forth, back = system().query.dyad(a, b, asked.get("as_of"))
    shape = dyad_shape(json.loads(forth.body), json.loads(back.body), vocabulary())
    body = to_json(shape)
    location = path("dyads", shape["a"]["key"], shape["b"]["key"])
    if "as_of" in asked:
        location += f"?as_of={asked['as_of']}"
    return conditional(request, body, entity_tag(body, forth.version, back.version, forth.as_of), location)

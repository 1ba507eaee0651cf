"""Dyads: both directions of a pair of countries."""

import json
from typing import Any

from flask import Response, request

from api.http.answers import ETAG
from api.http.blueprint import Blueprint
from api.http.caching import conditional, entity_tag, version_seen
from api.http.context import system, vocabulary
from api.http.path_parameters import code
from api.resources.relations import located
from schemas.relations import DyadSchema, ReadClocksSchema, dyad_shape
from schemas.renderer import to_json
from schemas.vocabulary import path

blp = Blueprint("dyads", "Both directions of a pair of countries", "/v1/dyads")


@blp.route("/<a>/<b>", methods=["GET"], parameters=[code("a", "RUS"), code("b", "AFG")])
@blp.query(ReadClocksSchema)
@blp.answers(200, DyadSchema, headers=ETAG)
@blp.not_modified()
@blp.fails(404, 409, 422, 503)
def dyad(asked: dict[str, Any], a: str, b: str) -> Response:
    """Show both directions of a dyad, with the facets that they share."""
    forth, back = system().relations.rendered_dyad(a, b, **asked, at_least=version_seen(request.environ))
    shape = dyad_shape(json.loads(forth.body), json.loads(back.body), vocabulary())
    body = to_json(shape)
    location = located(path("dyads", shape["a"]["key"], shape["b"]["key"]), asked)
    return conditional(request, body, entity_tag(body, forth.version, back.version, forth.as_of), location)

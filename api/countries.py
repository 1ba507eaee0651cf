"""Countries and other entities."""

from flask import Response

from api.answers import ETAG, validated
from api.blueprint import Blueprint
from api.context import system
from api.parameters import code
from schemas.entities import EntitiesSchema, EntitySchema, entity_shape
from schemas.vocabulary import path

blp = Blueprint("countries", "States, contested entities, organisations, groups", "/v1/countries")


@blp.route("", methods=["GET"])
@blp.answers(200, EntitiesSchema, headers=ETAG)
@blp.not_modified()
def countries() -> Response:
    """List every entity that is known, whole, countries first."""
    return validated({"countries": [entity_shape(entity) for entity in system().query.countries()]})


@blp.route("/<code>", methods=["GET"], parameters=[code("code", "AFG")])
@blp.answers(200, EntitySchema, headers=ETAG)
@blp.not_modified()
@blp.fails(404)
def country(code: str) -> Response:
    """Show the entity that a code of any scheme, or a name, means; a historic state's name means its successor."""
    entity = system().query.country(code)
    return validated(entity_shape(entity), path("countries", entity.key))

"""Countries and other entities."""

from typing import Any

from flask import Response

from api.answers import ETAG, validated
from api.blueprint import Blueprint
from api.context import system, vocabulary
from api.parameters import code
from api.relations import located
from schemas.entities import EntitiesSchema, EntitySchema, entity_shape
from schemas.relation_lists import StancesSchema, stances_shape
from schemas.relations import MomentSchema
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


@blp.route("/<code>/relations", methods=["GET"], parameters=[code("code", "AFG")])
@blp.query(MomentSchema)
@blp.answers(200, StancesSchema, headers=ETAG)
@blp.not_modified()
@blp.fails(404, 422, 503)
def country_relations(asked: dict[str, Any], code: str) -> Response:
    """Tell in short how a country stands with everyone of whom anything is known, and they with it."""
    key, when, stances = system().relation_lists.stances(code, **asked)
    return validated(
        stances_shape(key, when, stances, vocabulary()), located(path("countries", key, "relations"), asked)
    )

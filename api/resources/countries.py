"""Countries and other entities."""

from typing import Any

from babel import Locale
from flask import Response, request

from api.http.answers import ETAG, validated
from api.http.blueprint import Blueprint
from api.http.context import system, vocabulary
from api.http.path_parameters import code
from api.resources.relations import located
from schemas.entities import EntitiesSchema, EntitySchema, entity_shape
from schemas.localisation import locale_for
from schemas.relation_lists import StancesSchema, stances_shape
from schemas.relations import ReadClocksSchema
from schemas.vocabulary import path

blp = Blueprint("countries", "Countries, territories, historic states, organisations and groups", "/v1/countries")


#: Headers of a response with localised names.
NAMED = ETAG | {"Content-Language": {"description": "The language of `name`", "schema": {"type": "string"}}}


@blp.route("", methods=["GET"])
@blp.answers(200, EntitiesSchema, headers=NAMED)
@blp.not_modified()
@blp.fails(422)
def countries() -> Response:
    """List every entity, countries first, with names in the language of Accept-Language."""
    locale = _locale()
    return _named(validated({"countries": [entity_shape(e, locale) for e in system().lookups.countries()]}), locale)


@blp.route("/<code>", methods=["GET"], parameters=[code("code", "AFG")])
@blp.answers(200, EntitySchema, headers=NAMED)
@blp.not_modified()
@blp.fails(404, 422)
def country(code: str) -> Response:
    """Show the entity of a code of any scheme, or of a name.

    A historic state resolves to its successor.
    """
    entity = system().lookups.country(code)
    locale = _locale()
    return _named(validated(entity_shape(entity, locale), path("countries", entity.key)), locale)


@blp.route("/<code>/relations", methods=["GET"], parameters=[code("code", "AFG")])
@blp.query(ReadClocksSchema)
@blp.answers(200, StancesSchema, headers=ETAG)
@blp.not_modified()
@blp.fails(404, 422, 503)
def country_relations(asked: dict[str, Any], code: str) -> Response:
    """Summarise a country's relations with every partner, in both directions."""
    key, when, stances = system().relation_lists.stances(code, **asked)
    return validated(
        stances_shape(key, when, stances, vocabulary()), located(path("countries", key, "relations"), asked)
    )


def _locale() -> Locale:
    """The language that the client prefers among those with names; English if there is none."""
    return locale_for(tag for tag, quality in request.accept_languages if quality)


def _named(response: Response, locale: Locale) -> Response:
    response.vary.add("Accept-Language")
    response.content_language.add(str(locale).replace("_", "-"))
    return response

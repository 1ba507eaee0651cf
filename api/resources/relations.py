"""Relation records: list them, and show one."""

from typing import Any, cast

from flask import Response, request

from api.http import paging
from api.http.answers import ETAG, PAGED, page
from api.http.blueprint import Blueprint
from api.http.caching import conditional, entity_tag, version_seen
from api.http.context import system, vocabulary
from api.http.path_parameters import code
from api.http.table_streams import STREAMED, stream, wanted_format
from entente.services.reading.relation_lists import RelationQuery
from schemas.relation_lists import RelationFilterSchema, RelationPageSchema
from schemas.relation_tables import relation_columns, relation_rows
from schemas.relations import ReadClocksSchema, RelationSchema, relation_shape
from schemas.table_columns import batches
from schemas.vocabulary import path, spelt

blp = Blueprint("relations", "The directed relation of one country to another", "/v1/relations")

PAIR = [code("source", "RUS"), code("target", "AFG")]

_PATH = "/v1/relations"
_PAGE_SIZE = 50


@blp.route("", methods=["GET"])
@blp.query(RelationFilterSchema)
@blp.describes(responses=STREAMED)
@blp.answers(200, RelationPageSchema, headers=PAGED)
@blp.not_modified()
@blp.fails(404, 406, 409, 422, 503)
def relations(asked: dict[str, Any]) -> Response:
    """List the records of relations that pass every filter, by source and target.

    JSON comes in pages; CSV and NDJSON stream the whole list, or the first `limit` relations.
    """
    form = wanted_format(request, asked.pop("format", None))
    cursor, limit = asked.pop("cursor", None), asked.pop("limit", None)
    filters = spelt({**asked, "limit": limit})
    start = paging.decode(cursor, _PATH, filters, (str, str)) if cursor else None
    after = cast("tuple[str, str]", start.position) if start else None
    query, lists = RelationQuery(**asked), system().relation_lists
    if form != "json":
        rows = relation_rows(lists.every(query, limit, after), vocabulary())
        columns = relation_columns(vocabulary())
        return stream(form, columns, batches(columns, rows), "relations")
    found = lists.relations(query, after, limit or _PAGE_SIZE, bool(start and start.backwards))
    shape = {"relations": [relation_shape(record, vocabulary()) for record in found.items]}
    return page(shape, paging.neighbours(_PATH, found, filters))


@blp.route("/<source>/<target>", methods=["GET"], parameters=PAIR)
@blp.query(ReadClocksSchema)
@blp.answers(200, RelationSchema, headers=ETAG)
@blp.not_modified()
@blp.fails(404, 409, 422, 503)
def relation(asked: dict[str, Any], source: str, target: str) -> Response:
    """Show the relation of source to target: facets with evidence, and the score with its parts."""
    served = system().relations.rendered(source, target, **asked, at_least=version_seen(request.environ))
    location = located(path("relations", served.source, served.target), asked)
    return conditional(request, served.body, entity_tag(served.body, served.version, served.as_of), location)


def keys(source: str, target: str) -> tuple[str, str]:
    """The keys of the source and the target in a path. Raises UnknownEntity."""
    lookups = system().lookups
    return lookups.country(source).key, lookups.country(target).key


def located(here: str, asked: dict[str, Any]) -> str:
    """A canonical path with the query parameters that were given."""
    return paging.addressed(here, spelt(asked))

"""Tables of states: intervals of facets."""

from typing import Any

from flask import Response, request

from api.http.blueprint import Blueprint
from api.http.context import system, vocabulary
from api.http.table_streams import STREAMED, TABLES, stream, wanted_format
from entente.services.reading.state_tables import StateQuery
from schemas.state_tables import STATES, state_batches
from schemas.table_filters import StateFilterSchema

blp = Blueprint("states", "Tables of states: intervals of facets", "/v1/states")


@blp.route("", methods=["GET"])
@blp.query(StateFilterSchema)
@blp.describes(responses=STREAMED)
@blp.answers(200)
@blp.fails(404, 406, 409, 422, 503)
def states(asked: dict[str, Any]) -> Response:
    """Stream every interval of every facet that passes the filters, by source and target.

    One row per value with its dates, rule and evidence. docs/export.md describes the columns.
    """
    form = wanted_format(request, asked.pop("format", None), TABLES)
    query = StateQuery(**asked)
    return stream(form, STATES, state_batches(system().states.tables(query), vocabulary()), "states")

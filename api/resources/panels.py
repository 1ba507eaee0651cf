"""Balanced panels of dyads and countries."""

from typing import Any

from flask import Response, request

from api.http.blueprint import Blueprint
from api.http.context import system, vocabulary
from api.http.table_streams import STREAMED, TABLES, stream, wanted_format
from schemas.panel_tables import PanelTable
from schemas.table_columns import batches
from schemas.table_filters import PanelFilterSchema, panel_query

blp = Blueprint("panels", "Balanced panels of dyads and countries", "/v1/panels")


@blp.route("", methods=["GET"])
@blp.query(PanelFilterSchema)
@blp.describes(responses=STREAMED)
@blp.answers(200)
@blp.fails(404, 406, 409, 422, 503)
def panels(asked: dict[str, Any]) -> Response:
    """Stream a balanced panel: every period of every dyad or country.

    Counts are 0 where articles of the period report nothing, and empty where none was read. docs/export.md describes
    the columns.
    """
    form = wanted_format(request, asked.pop("format", None), TABLES)
    query = panel_query(asked)
    table = PanelTable(query, system().panels.facets(query), vocabulary())
    rows = table.rows(system().panels.rows(query))
    return stream(form, table.columns, batches(table.columns, rows), "panel")

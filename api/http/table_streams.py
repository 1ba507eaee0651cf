"""Lists as streams: CSV, NDJSON or Parquet of any length, sent while the rows are read."""

from collections.abc import Iterable, Sequence
from itertools import chain, islice
from typing import Any

from flask import Request, Response
from werkzeug.exceptions import NotAcceptable

from entente.services.errors import Invalid
from schemas.parquet import is_available, parquet_chunks
from schemas.table_columns import Batch, Columns
from schemas.table_texts import csv_texts, ndjson_texts

MEDIA_TYPES = {
    "json": "application/json",
    "csv": "text/csv",
    "ndjson": "application/x-ndjson",
    "parquet": "application/vnd.apache.parquet",
}

#: Formats of what is only a table, the default first.
TABLES = ("csv", "ndjson", "parquet")

#: CSV whose texts are left as they are; only by the `format` parameter, as it has CSV's media type.
_RAW = "csv-raw"

#: OpenAPI description of the CSV and NDJSON responses.
STREAMED = {
    200: {
        "content": {
            MEDIA_TYPES["csv"]: {"schema": {"type": "string", "description": "A header, then a line for each row"}},
            MEDIA_TYPES["ndjson"]: {"schema": {"description": "Lines, each the JSON object of `x-itemSchema`"}},
            MEDIA_TYPES["parquet"]: {"schema": {"type": "string", "format": "binary"}},
        }
    }
}

#: OpenAPI extension for the schema of one line; OpenAPI has a member of its own for it (itemSchema) only from 3.2 on.
ITEM_SCHEMA = "x-itemSchema"


def item_schema(columns: Sequence[str]) -> dict[str, Any]:
    """The JSON Schema of a row with these columns."""
    cell = {"type": ["string", "number", "null"]}
    return {"type": "object", "required": list(columns), "properties": dict.fromkeys(columns, cell)}


def wanted_format(request: Request, named: str | None, formats: Sequence[str] = tuple(MEDIA_TYPES)) -> str:
    """The `format` parameter, else the best match of Accept among `formats`, of which the first is the default.

    Raises NotAcceptable, and Invalid for Parquet where pyarrow is not installed.
    """
    found = named or _accepted(request, formats)
    if found == "parquet" and not is_available():
        raise Invalid("format", "this server has no pyarrow, which Parquet needs: ask for csv or ndjson")
    return found


def _accepted(request: Request, formats: Sequence[str]) -> str:
    if not request.accept_mimetypes:
        return formats[0]
    served = [MEDIA_TYPES[name] for name in formats]
    best = request.accept_mimetypes.best_match(served)
    for name, media_type in zip(formats, served, strict=True):
        if media_type == best:
            return name
    raise NotAcceptable(f"This is served as {', '.join(served)}.")


def stream(form: str, columns: Columns, found: Iterable[Batch], name: str) -> Response:
    """Stream a table as CSV, NDJSON or Parquet. An error before the first row is still answered with a problem."""
    waiting = iter(found)
    begun = chain(list(islice(waiting, 1)), waiting)
    if form == "parquet":
        return _attached(parquet_chunks(columns, begun), MEDIA_TYPES[form], f"{name}.{form}")
    if form == "ndjson":
        texts = ndjson_texts(columns, begun)
        suffix, content_type = form, MEDIA_TYPES[form]
    else:
        texts = csv_texts(columns, begun, raw_cells=form == _RAW)
        suffix, content_type = "csv", f"{MEDIA_TYPES['csv']}; charset=utf-8"
    return _attached((text.encode() for text in texts), content_type, f"{name}.{suffix}")


def _attached(chunks: Iterable[bytes], content_type: str, name: str) -> Response:
    response = Response(chunks, content_type=content_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Vary"] = "Accept"
    return response

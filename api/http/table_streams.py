"""Lists as streams: CSV or NDJSON of any length, sent while the rows are read."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice
from typing import Any

from flask import Request, Response
from werkzeug.exceptions import NotAcceptable

from schemas.renderer import to_json
from schemas.tables import csv_lines

MEDIA_TYPES = {"json": "application/json", "csv": "text/csv", "ndjson": "application/x-ndjson"}

#: CSV whose texts are left as they are; only by the `format` parameter, as it has CSV's media type.
_RAW = "csv-raw"

#: OpenAPI description of the CSV and NDJSON responses.
STREAMED = {
    200: {
        "content": {
            MEDIA_TYPES["csv"]: {"schema": {"type": "string", "description": "A header, then a line for each row"}},
            MEDIA_TYPES["ndjson"]: {"schema": {"description": "Lines, each the JSON object of `x-itemSchema`"}},
        }
    }
}

#: OpenAPI extension for the schema of one line; OpenAPI has a member of its own for it (itemSchema) only from 3.2 on.
ITEM_SCHEMA = "x-itemSchema"

#: Rows sent at once: one packet per row would cost more than the row.
_TOGETHER = 200


def item_schema(columns: Sequence[str]) -> dict[str, Any]:
    """The JSON Schema of a row with these columns."""
    cell = {"type": ["string", "number", "null"]}
    return {"type": "object", "required": list(columns), "properties": dict.fromkeys(columns, cell)}


def wanted_format(request: Request, named: str | None) -> str:
    """json, csv, csv-raw or ndjson: the `format` parameter, else the best match of Accept. Raises NotAcceptable."""
    if named:
        return named
    if not request.accept_mimetypes:
        return "json"
    best = request.accept_mimetypes.best_match(list(MEDIA_TYPES.values()))
    for name, media_type in MEDIA_TYPES.items():
        if media_type == best:
            return name
    raise NotAcceptable(f"This is served as {', '.join(MEDIA_TYPES.values())}.")


def stream(form: str, header: Sequence[str], rows: Iterable[Mapping[str, Any]], name: str) -> Response:
    """Stream rows as CSV or NDJSON. An error before the first row is still answered with a problem."""
    waiting = iter(rows)
    begun = chain(list(islice(waiting, 1)), waiting)
    if form == "ndjson":
        lines: Iterable[str] = (to_json(row).decode() + "\n" for row in begun)
        suffix, content_type = form, MEDIA_TYPES[form]
    else:
        lines = csv_lines(header, begun, raw_cells=form == _RAW)
        suffix, content_type = "csv", f"{MEDIA_TYPES['csv']}; charset=utf-8"
    response = Response(_batched(lines), content_type=content_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{suffix}"'
    response.headers["Vary"] = "Accept"
    return response


def _batched(lines: Iterable[str]) -> Iterator[bytes]:
    waiting = iter(lines)
    while some := list(islice(waiting, _TOGETHER)):
        yield "".join(some).encode()

"""Batches of articles as NDJSON, answered line by line while the body is read."""

import io
from collections.abc import Iterator
from contextlib import suppress
from typing import Any, cast

from flask import Response, request, stream_with_context
from marshmallow import ValidationError
from werkzeug.exceptions import RequestEntityTooLarge, RequestTimeout, UnsupportedMediaType

from api.http.blueprint import Blueprint
from api.http.body import MAX_BODY_BYTES
from api.http.context import system
from api.http.errors import problem_of
from api.http.table_streams import ITEM_SCHEMA, MEDIA_TYPES
from entente.services.errors import ServiceError
from schemas.articles import TextTooLarge, parse_draft
from schemas.facets import reference
from schemas.renderer import to_json
from schemas.reports import accepted_shape
from schemas.strict_json import BadJson

#: Largest batch, and largest line of a batch, in bytes.
MAX_BATCH_BYTES = 256_000_000
MAX_LINE_BYTES = MAX_BODY_BYTES

_BUFFER = 65_536

blp = Blueprint("batch", "Articles in batches", "/v1")

_NDJSON = MEDIA_TYPES["ndjson"]
_WHAT_A_LINE_MAY_BE = (BadJson, ValidationError, TextTooLarge, ServiceError, RequestEntityTooLarge)

#: A line of the answer.
_ANSWER = {
    "type": "object",
    "required": ["line", "status"],
    "properties": {"line": {"type": "integer"}, "status": {"type": "integer"}},
    "anyOf": [reference("Accepted"), reference("Problem")],
}


@blp.route("/articles:batch", methods=["POST"])
@blp.needs("ingest")
@blp.describes(
    requestBody={
        "required": True,
        "content": {
            _NDJSON: {
                "schema": {"description": "Lines, each an article as JSON"},
                ITEM_SCHEMA: reference("ArticleDraft"),
            }
        },
    },
    responses={
        "200": {
            "description": "One line per line sent: its number, its status, and the article's id or a problem",
            "content": {_NDJSON: {"schema": {"type": "string"}, ITEM_SCHEMA: _ANSWER}},
        }
    },
)
@blp.fails(413, 415, 422, 503)
def submit_batch() -> Response:
    """Submit many articles as NDJSON, one JSON object per line.

    Each line is answered on its own: an error in one does not affect the others. Blank lines are skipped.
    """
    if request.mimetype != _NDJSON:
        raise UnsupportedMediaType(f"The body must be {_NDJSON}.")
    if (request.content_length or 0) > MAX_BATCH_BYTES:
        raise RequestEntityTooLarge(f"The body is larger than {MAX_BATCH_BYTES:,} bytes.")
    request.max_content_length = MAX_BATCH_BYTES
    return Response(stream_with_context(_answers()), content_type=_NDJSON)


def _answers() -> Iterator[bytes]:
    too_long = RequestEntityTooLarge(f"The line is over {MAX_LINE_BYTES:,} bytes.")
    # The connection of a client that timed out is closed: there is nobody left to answer.
    with suppress(RequestTimeout):
        for number, line in enumerate(_lines(), start=1):
            if line is None:
                yield _answer(number, problem_of(too_long).shape())
            elif line.strip():
                yield _answer(number, _taken(line))


def _taken(line: bytes) -> dict[str, Any]:
    try:
        taken = system().ingest.submit(parse_draft(line))
    except _WHAT_A_LINE_MAY_BE as error:
        return problem_of(error).shape()
    return {"status": 202 if taken.created else 200, **accepted_shape(taken)}


def _answer(number: int, shape: dict[str, Any]) -> bytes:
    return to_json({"line": number, **shape}) + b"\n"


def _lines() -> Iterator[bytes | None]:
    """The body's lines; None for a line over MAX_LINE_BYTES, the rest of which is skipped."""
    # Without a buffer, `readline` reads byte by byte.
    body = io.BufferedReader(cast("io.RawIOBase", request.stream), _BUFFER)
    while line := body.readline(MAX_LINE_BYTES + 1):
        if len(line) <= MAX_LINE_BYTES:
            yield line
            continue
        while line and not line.endswith(b"\n"):
            line = body.readline(_BUFFER)
        yield None

"""Batches of articles as NDJSON, each line of which is answered on its own.

Only the first answers are sent while the body still comes. Most clients read nothing before they have sent all: if all
answers were sent at once, buffers would fill, and server and client would wait for each other.
"""

import io
from collections.abc import Iterator
from contextlib import suppress
from tempfile import SpooledTemporaryFile
from typing import IO, Any, cast

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

#: Largest batch in bytes and in lines, and largest line of a batch in bytes.
MAX_BATCH_BYTES = 256_000_000
MAX_BATCH_LINES = 100_000
MAX_LINE_BYTES = MAX_BODY_BYTES

#: Bytes of answers that are sent before the body has ended: fewer than the smallest usual buffers of a connection hold.
SENT_AT_ONCE = 32_768

#: Bytes of further answers, which wait for the body's end: those in memory (the rest are in a file), and all. An answer
#: has some hundred bytes, one that lists many errors several thousand.
_IN_MEMORY = 1_000_000
MAX_KEPT_BYTES = 64_000_000

_BUFFER = 65_536

blp = Blueprint("batch", "Articles in batches", "/v1")

_NDJSON = MEDIA_TYPES["ndjson"]
_TOO_LARGE = f"The body is larger than {MAX_BATCH_BYTES:,} bytes."
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
            "description": "One line per line sent: its number, its status, and the article's id or a problem. "
            "Lines beyond the limits of a batch are answered by one last line, with status 413, and not taken",
            "content": {_NDJSON: {"schema": {"type": "string"}, ITEM_SCHEMA: _ANSWER}},
        }
    },
)
@blp.fails(413, 415, 422, 503)
def submit_batch() -> Response:
    """Submit many articles as NDJSON, one JSON object per line.

    Each line is answered on its own: an error in one does not affect the others. Blank lines are skipped. A batch has
    at most 256 MB and 100,000 lines.
    """
    if request.mimetype != _NDJSON:
        raise UnsupportedMediaType(f"The body must be {_NDJSON}.")
    if (request.content_length or 0) > MAX_BATCH_BYTES:
        raise RequestEntityTooLarge(_TOO_LARGE)
    request.max_content_length = MAX_BATCH_BYTES
    return Response(stream_with_context(_answers()), content_type=_NDJSON)


def _answers() -> Iterator[bytes]:
    """The answers as they are sent: the first at once, the others when the body has ended."""
    sent = 0
    # The connection of a client that timed out is closed: there is nobody left to answer.
    with suppress(RequestTimeout), SpooledTemporaryFile(max_size=_IN_MEMORY) as kept:
        for answer in _each_answer():
            if kept.tell() or sent + len(answer) > SENT_AT_ONCE:
                kept.write(answer)
            else:
                sent += len(answer)
                yield answer
        kept.seek(0)
        while part := kept.read(_BUFFER):
            yield part


def _each_answer() -> Iterator[bytes]:
    # Without a buffer, `readline` reads byte by byte.
    body: IO[bytes] = io.BufferedReader(cast("io.RawIOBase", request.stream), _BUFFER)
    too_long = RequestEntityTooLarge(f"The line is over {MAX_LINE_BYTES:,} bytes.")
    number = size = 0
    try:
        for number, line in enumerate(_lines(body), start=1):
            if number > MAX_BATCH_LINES or size > MAX_KEPT_BYTES:
                yield _answer(number, _refused_from(number))
                # A client that sends all before it reads would never read that.
                with suppress(RequestEntityTooLarge):
                    while body.read(_BUFFER):
                        pass
                return
            if line is None:
                answer = _answer(number, problem_of(too_long).shape())
            elif line.strip():
                answer = _answer(number, _taken(line))
            else:
                continue
            size += len(answer)
            yield answer
    except RequestEntityTooLarge:
        # Of a body of unknown length, when so much of it has come.
        yield _answer(number + 1, problem_of(RequestEntityTooLarge(_TOO_LARGE)).shape())


def _refused_from(number: int) -> dict[str, Any]:
    most = f"{MAX_BATCH_LINES:,} lines" if number > MAX_BATCH_LINES else f"{MAX_KEPT_BYTES:,} bytes of answers"
    told = f"A batch has at most {most}: line {number:,} and those after it were not taken; send them in another batch."
    return problem_of(RequestEntityTooLarge(told)).shape()


def _taken(line: bytes) -> dict[str, Any]:
    try:
        taken = system().ingest.submit(parse_draft(line))
    except _WHAT_A_LINE_MAY_BE as error:
        return problem_of(error).shape()
    return {"status": 202 if taken.created else 200, **accepted_shape(taken)}


def _answer(number: int, shape: dict[str, Any]) -> bytes:
    return to_json({"line": number, **shape}) + b"\n"


def _lines(body: IO[bytes]) -> Iterator[bytes | None]:
    """The body's lines; None for a line over MAX_LINE_BYTES, the rest of which is skipped."""
    while line := body.readline(MAX_LINE_BYTES + 1):
        if len(line) <= MAX_LINE_BYTES:
            yield line
            continue
        while line and not line.endswith(b"\n"):
            line = body.readline(_BUFFER)
        yield None

"""Request bodies: JSON in UTF-8, uncompressed, of bounded size."""

from typing import IO, Any

from flask import Request
from werkzeug.exceptions import RequestEntityTooLarge, UnsupportedMediaType

from schemas.strict_json import parse_json

#: Largest request body, in bytes. JSON escapes can make an article's text several times as long as its UTF-8.
MAX_BODY_BYTES = 4_000_000

#: Bytes beyond the limit that are still read and discarded: a client that is sending when the connection closes
#: never reads the response.
_MAX_DISCARDED_BYTES = 64_000_000

_CHUNK = 65536

MEDIA_TYPE = "application/json"


def raw_json_body(request: Request) -> bytes:
    """The bytes of a body of type application/json. Raises UnsupportedMediaType, RequestEntityTooLarge."""
    if request.mimetype != MEDIA_TYPE:
        raise UnsupportedMediaType(f"The body must be {MEDIA_TYPE}.")
    charset = request.mimetype_params.get("charset", "utf-8").lower()
    if charset != "utf-8":
        raise UnsupportedMediaType("JSON is sent in UTF-8.")
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise UnsupportedMediaType("The body must not be compressed.")
    # `_bounded` enforces the limit: Flask answers too early, and silently truncates a body of unknown length.
    request.max_content_length = MAX_BODY_BYTES + _MAX_DISCARDED_BYTES
    return _bounded(request.stream)


def json_body(request: Request) -> Any:
    """The parsed JSON value of a body. Raises UnsupportedMediaType, RequestEntityTooLarge, BadJson."""
    return parse_json(raw_json_body(request))


def _bounded(stream: IO[bytes]) -> bytes:
    body = bytearray()
    while chunk := stream.read(_CHUNK):
        body += chunk
        if len(body) > MAX_BODY_BYTES:
            _discard(stream)
            raise RequestEntityTooLarge(f"The body is larger than {MAX_BODY_BYTES:,} bytes.")
    return bytes(body)


def _discard(stream: IO[bytes]) -> None:
    left = _MAX_DISCARDED_BYTES
    while left > 0 and (chunk := stream.read(_CHUNK)):
        left -= len(chunk)

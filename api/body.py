"""Reading a request's body: JSON in UTF-8, of a bounded size, as one thing only."""

from typing import Any

from flask import Request
from werkzeug.exceptions import UnsupportedMediaType

from schemas.strict_json import parse_json

#: Bytes of a request body. An article's text may take several bytes a character when it is escaped.
MAX_BODY_BYTES = 4_000_000

MEDIA_TYPE = "application/json"


def raw_json_body(request: Request) -> bytes:
    """The bytes of a body that calls itself JSON. Raises UnsupportedMediaType, RequestEntityTooLarge."""
    if request.mimetype != MEDIA_TYPE:
        raise UnsupportedMediaType(f"The body must be {MEDIA_TYPE}.")
    charset = request.mimetype_params.get("charset", "utf-8").lower()
    if charset != "utf-8":
        raise UnsupportedMediaType("JSON is sent in UTF-8.")
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise UnsupportedMediaType("The body must not be compressed.")
    return request.get_data(cache=False)


def json_body(request: Request) -> Any:
    """The body's value. Raises UnsupportedMediaType, RequestEntityTooLarge, BadJson."""
    return parse_json(raw_json_body(request))

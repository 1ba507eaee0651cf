"""Answers with a validator: a client that has the bytes already gets 304 and no body."""

import zlib

from flask import Request, Response
from werkzeug.http import quote_etag

MEDIA_TYPE = "application/json"

#: The request headers that an answer depends on: format, and compression (api/compression.py).
VARY = "Accept, Accept-Encoding"


def entity_tag(body: bytes, *state: object) -> str:
    """A strong tag, unquoted: what the state is called, and a checksum, since a newer release may render it anew."""
    return "-".join([*map(str, state), f"{zlib.crc32(body):08x}"])


def conditional(request: Request, body: bytes, tag: str, location: str | None = None) -> Response:
    """`body` as JSON under `tag`, or 304 where the request's If-None-Match names it.

    `location` is the canonical path of what was asked for under whichever name.
    """
    headers = [("ETag", quote_etag(tag)), ("Cache-Control", "no-cache"), ("Vary", VARY)]
    if location:
        headers.append(("Content-Location", location))
    if request.if_none_match.contains_weak(tag):
        response = Response(b"", 304, headers)
        del response.headers["Content-Type"]
        return response
    return Response(body, 200, headers, content_type=MEDIA_TYPE)

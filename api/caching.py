"""Answers with a validator: a client that has the bytes already gets 304 and no body."""

import re
import zlib

from flask import Request, Response
from werkzeug.http import quote_etag

MEDIA_TYPE = "application/json"

#: The request headers that an answer depends on: format, and compression (api/compression.py).
VARY = "Accept, Accept-Encoding"

#: What a record's tag begins with: its version, and a day.
_VERSION = re.compile(r"(\d{1,18})-(?:\d{1,18}-)?\d{4}-\d\d-\d\d-", re.ASCII)


def entity_tag(body: bytes, *state: object) -> str:
    """A strong tag, unquoted: what the state is called, and a checksum, since a newer release may render it anew."""
    return "-".join([*map(str, state), f"{zlib.crc32(body):08x}"])


def version_seen(request: Request) -> int:
    """The newest version among the states that If-None-Match names, 0 without one.

    It is the client's word: a tag that nobody gave costs a read of the ledger, and changes nothing.
    """
    if "HTTP_IF_NONE_MATCH" not in request.environ:
        return 0
    tags = request.if_none_match.as_set(include_weak=True)
    return max((int(found[1]) for tag in tags if (found := _VERSION.match(tag))), default=0)


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

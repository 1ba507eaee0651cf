"""Answers with a validator: a client that has the bytes already gets 304 and no body."""

import re
import zlib
from typing import TYPE_CHECKING

from flask import Request, Response
from werkzeug.datastructures import Headers
from werkzeug.http import parse_etags, quote_etag

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

MEDIA_TYPE = "application/json"

#: The request headers that an answer depends on: format, and compression (api/http/compression.py).
VARY = "Accept, Accept-Encoding"

#: What a record's tag begins with: its version, and a day. A dyad's has two versions.
_VERSION = re.compile(r'"(\d{1,18})-(?:\d{1,18}-)?\d{4}-\d\d-\d\d-', re.ASCII)


class ReadyResponse(Response):
    """An answer that is made with all of its headers: werkzeug need not look through them once more."""

    default_mimetype = None

    def get_wsgi_headers(self, environ: "WSGIEnvironment") -> Headers:  # noqa: ARG002
        """The headers as they are."""
        return self.headers


def entity_tag(body: bytes, *state: object) -> str:
    """A strong tag, unquoted: what the state is called, and a checksum, since a newer release may render it anew."""
    return "-".join([*map(str, state), f"{zlib.crc32(body):08x}"])


def version_seen(environ: "WSGIEnvironment") -> int:
    """The newest version among the states that a request's If-None-Match names, 0 without one.

    It is the client's word: a tag that nobody gave costs a read of the ledger, and changes nothing.
    """
    given = environ.get("HTTP_IF_NONE_MATCH")
    return max(map(int, _VERSION.findall(given)), default=0) if given else 0


def conditional(request: Request, body: bytes, tag: str, location: str | None = None) -> Response:
    """`body` as JSON under `tag`, or 304 where the request's If-None-Match names it.

    `location` is the canonical path of what was asked for under whichever name.
    """
    headers = validators(tag, location)
    if is_known(request.environ, tag):
        return ReadyResponse(None, 304, headers)
    return ReadyResponse(body, 200, [*headers, *described(body)])


def validators(tag: str, location: str | None) -> list[tuple[str, str]]:
    """The headers by which an answer is asked for again."""
    headers = [("ETag", quote_etag(tag)), ("Cache-Control", "no-cache"), ("Vary", VARY)]
    return [*headers, ("Content-Location", location)] if location else headers


def described(body: bytes) -> list[tuple[str, str]]:
    """The headers that say what a body is."""
    return [("Content-Type", MEDIA_TYPE), ("Content-Length", str(len(body)))]


def is_known(environ: "WSGIEnvironment", tag: str) -> bool:
    """Whether a request's If-None-Match names this tag."""
    given = environ.get("HTTP_IF_NONE_MATCH")
    return bool(given) and (given == f'"{tag}"' or parse_etags(given).contains_weak(tag))

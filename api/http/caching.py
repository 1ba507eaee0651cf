"""Conditional responses: ETag and If-None-Match; 304 without a body for what the client already has."""

import re
import zlib
from typing import TYPE_CHECKING

from flask import Request, Response
from werkzeug.datastructures import Headers
from werkzeug.http import parse_etags, quote_etag

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

MEDIA_TYPE = "application/json"

#: Request headers that a response depends on: format, and compression (api/http/compression.py).
VARY = "Accept, Accept-Encoding"

#: Start of a record's tag: its version and a day. A dyad's tag has two versions.
_VERSION = re.compile(r'"(\d{1,18})-(?:\d{1,18}-)?\d{4}-\d\d-\d\d-', re.ASCII)


class ReadyResponse(Response):
    """A response whose headers are complete: werkzeug need not process them again."""

    default_mimetype = None

    def get_wsgi_headers(self, environ: "WSGIEnvironment") -> Headers:  # noqa: ARG002  # werkzeug's signature
        """Return the headers unchanged."""
        return self.headers


def entity_tag(body: bytes, *state: object) -> str:
    """A strong tag, unquoted: `state`, and a checksum of `body`, since a release may change how a state is rendered."""
    return "-".join([*map(str, state), f"{zlib.crc32(body):08x}"])


def version_seen(environ: "WSGIEnvironment") -> int:
    """The newest record version that a request's If-None-Match names, 0 without one.

    It is not verified: an invented tag costs a read of the ledger, and changes nothing.
    """
    given = environ.get("HTTP_IF_NONE_MATCH")
    return max(map(int, _VERSION.findall(given)), default=0) if given else 0


def conditional(request: Request, body: bytes, tag: str, location: str | None = None) -> Response:
    """Respond with `body` as JSON under `tag`, or with 304 where the request's If-None-Match names it.

    `location` is the canonical path of the resource, whatever code or name the client used.
    """
    headers = validators(tag, location)
    if is_known(request.environ, tag):
        return ReadyResponse(None, 304, headers)
    return ReadyResponse(body, 200, [*headers, *described(body)])


def validators(tag: str, location: str | None) -> list[tuple[str, str]]:
    """Headers for revalidation: ETag, Cache-Control, Vary and, if given, Content-Location."""
    headers = [("ETag", quote_etag(tag)), ("Cache-Control", "no-cache"), ("Vary", VARY)]
    return [*headers, ("Content-Location", location)] if location else headers


def described(body: bytes) -> list[tuple[str, str]]:
    """Headers that describe a body: Content-Type and Content-Length."""
    return [("Content-Type", MEDIA_TYPE), ("Content-Length", str(len(body)))]


def is_known(environ: "WSGIEnvironment", tag: str) -> bool:
    """Whether a request's If-None-Match names this tag."""
    given = environ.get("HTTP_IF_NONE_MATCH")
    return bool(given) and (given == f'"{tag}"' or parse_etags(given).contains_weak(tag))

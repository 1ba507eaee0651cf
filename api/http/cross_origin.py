"""Cross-origin requests (CORS, in the Fetch standard): which web pages' scripts may read answers.

No answer allows credentials: a page names its API key in the Authorization header, which needs no such permission.
"""

from collections.abc import Mapping, Sequence
from typing import Any

Headers = tuple[tuple[str, str], ...]

#: The only entry of the setting that allows every page.
ANY = "*"

#: Response headers that a script may read besides those that the standard always shows.
_EXPOSED = (
    "Content-Disposition",
    "Content-Location",
    "ETag",
    "Link",
    "Location",
    "RateLimit",
    "RateLimit-Policy",
    "Retry-After",
    "X-Request-Id",
)

#: Request headers that a script may send besides those that the standard always allows.
_ALLOWED = (
    "Authorization",
    "Content-Type",
    "Idempotency-Key",
    "If-Modified-Since",
    "If-None-Match",
    "Last-Event-ID",
    "X-Request-Id",
)

_METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE"

#: Seconds that a browser may keep the answer to a preflight request; Chromium keeps none for longer.
_MAX_AGE = 7200

#: A page may not load answers into itself as images, scripts and the like.
NOT_SHARED: Headers = (("Cross-Origin-Resource-Policy", "same-origin"),)

_PREFLIGHT: Headers = (
    ("Access-Control-Allow-Methods", _METHODS),
    ("Access-Control-Allow-Headers", ", ".join(_ALLOWED)),
    ("Access-Control-Max-Age", str(_MAX_AGE)),
    ("Vary", "Access-Control-Request-Method, Access-Control-Request-Headers"),
)


class CrossOrigin:
    """The pages of these origins, at least one, may read answers; ("*",): every page. Headers are made once."""

    def __init__(self, origins: Sequence[str]) -> None:
        self._any = _sharing(ANY) if ANY in origins else None
        varies = ("Vary", "Origin")
        self._by_origin = {origin: (*_sharing(origin), varies) for origin in origins}
        # An answer differs by origin even where this one is refused, or a cache would mix them up.
        self._refused: Headers = (*NOT_SHARED, varies)

    def headers(self, environ: Mapping[str, Any]) -> Headers:
        """What every answer to this request says of who may read it."""
        return self._any or self._by_origin.get(environ.get("HTTP_ORIGIN", ""), self._refused)

    def preflight(self, environ: Mapping[str, Any]) -> list[tuple[str, str]] | None:
        """Headers, besides those of every answer, that allow what a preflight request asks; None for other requests."""
        if environ["REQUEST_METHOD"] != "OPTIONS" or "HTTP_ACCESS_CONTROL_REQUEST_METHOD" not in environ:
            return None
        return list(_PREFLIGHT) if self._any or environ.get("HTTP_ORIGIN") in self._by_origin else None

    def is_unnamed_page(self, environ: Mapping[str, Any]) -> bool:
        """Whether the request comes from a page of another origin that is allowed as any page is, not by its name."""
        origin: str = environ.get("HTTP_ORIGIN", "")
        return bool(self._any and origin) and origin.partition("://")[2] != environ.get("HTTP_HOST")


def _sharing(origin: str) -> Headers:
    return (
        ("Access-Control-Allow-Origin", origin),
        ("Access-Control-Expose-Headers", ", ".join(_EXPOSED)),
        ("Cross-Origin-Resource-Policy", "cross-origin"),
    )

"""Middleware: request id, rate-limit, security, CORS and Cache-Control headers; a record of each request.

It wraps Flask as plain WSGI, since a read from memory costs little more than these headers do. Flask's hooks reach
request and response through proxies, and each access through a proxy costs as much as a header.
"""

import random
import re
import time
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from werkzeug.wsgi import ClosingIterator

from api.http.clients import UNNAMED_PAGE, Networks, client_address, limit_key
from api.http.cross_origin import NOT_SHARED, CrossOrigin
from api.http.rate_limits import Allowance

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

#: Keys of the WSGI environ: when the request came (of time.perf_counter; unset: now), its id, its client's address, the
#: seconds to wait if it is over the rate limit, the id of its API key, and its route as Flask writes it.
BEGAN = "entente.began"
REQUEST_ID = "entente.request_id"
CLIENT = "entente.client"
TOO_SOON = "entente.too_soon"
KEY_ID = "entente.key_id"
ROUTE = "entente.route"

#: Paths of probes: never limited, and answered without a turn. They compute nothing, wait for a bounded time, and must
#: be answered when all else waits, or a healthy process is taken for a dead one.
PROBES = frozenset(("/healthz", "/readyz"))

#: Key of the WSGI environ, set where the answer names by `frame-ancestors` which other pages may frame it.
FRAMED = "entente.framed"

#: Calls (request id, method, route, status, seconds, key id, client).
Record = Callable[[str, str, str, int, float, str | None, str], None]

# An id is written to the log: a key or a secret is not taken for one.
_REQUEST_ID = re.compile(r"(?!ent_|whsec_)[A-Za-z0-9._-]{1,64}", re.ASCII)

#: What older browsers take for `frame-ancestors 'none'`; it can't name who may frame.
_UNFRAMED = ("X-Frame-Options", "DENY")

#: For JSON, which a browser must not run, load or frame. HTML pages set their own.
_SECURITY = (
    ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
    ("Referrer-Policy", "no-referrer"),
    ("X-Content-Type-Options", "nosniff"),
    _UNFRAMED,
)


def enveloped(
    serve: "WSGIApplication", record: Record, per_minute: int, proxies: Networks = (), origins: Sequence[str] = ()
) -> "WSGIApplication":
    """Wrap an application in this middleware; `per_minute` limits the requests of each client, 0 for no limit.

    Clients are told apart by `limit_key`; PROBES are not limited. `proxies` are trusted to name the client that they
    speak for. Pages of `origins` may read answers; "*": all pages. `record` is called when an answer was sent.
    """
    crossing = CrossOrigin(origins) if origins else None
    allowance = Allowance(per_minute) if per_minute else None

    def answer(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        began = environ.get(BEGAN) or time.perf_counter()
        given = environ.get("HTTP_X_REQUEST_ID", "")
        # An id must be unique, not secret: `random` saves the system call that kernel randomness costs.
        id = given if given and _REQUEST_ID.fullmatch(given) else f"{random.getrandbits(128):032x}"
        environ[REQUEST_ID] = id
        environ[CLIENT] = client = client_address(environ, proxies)
        code = 500
        shared, allowed = NOT_SHARED, None
        if crossing:
            shared, allowed = crossing.headers(environ), crossing.preflight(environ)
            if crossing.is_unnamed_page(environ):
                environ[UNNAMED_PAGE] = True
        own = [("X-Request-Id", id)]
        if allowance and environ["PATH_INFO"] not in PROBES:
            left, seconds = allowance.spend(limit_key(client))
            own += allowance.headers(left, seconds)
            if left < 0:
                environ[TOO_SOON] = max(1, seconds)

        def start(status: str, headers: list[tuple[str, str]], *error: Any) -> Any:
            nonlocal code
            code = int(status[:3])
            named = {name for name, _ in headers}
            headers += own
            headers += shared
            headers += [header for header in _SECURITY if header[0] not in named]
            if FRAMED in environ:
                headers.remove(_UNFRAMED)
            if "Cache-Control" not in named and environ["PATH_INFO"].startswith("/v1/"):
                # The answer may change: a copy may be stored, but must be revalidated before use.
                headers.append(("Cache-Control", "no-cache" if status < "4" else "no-store"))
            return start_response(status, headers, *error)

        def sent() -> None:
            seconds = time.perf_counter() - began
            route = _template(environ.get(ROUTE, ""))
            record(id, environ["REQUEST_METHOD"], route, code, seconds, environ.get(KEY_ID), client)

        if allowed is not None and TOO_SOON not in environ:
            start("204 NO CONTENT", allowed)
            sent()
            return ()
        try:
            body = serve(environ, start)
        except BaseException:
            sent()
            raise
        if isinstance(body, tuple | list):
            sent()
            return body
        return ClosingIterator(body, [sent])

    return answer


@lru_cache(maxsize=1024)
def _template(rule: str) -> str:
    """A route as the documents write it: `/v1/events/{event_id}`."""
    return re.sub(r"<(?:[^<>:]+:)?(\w+)>", r"{\1}", rule)

"""What every answer wears, whatever made it: an id, what is left of the client's allowance, and headers for browsers.

A read that is served from memory costs little more than this. So it is done around Flask, on WSGI's own lists, and not
in hooks: these reach request and response through proxies, and each look through one costs as much as a header.
"""

import random
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from api.http.clients import Networks, client_address
from api.http.rate_limits import Allowance

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

#: Where the request's environment holds its id, and the seconds to wait if it was one too many.
REQUEST_ID = "entente.request_id"
TOO_SOON = "entente.too_soon"

_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}", re.ASCII)

#: JSON is never a page: nothing may run, load or frame it. Pages set their own.
_SECURITY = (
    ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Referrer-Policy", "no-referrer"),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
)


def enveloped(serve: "WSGIApplication", per_minute: int, proxies: Networks = ()) -> "WSGIApplication":
    """The application in its envelope; an address may ask `per_minute` requests of it, any number where that is 0.

    `proxies` are trusted to name the client that they speak for.
    """
    allowance = Allowance(per_minute) if per_minute else None

    def answer(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        given = environ.get("HTTP_X_REQUEST_ID", "")
        # Unique is enough: an id is no secret, and the kernel's randomness costs a call to it.
        id = given if given and _REQUEST_ID.fullmatch(given) else f"{random.getrandbits(128):032x}"
        environ[REQUEST_ID] = id
        own = [("X-Request-Id", id)]
        if allowance:
            left, seconds = allowance.spend(client_address(environ, proxies))
            own += (("RateLimit-Policy", allowance.policy), ("RateLimit", f'"address";r={max(0, left)};t={seconds}'))
            if left < 0:
                environ[TOO_SOON] = max(1, seconds)

        def start(status: str, headers: list[tuple[str, str]], *error: Any) -> Any:
            named = {name for name, _ in headers}
            headers += own
            headers += [header for header in _SECURITY if header[0] not in named]
            if "Cache-Control" not in named and environ["PATH_INFO"].startswith("/v1/"):
                # What is asked again may have changed: a copy may be kept, but not used without asking.
                headers.append(("Cache-Control", "no-cache" if status < "4" else "no-store"))
            return start_response(status, headers, *error)

        return serve(environ, start)

    return answer

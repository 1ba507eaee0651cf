"""How much a client may ask: a bound on requests per address, told in RateLimit headers (IETF httpapi draft 10)."""

import time

from flask import Flask, Response, g, request
from limits.storage import MemoryStorage
from werkzeug.exceptions import TooManyRequests

#: Seconds over which requests are counted.
WINDOW = 60


def register_limits(app: Flask, per_minute: int) -> None:
    """Answer 429 to an address that asks more than this of one process in a minute; 0 is no limit.

    Counted in the memory of each process: a limit that needed Redis would fail with it.
    """
    if not per_minute:
        return
    counter = MemoryStorage()
    policy = f'"address";q={per_minute};w={WINDOW}'

    def count() -> None:
        address = request.remote_addr or ""
        asked = counter.incr(address, WINDOW)
        g.rate_limit = max(0, per_minute - asked), max(0, int(counter.get_expiry(address) - time.time()))
        if asked > per_minute:
            raise TooManyRequests(f"More than {per_minute} requests in {WINDOW} seconds.")

    def tell(response: Response) -> Response:
        told = g.get("rate_limit")
        if told is None:
            return response
        remaining, left = told
        response.headers.add("RateLimit-Policy", policy)
        response.headers.add("RateLimit", f'"address";r={remaining};t={left}')
        if response.status_code == 429:
            response.headers["Retry-After"] = str(max(1, left))
        return response

    app.before_request(count)
    app.after_request(tell)

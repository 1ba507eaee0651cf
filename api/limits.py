"""How much a client may ask: a bound on requests per address, told in RateLimit headers (IETF httpapi draft 10)."""

import time

from flask import Flask, Response
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

#: Seconds over which requests are counted.
WINDOW = 60


def register_limits(app: Flask, per_minute: int) -> None:
    """Answer 429 to an address that asks more than this of one process in a minute; 0 is no limit.

    Counted in the memory of each process: a limit that needed Redis would fail with it.
    """
    if not per_minute:
        return
    limiter = Limiter(
        get_remote_address,
        default_limits=[f"{per_minute} per minute"],
        storage_uri="memory://",
        strategy="fixed-window",
        headers_enabled=False,
    )
    limiter.init_app(app)

    def tell(response: Response) -> Response:
        current = limiter.current_limit
        if current is None:
            return response
        left = max(0, int(current.reset_at - time.time()))
        response.headers["RateLimit-Policy"] = f'"address";q={per_minute};w={WINDOW}'
        response.headers["RateLimit"] = f'"address";r={max(0, current.remaining)};t={left}'
        if response.status_code == 429:
            response.headers["Retry-After"] = str(max(1, left))
        return response

    app.after_request(tell)

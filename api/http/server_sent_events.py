"""Server-sent events: the changes feed as a stream that a client can resume."""

import threading
import time
from collections.abc import Callable, Iterable, Iterator

from flask import Flask, Response, current_app, request
from werkzeug.exceptions import ServiceUnavailable

from api.http.context import system
from api.http.patient_app import REST
from entente.bootstrap.container import Container
from schemas.changes import change_shape
from schemas.renderer import to_json

#: Seconds between two reads of the changes feed; between two heartbeats, since only a write shows that a client has
#: gone; and until a stream ends and its client reconnects, since a stream holds a thread of the server.
LOOK_EVERY = 0.25
BEAT_EVERY = 2.0
ENDS_AFTER = 600.0

#: Threads of a process that streams leave free for other requests.
LEFT_TO_OTHERS = 2

_BATCH = 200
_EXTENSION = "entente-streams"


def register_streams(app: Flask, threads: int) -> None:
    """Limit concurrent streams so that LEFT_TO_OTHERS of the process's `threads` stay free; at least one is allowed."""
    app.extensions[_EXTENSION] = threading.BoundedSemaphore(max(1, threads - LEFT_TO_OTHERS))


def stream(after: int, unconfirmed: str) -> Response:
    """Stream the changes after a number, and later ones once committed. Raises ServiceUnavailable when full.

    `unconfirmed`: as of Lookups.changes. A HEAD request gets the headers, and takes no place.
    """
    if request.method == "HEAD":
        return _response(())
    free: threading.BoundedSemaphore = current_app.extensions[_EXTENSION]
    if not free.acquire(blocking=False):
        raise ServiceUnavailable("Every stream of this server is taken; poll /v1/changes, or try again.", retry_after=5)
    response = _response(_events(system(), after, unconfirmed, request.environ.get(REST, time.sleep)))
    response.call_on_close(free.release)
    return response


def _response(events: Iterable[bytes]) -> Response:
    response = Response(events, content_type="text/event-stream; charset=utf-8")
    response.headers["Cache-Control"] = "no-store"
    # Otherwise nginx, and proxies that know this header, would buffer events.
    response.headers["X-Accel-Buffering"] = "no"
    return response


def _events(container: Container, after: int, unconfirmed: str, rest: Callable[[float], None]) -> Iterator[bytes]:
    began = beat = time.monotonic()
    yield b"retry: 1000\n\n"
    while time.monotonic() - began < ENDS_AFTER:
        found = container.lookups.changes(after, _BATCH, unconfirmed)
        for recorded in found:
            after = recorded.seq
            yield b"id: %d\nevent: %s\ndata: %s\n\n" % (after, recorded.kind.encode(), to_json(change_shape(recorded)))
        now = time.monotonic()
        if found:
            beat = now
        elif now - beat >= BEAT_EVERY:
            beat = now
            yield b": still here\n\n"
        if len(found) < _BATCH:
            rest(LOOK_EVERY)

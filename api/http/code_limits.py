"""Limits of POST /v1/code: requests a minute of one client, and texts at once.

Coding takes up to a minute of processor time, one text after another in a process, and whoever may read may ask for it.
"""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any, TypeVar, cast

from flask import Flask, Response, after_this_request, current_app, request
from werkzeug.exceptions import ServiceUnavailable, TooManyRequests

from api.http.clients import client_address, limit_key
from api.http.rate_limits import Allowance
from entente.bootstrap.settings import Settings

#: Seconds after which a client that found no place may ask again.
RETRY_AFTER = 5

_EXTENSION = "entente-code-limits"

View = TypeVar("View", bound=Callable[..., Any])


class TrialPlaces:
    """Places for clients, at least one and at most `places` at once. One client gets half of them at most."""

    def __init__(self, places: int) -> None:
        self._places = max(1, places)
        self._share = max(1, places // 2)
        self._lock = threading.Lock()
        self._taken: Counter[str] = Counter()

    @contextmanager
    def place(self, client: str) -> Iterator[None]:
        """Hold a place. Raises ServiceUnavailable where none is left for this client."""
        with self._lock:
            if self._taken.total() >= self._places or self._taken[client] >= self._share:
                raise ServiceUnavailable("Too many texts are being coded; try again.", retry_after=RETRY_AFTER)
            self._taken[client] += 1
        try:
            yield
        finally:
            with self._lock:
                self._taken[client] -= 1
                self._taken += Counter()  # drops clients without a place


class CodeLimits:
    """The limits of one process."""

    def __init__(self, settings: Settings) -> None:
        # A text holds one of the threads that compute: at least one is left to other requests.
        self.places = TrialPlaces(min(settings.code_places, settings.api_threads - 1))
        self.allowance = Allowance(settings.code_rate_limit, "code") if settings.code_rate_limit else None
        self._proxies = settings.trusted_proxies

    def client(self) -> str:
        """The client of the current request, as limits count it."""
        return limit_key(client_address(request.environ, self._proxies))


def register_code_limits(app: Flask, settings: Settings) -> None:
    """Create the limits of this app."""
    app.extensions[_EXTENSION] = CodeLimits(settings)


def code_limits() -> CodeLimits:
    """The limits of the running app."""
    found: CodeLimits = current_app.extensions[_EXTENSION]
    return found


def rate_limited(view: View) -> View:
    """Count the request before its body is read, and refuse it (429) over the limit of its client."""

    @wraps(view)
    def counted(*args: Any, **kwargs: Any) -> Any:
        limits = code_limits()
        if limits.allowance:
            left, seconds = limits.allowance.spend(limits.client())
            headers = limits.allowance.headers(left, seconds)

            @after_this_request
            def told(response: Response) -> Response:
                response.headers.extend(headers)
                return response

            if left < 0:
                raise TooManyRequests(f"Too many texts to code; try again in {seconds} s.", retry_after=max(1, seconds))
        return view(*args, **kwargs)

    return cast("View", counted)

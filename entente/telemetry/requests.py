"""RequestRecorder: one log line and two counts for each request that the API answered."""

from contextlib import suppress

from structlog.typing import FilteringBoundLogger

from entente.telemetry.metrics import Metrics

#: Methods that are told apart; others, which a client may invent, count as one.
_METHODS = frozenset(("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"))


class RequestRecorder:
    """Records requests. `log` None: without log lines."""

    def __init__(self, metrics: Metrics, log: FilteringBoundLogger | None) -> None:
        self._requests = metrics.requests
        self._seconds = metrics.request_seconds
        self._log = log

    def record(
        self, id: str, method: str, route: str, status: int, seconds: float, key_id: str | None, client: str
    ) -> None:
        """Record a request. `route`: the path's template, `/v1/events/{event_id}`, "" if none matched."""
        method = method if method in _METHODS else "other"
        self._requests.labels(method, route, status).inc()
        self._seconds.labels(method, route).observe(seconds)
        if self._log is not None:
            # A full disk or a closed terminal must not cost the client its answer.
            with suppress(OSError, ValueError):
                self._log.info(
                    "request",
                    request_id=id,
                    method=method,
                    route=route,
                    status=status,
                    ms=round(seconds * 1000, 3),
                    key_id=key_id,
                    client=client,
                )

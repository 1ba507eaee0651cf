"""Metrics in Prometheus's text format: rendered for the API's /metrics, or served on a port of another part."""

import os
from collections.abc import Callable, Sequence

import structlog
from prometheus_client import CollectorRegistry, start_http_server
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector

from entente.telemetry.metrics import Metrics

log = structlog.get_logger(__name__)


class Exposition:
    """The metrics of one part. `pid`: of the part's main process; `more`: collectors beside what the part counted."""

    def __init__(self, metrics: Metrics, more: Sequence[Collector] = (), pid: Callable[[], int] = os.getpid) -> None:
        self._metrics = metrics
        self._more = more
        self._pid = pid

    def registry(self) -> CollectorRegistry:
        """A registry for scrapes."""
        return self._metrics.registry(*self._more, pid=self._pid)

    def render(self, accept: str) -> tuple[bytes, str]:
        """(body, content type) for this Accept header."""
        encode, content_type = choose_encoder(accept)
        return encode(self.registry()), content_type

    def serve(self, host: str, port: int) -> None:
        """Serve from a thread of this process. A port that is taken is logged, and the part works on without."""
        try:
            start_http_server(port, host, self.registry())
        except OSError as error:
            log.error("metrics not served", host=host, port=port, error=str(error))
        else:
            log.info("metrics served", host=host, port=port)

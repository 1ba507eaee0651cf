"""Traces that the API sends by OTLP, received by a collector of the test's own. Needs the extra `otel`."""

import json
import queue
import socket
import threading
import urllib.request
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from entente.bootstrap.container import Container
from tests.integration.conftest import api_on

pytest.importorskip("opentelemetry.distro")
trace_service = pytest.importorskip("opentelemetry.proto.collector.trace.v1.trace_service_pb2")


@pytest.fixture
def collector() -> Iterator[tuple[str, "queue.Queue[Any]"]]:
    """The URL of an OTLP collector over HTTP, and the requests that it receives."""
    received: queue.Queue[Any] = queue.Queue()

    class Collector(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            received.put(trace_service.ExportTraceServiceRequest.FromString(body))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Collector) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", received
        server.shutdown()
        thread.join()


def test_a_request_and_its_statements_are_one_trace(
    container: Container,
    recognition: str,
    collector: tuple[str, "queue.Queue[Any]"],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    url, received = collector
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", url)
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_COMPRESSION", "none")
    monkeypatch.setenv("OTEL_BSP_SCHEDULE_DELAY", "100")
    with socket.create_server(("127.0.0.1", 0)) as listener, api_on(listener, container):
        asked = f"http://127.0.0.1:{listener.getsockname()[1]}/v1/articles/{recognition}"
        with urllib.request.urlopen(asked, timeout=60) as answer:
            assert json.load(answer)["id"] == recognition
        spans: list[Any] = []
        while not any(span.name == "GET /v1/articles/<article_id>" for span in spans):
            for sent in received.get(timeout=60).resource_spans:
                service = {a.key: a.value.string_value for a in sent.resource.attributes}["service.name"]
                assert service == "entente-api"
                spans += [span for scope in sent.scope_spans for span in scope.spans]

    (request,) = (span for span in spans if span.name == "GET /v1/articles/<article_id>")
    inside = [span for span in spans if span.trace_id == request.trace_id and span is not request]
    statements = [a.value.string_value for span in inside for a in span.attributes if a.key == "db.statement"]
    assert any("FROM articles" in statement for statement in statements)
    assert not any(recognition in statement for statement in statements)

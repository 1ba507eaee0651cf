"""Traces that the parts send by OTLP, received by a collector of the test's own. Needs the extra `otel`."""

import json
import queue
import socket
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from entente.bootstrap.container import Container
from entente.bootstrap.settings import Settings
from entente.bootstrap.tracing import name_origin_only
from tests.integration.conftest import api_on
from tests.running_stack import up

pytest.importorskip("opentelemetry.distro")
trace_service = pytest.importorskip("opentelemetry.proto.collector.trace.v1.trace_service_pb2")


def attributes(of: Any) -> dict[str, str]:
    return {attribute.key: attribute.value.string_value for attribute in of.attributes}


def variables(url: str) -> dict[str, str]:
    return {
        "OTEL_EXPORTER_OTLP_ENDPOINT": url,
        "OTEL_EXPORTER_OTLP_COMPRESSION": "none",
        "OTEL_BSP_SCHEDULE_DELAY": "100",
    }


def spans_until(received: "queue.Queue[Any]", service: str, name: str) -> list[Any]:
    """What was received up to the first span of that service and name, which is the last."""
    spans = [received.get(timeout=60)]
    while (spans[-1][0], spans[-1][1].name) != (service, name):
        spans.append(received.get(timeout=60))
    return spans


@pytest.fixture
def collector() -> Iterator[tuple[str, "queue.Queue[Any]"]]:
    """The URL of an OTLP collector over HTTP, and the spans that it receives, as (service, span)."""
    received: queue.Queue[Any] = queue.Queue()

    class Collector(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            for sent in trace_service.ExportTraceServiceRequest.FromString(body).resource_spans:
                service = attributes(sent.resource)["service.name"]
                for scope in sent.scope_spans:
                    for span in scope.spans:
                        received.put((service, span))
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


@pytest.fixture
def traced_api(
    container: Container, collector: tuple[str, "queue.Queue[Any]"], monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[str, "queue.Queue[Any]"]]:
    """Where an API is that sends its traces to the collector, and the spans that come."""
    url, received = collector
    for name, value in variables(url).items():
        monkeypatch.setenv(name, value)
    with socket.create_server(("127.0.0.1", 0)) as listener, api_on(listener, container):
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/v1", received


def test_a_request_and_its_statements_are_one_trace(
    traced_api: tuple[str, "queue.Queue[Any]"], recognition: str
) -> None:
    api, received = traced_api
    with urllib.request.urlopen(f"{api}/articles/{recognition}", timeout=60) as answer:
        assert json.load(answer)["id"] == recognition
    spans = spans_until(received, "entente-api", "GET /v1/articles/<article_id>")

    request = spans[-1][1]
    inside = [span for _, span in spans if span.trace_id == request.trace_id and span is not request]
    statements = [attributes(span).get("db.statement", "") for span in inside]
    assert any("FROM articles" in statement for statement in statements)
    assert not any(recognition in statement for statement in statements)


def test_an_article_is_one_trace_from_its_request_to_its_coding(
    collector: tuple[str, "queue.Queue[Any]"], tmp_path: Path
) -> None:
    url, received = collector
    container = Container(Settings(data_dir=tmp_path, database_url=f"sqlite:///{tmp_path}/entente.db"))
    container.migrate()
    key = container.keys.add("tests", ["ingest"]).token
    container.close()
    with up(tmp_path, **variables(url)) as (_, told):
        article = {"text": "Kenya recognised Kosovo on Tuesday.", "published_at": "2025-07-03"}
        headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
        asked = urllib.request.Request(f"{told['api']}/articles", json.dumps(article).encode(), headers)
        with urllib.request.urlopen(asked, timeout=60) as answer:
            assert answer.status == 202
        request = spans_until(received, "entente-api", "POST /v1/articles")[-1][1]
        coding = spans_until(received, "entente-worker", "run/entente.code_article")[-1][1]

    assert coding.trace_id == request.trace_id


def test_a_trace_holds_no_signature_of_a_link(traced_api: tuple[str, "queue.Queue[Any]"]) -> None:
    api, received = traced_api
    with pytest.raises(urllib.error.HTTPError):
        urllib.request.urlopen(f"{api}/unsubscribe/some-id/c2VjcmV0", timeout=60)
    request = spans_until(received, "entente-api", "GET /v1/unsubscribe/<subscription_id>/<signature>")[-1][1]
    assert "c2VjcmV0" not in str(attributes(request))
    assert any("/v1/unsubscribe/some-id/…" in value for value in attributes(request).values())


def test_of_an_address_that_is_asked_a_trace_holds_the_host() -> None:
    trace = pytest.importorskip("opentelemetry.sdk.trace")
    span = trace.TracerProvider().get_tracer("test").start_span("GET")
    span.set_attribute("http.url", "https://user:password@hooks.example/services/T1/secret?token=1")
    name_origin_only(span, None)
    assert dict(span.attributes) == {"http.url": "https://hooks.example/…"}

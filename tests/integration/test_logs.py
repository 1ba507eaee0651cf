"""Logs: JSON lines of requests and of an article's life, with the request's id; nothing secret, nothing that steers."""

import gc
import io
import json
import logging
import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import requests
import structlog
from celery.app.trace import trace_task
from flask import request
from structlog.contextvars import clear_contextvars

from api.app import create_app
from entente.bootstrap.container import Container
from entente.bootstrap.logging import configure_logging, log_uncaught, request_renderer
from entente.bootstrap.settings import Settings
from entente.services.articles import ArticleDraft
from tests.processes import until
from tests.running_stack import up
from tests.unit.builders import state_fact
from worker.app import create_worker

SECRETS = [
    "ent_0123456789_ABCDEFGHIJKLMNOPQRSTUVWXYZ012345abcdef",
    "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
    "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def logged(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., io.StringIO]]:
    """`logged(settings, terminal=)`: configure logging on a stream of one's own; put back afterwards."""
    root, hooks = logging.getLogger(), (sys.excepthook, threading.excepthook)
    kept, level = root.handlers, root.level

    def configure(settings: Settings, *, terminal: bool = False) -> io.StringIO:
        stream = Terminal() if terminal else io.StringIO()
        monkeypatch.setattr(sys, "stderr", stream)
        configure_logging(settings)
        return stream

    with warnings.catch_warnings():
        yield configure
        logging.captureWarnings(False)
    root.handlers, (sys.excepthook, threading.excepthook) = kept, hooks
    root.setLevel(level)
    clear_contextvars()


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    """The lines of a log, each of which must be JSON."""
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_each_request_has_one_line(container: Container, key: str, recognition: str, logged: Any) -> None:
    stream = logged(container.settings)
    client = create_app(container).test_client()
    client.get("/v1/relations/RUS/AFG")  # fills the cache
    container.request_recorder.flush()
    stream.truncate(0)
    stream.seek(0)
    client.get("/v1/relations/RUS/AFG", headers={"X-Request-Id": "hot-1"}, buffered=True)
    client.get(
        f"/v1/articles/{recognition}",
        headers={"Authorization": f"Bearer {key}", "X-Request-Id": "cold-1"},
        buffered=True,
    )
    client.get("/v1/nowhere?token=no", headers={"X-Request-Id": "lost-1"}, buffered=True)
    client.open("/v1/events", method="BREW", headers={"X-Request-Id": "odd-1"}, buffered=True)
    container.request_recorder.flush()
    told = {line["request_id"]: line for line in lines(stream) if line["event"] == "request"}
    assert list(told) == ["hot-1", "cold-1", "lost-1", "odd-1"]
    hot = told["hot-1"]
    assert (hot["method"], hot["route"], hot["status"]) == ("GET", "/v1/relations/{source}/{target}", 200)
    assert (hot["client"], hot["key_id"]) == ("127.0.0.1", None)
    assert hot["ms"] >= 0
    assert (told["cold-1"]["route"], told["cold-1"]["key_id"]) == ("/v1/articles/{article_id}", key.split("_")[1])
    assert (told["lost-1"]["route"], told["lost-1"]["status"]) == ("", 404)
    assert told["odd-1"]["method"] == "other"
    assert "token" not in stream.getvalue()


def test_what_is_logged_of_an_unsubscribe_link_lacks_its_signature(container: Container, logged: Any) -> None:
    stream = logged(container.settings)
    signature = "5e" * 32
    app = create_app(container)

    @app.before_request
    def tell() -> None:
        structlog.get_logger("test").warning("asked", url=f"https://e.example{request.path}?x=1")

    for path in (f"/v1/unsubscribe/some-id/{signature}", f"/v1/unsubscribe/some-id/{signature}/"):
        app.test_client().get(path, buffered=True)
    container.request_recorder.flush()

    told = [line for line in lines(stream) if line["event"] == "asked"]
    assert told[0]["path"] == "/v1/unsubscribe/some-id/…"
    assert signature not in stream.getvalue()


def test_above_info_requests_have_no_line(container: Container, logged: Any) -> None:
    stream = logged(replace(container.settings, log_level="warning"))
    container.settings = replace(container.settings, log_level="warning")
    create_app(container).test_client().get("/healthz", buffered=True)
    container.request_recorder.flush()
    assert stream.getvalue() == ""


def test_the_id_of_the_request_goes_with_its_article_to_the_worker(container: Container, key: str, logged: Any) -> None:
    stream = logged(container.settings)
    client = create_app(container).test_client()
    taken = client.post(
        "/v1/articles",
        json={"source": "Wire", "text": "Japan imposed sanctions on Belarus on Tuesday.", "published_at": "2025-07-04"},
        buffered=True,
        headers={"Authorization": f"Bearer {key}", "X-Request-Id": "mine-7"},
    )
    app = create_worker(container)
    clear_contextvars()
    with app.connection_for_read() as connection:
        message = connection.SimpleQueue("ingest").get(timeout=60)
        message.ack()
    # As a pool process runs a message.
    trace_task(
        app.tasks[message.headers["task"]], message.headers["id"], *message.payload[:2], message.headers, app=app
    )
    told = [line for line in lines(stream) if line.get("article_id") == taken.json["id"]]
    assert [line["event"] for line in told] == ["article received", "article coded"]
    assert {line["request_id"] for line in told} == {"mine-7"}
    assert told[1]["task"] == "entente.code_article"


def test_refused_keys_and_forged_signatures_are_told_without_them(container: Container, key: str, logged: Any) -> None:
    stream = logged(container.settings)
    client = create_app(container).test_client()
    secret = container.sources.add("wire").secrets[0]
    wrong = key[:-1] + ("A" if key[-1] != "A" else "B")
    client.get("/v1/keys", headers={"Authorization": f"Bearer {wrong}"}, buffered=True)
    reader = container.keys.add("reader", ["read"])
    client.get("/v1/keys", headers={"Authorization": f"Bearer {reader.token}"}, buffered=True)
    forged = {
        "webhook-id": "m1",
        "webhook-timestamp": str(int(container.clock.now().timestamp())),
        "webhook-signature": SECRETS[2],
    }
    answer = client.post("/v1/webhooks/wire", json={"text": "A secret text."}, headers=forged, buffered=True)
    assert answer.status_code == 401
    refused = [line for line in lines(stream) if line["event"] in ("key refused", "signature refused")]
    assert [line.get("key_id", line.get("sender")) for line in refused] == [key.split("_")[1], reader.key.id, "wire"]
    assert all(line["request_id"] and line["client"] == "127.0.0.1" for line in refused)
    for hidden in (secret, wrong, key, reader.token, forged["webhook-signature"], "A secret text"):
        assert hidden not in stream.getvalue()


def test_the_end_of_an_article_is_told_with_its_reason(
    container: Container, told: Callable[..., str], recognition: str, logged: Any
) -> None:
    stream = logged(container.settings)
    container.corrections.retract(recognition, "wrong")
    lost = container.ingest.submit(ArticleDraft("Wire", url="http://127.0.0.1:9/gone"), ring=False).article_id
    container.fetch_articles.run(lost)
    # The thread that writes the lines of requests may still have some of the fixtures'.
    events = [(line["event"], line["level"]) for line in lines(stream) if line["event"] != "request"]
    assert events == [
        ("article retracted", "info"),
        ("article received", "info"),
        ("page not fetched", "warning"),
    ]
    assert lines(stream)[-1]["retry_at"]


def test_a_loaded_data_set_is_told_with_what_it_changed(container: Container, logged: Any) -> None:
    stream = logged(container.settings)
    container.state_fact_sets.load("baseline", "1", [state_fact(), state_fact(source="FRA", target="XKX")])
    (line,) = lines(stream)
    assert (line["event"], line["origin"], line["added"], line["removed"], line["dyads"]) == (
        "state facts loaded",
        "baseline",
        2,
        0,
        2,
    )


@pytest.mark.parametrize("secret", SECRETS)
def test_secrets_are_masked_wherever_they_come_from(container: Container, logged: Any, secret: str) -> None:
    stream = logged(container.settings)
    log = logging.getLogger("some.library")
    log.warning("sent %s to https://user:word@host/", secret)
    try:
        raise ValueError(f"Bearer {secret}")
    except ValueError:
        log.exception("failed")
    log.warning("headers", extra={"unused": secret})
    assert secret not in stream.getvalue()
    assert "user:word" not in stream.getvalue()
    assert len(lines(stream)) == 3


def test_what_the_database_refused_is_not_repeated(container: Container) -> None:
    assert container.ledger._engine.hide_parameters


def test_an_id_that_is_a_key_is_not_taken_for_a_requests_id(container: Container, logged: Any, key: str) -> None:
    stream = logged(container.settings)
    answer = create_app(container).test_client().get("/healthz", headers={"X-Request-Id": key}, buffered=True)
    container.request_recorder.flush()
    assert answer.headers["X-Request-Id"] != key
    assert '"route": "/healthz"' in stream.getvalue()
    assert key not in stream.getvalue()


def test_warnings_and_uncaught_errors_are_lines_of_json_too(container: Container, logged: Any) -> None:
    stream = logged(container.settings)
    log_uncaught()
    warnings.simplefilter("always")
    warnings.warn("old\nfashioned", DeprecationWarning, stacklevel=1)

    def fail() -> None:
        raise RuntimeError("in a thread")

    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()
    try:
        raise RuntimeError("at the end")
    except RuntimeError:
        sys.excepthook(*sys.exc_info())  # type: ignore[arg-type]  # an exception is being handled
    told = lines(stream)
    assert [line["level"] for line in told] == ["warning", "critical", "critical"]
    assert "old\nfashioned" in told[0]["event"]
    assert ["RuntimeError: in a thread" in line.get("exception", "") for line in told] == [False, True, False]


@pytest.mark.parametrize("terminal", [True, False])
def test_text_from_outside_is_escaped(container: Container, logged: Any, terminal: bool) -> None:
    stream = logged(container.settings, terminal=terminal)
    hostile = 'Wire\x1b[2J\r\n{"event": "forged"}\u202e\u2028'
    container.ingest.submit(ArticleDraft(hostile, text="Nothing happened."), ring=False)
    try:
        raise ValueError(hostile)
    except ValueError:
        logging.getLogger("some.library").exception("failed")
    shown = stream.getvalue()
    assert "\\u202e" in shown
    for raw in ("\x1b[2J", "\r", "\u202e", "\u2028"):
        assert raw not in shown
    if not terminal:
        assert [line["event"] for line in lines(stream)] == ["article received", "failed"]
    else:
        assert "article received" in shown


def test_a_terminal_gets_text(container: Container, logged: Any) -> None:
    stream = logged(container.settings, terminal=True)
    create_app(container).test_client().get("/healthz", buffered=True)
    container.request_recorder.flush()
    (line,) = stream.getvalue().splitlines()
    assert "/healthz" in line
    assert not line.startswith("{")


def test_an_answer_that_nobody_waits_for_is_no_warning(container: Container, logged: Any) -> None:
    stream = logged(container.settings)
    logging.getLogger("kombu.transport.virtual.base").warning("Requeuing undeliverable message")
    logging.getLogger("kombu.transport.virtual.base").critical("Unable to restore messages")
    (line,) = stream.getvalue().splitlines()
    assert "Unable to restore messages" in line


def test_a_log_that_can_not_be_written_costs_no_answer(container: Container, logged: Any) -> None:
    stream = logged(container.settings)
    client = create_app(container).test_client()
    stream.close()
    assert client.get("/healthz", buffered=True).status_code == 200
    container.request_recorder.flush()
    assert client.get("/metrics").status_code == 200


def test_commands_say_nothing_of_their_work_on_standard_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from entente.cli.common import load_settings

    monkeypatch.setenv("ENTENTE_DATA_DIR", str(tmp_path))
    root = logging.getLogger()
    kept, level = root.handlers, root.level
    try:
        load_settings()
        assert root.level == logging.WARNING
    finally:
        root.handlers = kept
        root.setLevel(level)
        logging.captureWarnings(False)


def test_requests_are_written_without_being_asked_for(container: Container, logged: Any) -> None:
    stream = logged(container.settings)
    client = create_app(container).test_client()
    for number in range(3):
        client.get("/healthz", headers={"X-Request-Id": f"r{number}"}, buffered=True)
        until(lambda number=number: f'"r{number}"' in stream.getvalue())  # type: ignore[misc]  # a default binds it
    assert [line["request_id"] for line in lines(stream)] == ["r0", "r1", "r2"]


def test_a_recorder_that_is_gone_leaves_no_thread(container: Container, logged: Any) -> None:
    logged(container.settings)
    recorder = container.request_recorder
    recorder.record("r", "GET", "/healthz", 200, 0.1, None, "127.0.0.1")
    assert [t.name for t in threading.enumerate()].count("request-records") >= 1
    before = sum(t.name == "request-records" for t in threading.enumerate())
    del container.__dict__["request_recorder"], recorder
    gc.collect()
    until(lambda: sum(t.name == "request-records" for t in threading.enumerate()) < before)


@pytest.mark.parametrize("client", ['fe80::1%"}', "fe80::1%\x1b\n", "::1"])
def test_the_line_of_a_request_is_json_whatever_the_client_is(container: Container, client: str) -> None:
    render = request_renderer(replace(container.settings, log_format="json"))
    assert render
    line = render("r", "GET", "/v1/events/{event_id}", 200, 1.23456, "KEY", client)
    assert line.count("\n") == 1
    told = json.loads(line)
    assert (told["client"], told["ms"], told["key_id"]) == (client, 1.235, "KEY")


def test_every_line_of_every_part_is_json_from_its_start_to_its_end(tmp_path: Path) -> None:
    with up(tmp_path) as (_, places):
        api = places["api"].removesuffix("/v1")
        assert requests.get(f"{api}/healthz", headers={"X-Request-Id": "the-last-one"}, timeout=60).ok
    logs = {path.stem: path.read_text(encoding="utf-8").splitlines() for path in (tmp_path / "log").glob("*.log")}
    # The embedded Redis has a format of its own.
    parts = {part: list(map(json.loads, told)) for part, told in logs.items() if part != "redis"}
    assert all(parts.values()), "a part has said nothing"
    assert {line["level"] for told in parts.values() for line in told} <= {"info", "warning"}
    assert any(line.get("request_id") == "the-last-one" for line in parts["api"])
    # Scheduled tasks come every two seconds: they are counted, and have no lines.
    assert not any("revoked" in line["event"] for told in parts.values() for line in told)

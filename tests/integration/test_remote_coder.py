"""The remote coder, against a local server with its protocol."""

import json
from dataclasses import replace
from datetime import date
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest

from entente.bootstrap.container import Container
from entente.bootstrap.settings import Settings, SettingsError
from entente.services.articles import Document
from entente.web.remote_coder import RemoteCoder, RemoteModelFailed
from tests.integration.web_server import Site

TEXT = "Kenya recognised Kosovo on Tuesday. Serbia condemned the step. Talks go on."
GOOD = {
    "source": "KEN",
    "target": "XKX",
    "act": "recognise",
    "status": "effective",
    "date": "2025-07-01",
    "quote": "Kenya recognised Kosovo on Tuesday.",
    "trigger": "recognised",
    "confidence": 0.97,
}


@pytest.fixture
def coder(site: Site, container: Container) -> RemoteCoder:
    return RemoteCoder(f"{site.url}/v1", "small-model", "s3cret", container.codebook, container.entities)


def answers(site: Site, events: Any, status: int = 200) -> None:
    content = events if isinstance(events, str) else json.dumps({"events": events})
    body = json.dumps({"choices": [{"message": {"role": "assistant", "content": content}}]}).encode()

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    site.answers["/v1/chat/completions"] = answer


def test_what_the_model_proposes_becomes_events_with_offsets_of_the_text(site: Site, coder: RemoteCoder) -> None:
    answers(site, [GOOD])

    coding = coder.code(Document(TEXT, "Recognition", date(2025, 7, 2)))

    [event] = coding.events
    assert (event.source.entity, event.act, event.target.entity) == ("KEN", "recognise", "XKX")
    assert TEXT[event.quote.start : event.quote.end] == GOOD["quote"]
    assert TEXT[event.trigger.start : event.trigger.end] == "recognised"
    assert (event.confidence, coding.coder_version) == (0.9, "remote:small-model")
    [(_, _, headers, body)] = site.asked
    assert headers["Authorization"] == "Bearer s3cret"
    asked = json.loads(body)
    assert asked["model"] == "small-model"
    assert json.loads(asked["messages"][1]["content"])["text"] == TEXT


@pytest.mark.parametrize(
    "wrong",
    [
        {"quote": "Kenya has recognised Kosovo."},
        {"quote": None},
        {"quote": "Kenya"},
        {"act": "befriend"},
        {"status": "negated"},
        {"status": "perhaps"},
        {"source": "Atlantis"},
        {"target": "KEN"},
        {"date": "last Tuesday"},
        {"source": 7},
    ],
)
def test_what_can_not_be_trusted_is_no_event(site: Site, coder: RemoteCoder, wrong: dict[str, Any]) -> None:
    answers(site, [GOOD | wrong, "nonsense", None])

    coding = coder.code(Document(TEXT, None, date(2025, 7, 2)))

    assert (coding.events, coding.reason) == ((), "no_events")


@pytest.mark.parametrize("content", ["no JSON", "[]", "7", "[" * 20_000])
def test_an_answer_of_another_kind_fails_the_attempt_and_not_the_worker(
    site: Site, coder: RemoteCoder, content: str
) -> None:
    answers(site, content)

    with pytest.raises(RemoteModelFailed):
        coder.code(Document(TEXT))


def test_an_endpoint_in_trouble_fails_the_attempt_and_keeps_its_key_to_itself(site: Site, coder: RemoteCoder) -> None:
    site.status("/v1/chat/completions", 500)

    with pytest.raises(RemoteModelFailed) as failed:
        coder.code(Document(TEXT))
    assert "s3cret" not in str(failed.value)


def test_the_setting_chooses_the_coder(site: Site, container: Container) -> None:
    answers(site, [GOOD])
    settings = replace(container.settings, coder_url=f"{site.url}/v1", coder_model="small-model")
    chosen = Container(settings, container.clock)

    assert chosen.coder.version == "remote:small-model"
    assert chosen.coder.code(Document(TEXT)).events


def test_an_endpoint_without_a_model_is_refused() -> None:
    with pytest.raises(SettingsError, match="ENTENTE_CODER_MODEL"):
        Settings.from_env({"ENTENTE_CODER_URL": "http://127.0.0.1:1/v1"})

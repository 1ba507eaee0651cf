"""Batches of articles, and registered senders, over HTTP."""

import io
import json
from typing import Any

import pytest
from flask.testing import FlaskClient

from api.resources import article_batches as batch
from entente.bootstrap.container import Container
from tests.integration.conftest import TEXT
from tests.integration.test_api_webhooks import BODY, deliver, signed

NDJSON = "application/x-ndjson"


def send(client: FlaskClient, lines: list[bytes], kind: str = NDJSON) -> Any:
    answer = client.post("/v1/articles:batch", data=b"\n".join(lines), content_type=kind)
    return answer, [json.loads(line) for line in answer.get_data().splitlines()] if answer.status_code == 200 else []


def test_each_line_is_answered_on_its_own(client: FlaskClient, container: Container) -> None:
    good = json.dumps({"text": TEXT}).encode()

    _, answers = send(client, [good, b"{", b"", json.dumps({"title": "x"}).encode(), good, b'{"text": "Other news."}'])

    assert [(a["line"], a["status"]) for a in answers] == [(1, 202), (2, 400), (4, 422), (5, 200), (6, 202)]
    assert answers[3]["id"] == answers[0]["id"]
    assert answers[2]["errors"][0]["field"] == "text"
    assert container.lookups.article(answers[4]["id"]).article.text == "Other news."


def test_a_line_that_is_too_long_is_told_and_the_rest_is_taken(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch, "MAX_LINE_BYTES", 200)
    long = json.dumps({"text": "x" * 1000}).encode()

    _, answers = send(client, [long, json.dumps({"text": "Short."}).encode()])

    assert [a["status"] for a in answers] == [413, 202]


def test_lines_beyond_the_limit_of_a_batch_are_refused_by_a_last_line(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch, "MAX_BATCH_LINES", 2)

    _, answers = send(client, [json.dumps({"text": f"Report {n}."}).encode() for n in range(5)])

    assert [(a["line"], a["status"]) for a in answers] == [(1, 202), (2, 202), (3, 413)]
    assert "at most 2 lines: line 3 and those after it were not taken" in answers[2]["detail"]


def test_a_batch_ends_when_its_answers_are_too_large_to_keep(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch, "MAX_KEPT_BYTES", 100)

    _, answers = send(client, [b"{"] * 5)

    assert [(a["line"], a["status"]) for a in answers] == [(1, 400), (2, 413)]
    assert "100 bytes of answers" in answers[1]["detail"]


def test_a_batch_of_unknown_length_that_becomes_too_large_is_told_so_by_a_last_line(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch, "MAX_BATCH_BYTES", 20)
    body, chunked = io.BytesIO(b"{}\n" * 10), {"wsgi.input_terminated": True, "CONTENT_LENGTH": ""}

    answer = client.post("/v1/articles:batch", input_stream=body, environ_overrides=chunked, content_type=NDJSON)

    told = [json.loads(line) for line in answer.get_data().splitlines()]
    assert [(a["line"], a["status"]) for a in told] == [*((n, 422) for n in range(1, 7)), (7, 413)]


def test_only_the_first_answers_are_sent_before_the_body_has_ended(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch, "SENT_AT_ONCE", 1000)
    monkeypatch.setattr(batch, "_IN_MEMORY", 2000)
    monkeypatch.setattr(batch, "_BUFFER", 100)
    body = io.BytesIO(b"{\n" * 500)
    answer = client.post("/v1/articles:batch", input_stream=body, content_length=1000, content_type=NDJSON)
    parts, early = [], 0

    for part in answer.response:
        parts.append(part)
        early += len(part) if body.tell() < 1000 else 0

    assert 500 < early <= 1000
    told = [json.loads(line) for line in b"".join(parts).splitlines()]
    assert [a["line"] for a in told] == list(range(1, 501))


def test_another_kind_of_body_is_refused(client: FlaskClient) -> None:
    assert send(client, [b"{}"], "application/json")[0].status_code == 415


def test_a_rotated_secret_verifies_beside_the_new_one_and_the_one_before_last_does_not(client: FlaskClient) -> None:
    first = client.post("/v1/sources", json={"name": "wire"}).get_json()["secret"]
    second = client.post("/v1/sources/wire/rotate").get_json()["secret"]

    for number, secret in enumerate((first, second)):
        assert deliver(client, signed(secret, id=f"a{number}"), source="wire").status_code in (200, 202)
    client.post("/v1/sources/wire/rotate")
    assert deliver(client, signed(first, id="b"), source="wire").status_code == 401
    assert deliver(client, signed(second, id="c"), source="wire").status_code == 200


def test_a_removed_source_may_post_no_more_until_it_gets_a_new_secret(client: FlaskClient) -> None:
    secret = client.post("/v1/sources", json={"name": "wire"}).get_json()["secret"]

    assert client.delete("/v1/sources/wire").get_json()["active"] is False

    assert deliver(client, signed(secret), source="wire").status_code == 404
    again = client.post("/v1/sources/wire/rotate").get_json()["secret"]
    assert deliver(client, signed(again, BODY), source="wire").status_code == 202


def test_secrets_are_not_listed(client: FlaskClient) -> None:
    secret = client.post("/v1/sources", json={"name": "wire"}).get_json()["secret"]

    assert secret not in client.get("/v1/sources").get_data(as_text=True)
    assert client.post("/v1/sources", json={"name": "wire"}).status_code == 409
    assert client.post("/v1/sources", json={"name": "Wire!"}).status_code == 422
    assert client.post("/v1/sources/none/rotate").status_code == 404

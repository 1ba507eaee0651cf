"""Signed deliveries over HTTP."""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from entente.bootstrap.container import Container
from entente.services.articles import ArticleDraft
from entente.services.ingesting.ingest import content_hash
from entente.services.ports.sources import TakenDelivery
from tests.conftest import ChosenClock
from tests.integration.conftest import TEXT

BODY = json.dumps({"text": TEXT, "title": "A recognition"}).encode()


@pytest.fixture
def secret(container: Container) -> str:
    return container.sources.add("demo").secrets[0]


def signed(secret: str, body: bytes = BODY, id: str = "msg_1", at: int | None = None) -> dict[str, str]:
    """Headers as Standard Webhooks writes them, made here without its library."""
    at = at or int(datetime.now(UTC).timestamp())
    key = base64.b64decode(secret.removeprefix("whsec_"))
    digest = hmac.new(key, f"{id}.{at}.".encode() + body, hashlib.sha256).digest()
    return {
        "webhook-id": id,
        "webhook-timestamp": str(at),
        "webhook-signature": "v1," + base64.b64encode(digest).decode(),
        "Content-Type": "application/json",
    }


def deliver(client: FlaskClient, headers: Mapping[str, str], body: bytes = BODY, source: str = "demo") -> Any:
    return client.post(f"/v1/webhooks/{source}", data=body, headers=dict(headers))


def test_a_signed_delivery_is_stored_and_its_place_named(
    client: FlaskClient, container: Container, secret: str
) -> None:
    answer = deliver(client, signed(secret))

    assert answer.status_code == 202
    id = answer.get_json()["id"]
    assert answer.headers["Location"] == f"/v1/articles/{id}"
    stored = container.lookups.article(id).article
    assert (stored.text, stored.publisher) == (TEXT, "demo")


def test_a_delivery_sent_again_is_answered_with_the_first_ones_id(client: FlaskClient, secret: str) -> None:
    first = deliver(client, signed(secret))
    again = deliver(client, signed(secret))

    assert (again.status_code, again.get_json()["id"]) == (200, first.get_json()["id"])


def test_the_same_article_under_another_delivery_counts_once(client: FlaskClient, secret: str) -> None:
    first = deliver(client, signed(secret))
    other = deliver(client, signed(secret, id="msg_2"))

    assert (other.status_code, other.get_json()["id"]) == (200, first.get_json()["id"])


def naming(publisher: str | None) -> bytes:
    """A body whose article is of this publisher."""
    return json.dumps({"text": f"{TEXT} As told by {publisher}.", "source": publisher}).encode()


@pytest.mark.parametrize(
    ("allowed", "named", "stored"),
    [
        (["Sample Wire"], "Sample Wire", "Sample Wire"),
        (["Sample Wire"], "sample  wire", "sample  wire"),
        (["Sample Wire"], None, "Sample Wire"),
        (["Reuters", "demo"], "uk.reuters.com", "uk.reuters.com"),
        (["Reuters", "demo"], None, "demo"),
        (["*"], "Whoever", "Whoever"),
        (["*"], None, "demo"),
    ],
)
def test_a_delivery_may_name_a_publisher_of_its_source(
    client: FlaskClient, container: Container, secret: str, allowed: list[str], named: str | None, stored: str
) -> None:
    container.sources.bind("demo", allowed)

    answer = deliver(client, signed(secret, naming(named)), naming(named))

    assert answer.status_code == 202, answer.get_json()
    assert container.lookups.article(answer.get_json()["id"]).article.publisher == stored


@pytest.mark.parametrize(
    ("allowed", "named"),
    [
        (None, "Sample Wire"),
        (["Reuters"], "Sample Wire"),
        (["Reuters"], "reuters.com.evil.example"),
        (["RIA Novosti"], "Sputnik"),
        (["Reuters", "AFP"], None),
    ],
)
def test_a_delivery_of_a_foreign_publisher_is_refused_and_told_why(
    client: FlaskClient,
    container: Container,
    clock: ChosenClock,
    secret: str,
    allowed: list[str] | None,
    named: str | None,
) -> None:
    if allowed:
        container.sources.bind("demo", allowed)

    answer = deliver(client, signed(secret, naming(named)), naming(named))

    problem = answer.get_json()
    assert (answer.status_code, problem["type"]) == (403, "/problems/foreign-publisher")
    assert [error["field"] for error in problem["errors"]] == ["publisher"]
    assert "`entente sources bind demo" in problem["detail"]
    clock.advance(minutes=1)
    assert container.sweeper.ring_again() == 0, "something was stored"


def test_an_administrator_binds_a_source_over_http(client: FlaskClient) -> None:
    made = client.post("/v1/sources", json={"name": "wire", "publishers": ["Sample Wire"]}).get_json()
    bound = client.put("/v1/sources/wire/publishers", json={"publishers": ["Sample Wire", "herald.example"]}).get_json()

    assert (made["publishers"], bound["publishers"]) == (["Sample Wire"], ["Sample Wire", "herald.example"])
    assert client.post("/v1/sources", json={"name": "other"}).get_json()["publishers"] == ["other"]
    assert client.put("/v1/sources/nobody/publishers", json={"publishers": ["A"]}).status_code == 404


@pytest.mark.parametrize(
    "publishers", [[], ["*", "Reuters"], [" "], ["a\nb"], ["x" * 201], ["x"] * 101, "Reuters", [1]]
)
def test_a_list_of_publishers_that_makes_no_sense_is_refused(client: FlaskClient, publishers: object) -> None:
    for answer in (
        client.post("/v1/sources", json={"name": "wire", "publishers": publishers}),
        client.put("/v1/sources/wire/publishers", json={"publishers": publishers}),
    ):
        assert answer.status_code == 422
        assert answer.get_json()["errors"][0]["field"].startswith("publishers")


@pytest.mark.parametrize(
    "forgery",
    [
        {"webhook-signature": "v1,AAAA"},
        {"webhook-signature": "v1," + base64.b64encode(b"x" * 32).decode()},
        {"webhook-signature": "v2,abc"},
        {"webhook-signature": "v1,é"},
        {"webhook-signature": "," * 1000},
        {"webhook-id": "msg_2"},
        {"webhook-id": ""},
        {"webhook-timestamp": "1"},
        {"webhook-timestamp": "soon"},
        {"webhook-timestamp": "9" * 400},
        {"webhook-timestamp": "-1"},
        {"webhook-timestamp": "²"},
    ],
)
def test_a_delivery_that_is_not_genuine_is_refused(
    client: FlaskClient, container: Container, clock: ChosenClock, secret: str, forgery: dict[str, str]
) -> None:
    answer = deliver(client, signed(secret) | forgery)

    assert answer.status_code == 401
    assert answer.get_json()["type"] == "/problems/not-authentic"
    assert "WWW-Authenticate" in answer.headers
    assert secret not in answer.get_data(as_text=True)
    clock.advance(minutes=1)
    assert container.sweeper.ring_again() == 0, "something was stored"


@pytest.mark.parametrize("missing", ["webhook-id", "webhook-timestamp", "webhook-signature"])
def test_a_missing_header_is_named(client: FlaskClient, secret: str, missing: str) -> None:
    headers = signed(secret)
    del headers[missing]

    answer = deliver(client, headers)

    assert answer.status_code == 401
    assert missing in answer.get_json()["detail"]


def test_an_old_delivery_is_refused(client: FlaskClient, secret: str) -> None:
    six_minutes_ago = int(datetime.now(UTC).timestamp()) - 360

    assert deliver(client, signed(secret, at=six_minutes_ago)).status_code == 401


def test_an_altered_body_is_refused_before_it_is_read(client: FlaskClient, secret: str) -> None:
    assert deliver(client, signed(secret), b"[" * 100_000).status_code == 401


def test_a_genuine_delivery_of_nonsense_is_named_as_such(client: FlaskClient, secret: str) -> None:
    for body, status in ((b"[" * 100_000, 400), (b"{}", 422), (b'{"text": "a", "title": 1}', 422)):
        assert deliver(client, signed(secret, body), body).status_code == status


@pytest.mark.parametrize("source", ["nobody", "DEMO", "demo%00", "demo%2F..", "x" * 2000])
def test_an_unknown_source_is_not_found(client: FlaskClient, secret: str, source: str) -> None:
    assert deliver(client, signed(secret), source=source).status_code == 404


def test_the_media_type_must_be_json(client: FlaskClient, secret: str) -> None:
    assert deliver(client, signed(secret) | {"Content-Type": "text/plain"}).status_code == 415


def test_a_large_body_is_refused(client: FlaskClient, secret: str) -> None:
    body = b" " * 4_000_001

    assert deliver(client, signed(secret, body), body).status_code == 413


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    name=st.sampled_from(["webhook-id", "webhook-timestamp", "webhook-signature"]),
    value=st.text(st.characters(codec="latin-1", exclude_characters="\r\n"), max_size=200)
    | st.from_regex(r"(v1,[A-Za-z0-9+/=]{0,60} ?){0,12}", fullmatch=True)
    | st.integers().map(str),
)
def test_no_header_that_is_made_up_is_let_in_or_breaks_anything(
    client: FlaskClient, secret: str, name: str, value: str
) -> None:
    assert deliver(client, signed(secret) | {name: value}).status_code in (400, 401)


def test_a_webhook_id_cannot_be_used_for_another_article(client: FlaskClient, secret: str) -> None:
    first = deliver(client, signed(secret))
    other = json.dumps({"text": "Chad closed its embassy in Niger on Monday.", "title": "Another"}).encode()

    refused = deliver(client, signed(secret, other), other)

    assert first.status_code == 202
    assert refused.status_code == 409
    assert "webhook-id" in refused.get_json()["detail"]


def test_the_same_article_written_otherwise_is_the_same_delivery(client: FlaskClient, secret: str) -> None:
    first = deliver(client, signed(secret))
    respelt = json.dumps({"title": "A recognition", "text": TEXT}, indent=2).encode()

    again = deliver(client, signed(secret, respelt), respelt)

    assert (again.status_code, again.get_json()["id"]) == (200, first.get_json()["id"])


@pytest.mark.parametrize(
    "other", [{"published_at": "2024-05-02T09:00:00Z"}, {"url": "https://wire.example/2"}, {"source": "demo"}]
)
def test_a_webhook_id_cannot_be_used_for_the_same_text_told_otherwise(
    client: FlaskClient, container: Container, secret: str, other: dict[str, str]
) -> None:
    container.sources.bind("demo", ["Sample Wire", "demo"])
    article = {"text": TEXT, "source": "Sample Wire", "published_at": "2024-05-01T09:00:00Z"}
    first, second = (json.dumps(body).encode() for body in (article, article | other))
    deliver(client, signed(secret, first), first)

    assert deliver(client, signed(secret, second), second).status_code == 409


def test_a_repeat_is_answered_as_the_first_whomever_the_source_may_name_since(
    client: FlaskClient, container: Container, secret: str
) -> None:
    container.sources.bind("demo", ["Sample Wire"])
    body = naming("Sample Wire")
    first = deliver(client, signed(secret, body), body)
    container.sources.bind("demo", ["Reuters"])

    again = deliver(client, signed(secret, body), body)

    assert (again.status_code, again.get_json()["id"]) == (200, first.get_json()["id"])


def test_a_delivery_taken_when_texts_alone_told_them_apart_is_still_known(
    client: FlaskClient, container: Container, secret: str
) -> None:
    draft = ArticleDraft("demo", TEXT, title="A recognition")
    id = container.ingest.submit(draft, ring=False).article_id
    with container.ledger.write() as unit:
        unit.sources.record_delivery("demo", "msg_1", TakenDelivery(id, content_hash(draft)), container.clock.now())
        unit.commit()

    assert deliver(client, signed(secret)).get_json()["id"] == id


@pytest.mark.parametrize("id", ["x" * 257, "bell\x07"])
def test_a_webhook_id_that_cannot_be_read_is_a_bad_request(client: FlaskClient, secret: str, id: str) -> None:
    answer = deliver(client, signed(secret, id=id))

    assert answer.status_code == 400
    assert answer.get_json()["errors"][0]["field"] == "webhook-id"


def envelope(data: Any, **more: Any) -> bytes:
    return json.dumps({"type": "article.published", "timestamp": "2025-07-03T12:00:00Z", "data": data, **more}).encode()


def test_fields_of_the_senders_own_are_ignored(client: FlaskClient, container: Container, secret: str) -> None:
    body = json.dumps({"text": TEXT, "id": 7, "tags": ["x"], "author": {"name": "A."}, "type": "news"}).encode()

    answer = deliver(client, signed(secret, body), body)

    assert answer.status_code == 202
    assert container.lookups.article(answer.get_json()["id"]).article.text == TEXT


def test_an_article_comes_in_the_envelope_of_standard_webhooks(
    client: FlaskClient, container: Container, secret: str
) -> None:
    body = envelope({"text": TEXT, "published_at": "2025-07-03"}, account="a field of the sender's own")

    answer = deliver(client, signed(secret, body), body)

    assert (answer.status_code, set(answer.get_json())) == (202, {"id", "created", "links"})
    assert container.lookups.article(answer.get_json()["id"]).article.text == TEXT


def test_several_articles_of_one_delivery_are_all_stored_and_named(
    client: FlaskClient, container: Container, secret: str
) -> None:
    body = envelope([{"text": f"{TEXT} {n}"} for n in range(3)])

    answer = deliver(client, signed(secret, body), body)
    again = deliver(client, signed(secret, body), body)

    told = answer.get_json()
    assert answer.status_code == 202
    stored = [container.lookups.article(one["id"]).article.text for one in told["articles"]]
    assert stored == [f"{TEXT} {n}" for n in range(3)]
    assert (told["id"], told["created"]) == (told["articles"][0]["id"], True)
    assert (again.status_code, again.get_json()["id"]) == (200, told["id"])


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ([{"text": TEXT}, {"text": 5}], "data.1.text"),
        ([{"text": TEXT}, "text"], "data.1"),
        ({"text": TEXT, "published_at": "yesterday"}, "data.published_at"),
        ("text", "data"),
        ([], "data"),
        ([{"text": str(n)} for n in range(501)], "data"),
    ],
)
def test_what_is_wrong_in_an_envelope_is_named_and_nothing_of_it_is_stored(
    client: FlaskClient, container: Container, secret: str, data: Any, field: str
) -> None:
    body = envelope(data)

    answer = deliver(client, signed(secret, body), body)

    assert (answer.status_code, answer.get_json()["errors"][0]["field"]) == (422, field)
    with container.ledger.read() as unit:
        assert unit.articles.unfinished(1) == []


def test_the_same_delivery_id_with_other_articles_is_a_conflict(client: FlaskClient, secret: str) -> None:
    first, second = envelope([{"text": "a"}, {"text": "b"}]), envelope([{"text": "a"}, {"text": "c"}])
    deliver(client, signed(secret, first), first)

    assert deliver(client, signed(secret, second), second).status_code == 409

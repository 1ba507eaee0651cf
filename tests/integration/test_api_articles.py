"""Articles over HTTP: ingesting, validation errors, and status."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from entente.bootstrap.container import Container
from tests.integration.conftest import OTHER_WORDS, RECOGNITION, TEXT, coded

ARTICLE = {
    "text": TEXT,
    "title": "A recognition",
    "published_at": "2025-07-04T01:30:00+02:00",
    "source": "Sample Wire",
    "language": "en",
}


def errors(answer: Any) -> dict[str, str]:
    assert answer.content_type == "application/problem+json"
    return {error["field"]: error["detail"] for error in answer.get_json()["errors"]}


def test_an_article_is_stored_and_its_place_named(client: FlaskClient, container: Container) -> None:
    answer = client.post("/v1/articles", json=ARTICLE)

    assert answer.status_code == 202
    id = answer.get_json()["id"]
    assert answer.get_json() == {"id": id, "created": True, "links": {"self": f"/v1/articles/{id}"}}
    assert answer.headers["Location"] == f"/v1/articles/{id}"
    stored = container.lookups.article(id).article
    assert (stored.text, stored.title, stored.publisher, stored.language) == (
        TEXT,
        "A recognition",
        "Sample Wire",
        "en",
    )
    assert str(stored.published_at) == "2025-07-03 23:30:00+00:00"
    assert stored.status == "pending"


def test_the_same_article_again_is_answered_with_the_first_ones_id(client: FlaskClient) -> None:
    first = client.post("/v1/articles", json=ARTICLE)
    again = client.post("/v1/articles", json=ARTICLE | {"text": f"  {TEXT} \n", "published_at": None})

    assert again.status_code == 200
    assert again.get_json() == first.get_json() | {"created": False}
    assert again.headers["Location"] == first.headers["Location"]


def test_a_url_alone_is_an_article_of_its_host(client: FlaskClient, container: Container) -> None:
    answer = client.post("/v1/articles", json={"url": "https://news.example/a?b=c", "published_at": "2025-07-03"})

    assert answer.status_code == 202
    stored = container.lookups.article(answer.get_json()["id"]).article
    assert (stored.url, stored.text, stored.publisher) == ("https://news.example/a?b=c", None, "news.example")


def test_null_says_no_more_than_leaving_out(client: FlaskClient) -> None:
    nothing = dict.fromkeys(("url", "title", "published_at", "source", "language"))

    assert client.post("/v1/articles", json={"text": TEXT} | nothing).status_code == 202


def test_a_report_shows_events_with_their_quotes_and_what_changed(client: FlaskClient, recognition: str) -> None:
    answer = client.get(f"/v1/articles/{recognition}")

    report = answer.get_json()
    assert answer.status_code == 200
    assert (report["id"], report["status"], report["reason"]) == (recognition, "coded", None)
    assert (report["source"], report["published_at"]) == ("Sample Wire", "2025-07-04T00:00:00Z")
    assert report["coder_version"] == "told-1"
    recognised = next(event for event in report["events"] if event["act"] == "recognise")
    (mention,) = recognised["mentions"]
    quote = mention["quote"]
    assert TEXT[quote["start"] : quote["end"]] == quote["text"]
    changes = {(change["facet"], change["before"], change["after"]) for change in report["changes"]}
    assert ("recognition", "unknown", "recognised") in changes


def test_a_report_shows_only_the_articles_own_mentions(
    client: FlaskClient, told: Callable[..., str], recognition: str
) -> None:
    second = told(RECOGNITION[:1], text=OTHER_WORDS, publisher="Another Wire")

    (event,) = client.get(f"/v1/articles/{second}").get_json()["events"]

    assert (event["n_mentions"], event["n_sources"]) == (2, 2)
    assert [mention["article"] for mention in event["mentions"]] == [second]


def test_an_article_without_events_says_why(client: FlaskClient, told: Callable[..., str]) -> None:
    report = client.get(f"/v1/articles/{told([])}").get_json()

    assert (report["status"], report["reason"], report["events"], report["changes"]) == (
        "no_events",
        "no_events",
        [],
        [],
    )


@pytest.mark.parametrize("id", ["nope", "01980000-0000-7000-8000-000000000000", "ü", "1" * 3000])
def test_an_unknown_article_is_not_found(empty_client: FlaskClient, id: str) -> None:
    answer = empty_client.get(f"/v1/articles/{id}")

    assert answer.status_code == 404
    assert answer.get_json()["type"] == "/problems/unknown-article"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"text": None}, "text"),
        ({"text": ""}, "text"),
        ({"text": " \n\t"}, "text"),
        ({"text": 7}, "text"),
        ({"text": ["a"]}, "text"),
        ({"text": "a\0b"}, "text"),
        ({"title": "\ud800"}, "title"),
        ({"title": "t" * 2001}, "title"),
        ({"title": True}, "title"),
        ({"source": {"name": "x"}}, "source"),
        ({"source": ""}, "source"),
        ({"language": "english language"}, "language"),
        ({"language": "en\n"}, "language"),
        ({"published_at": "yesterday"}, "published_at"),
        ({"published_at": 1751500800}, "published_at"),
        ({"published_at": "2025-02-30"}, "published_at"),
        ({"published_at": "2025-07-03T12:00:00"}, "published_at"),
        ({"published_at": "2025-07-03T25:00:00Z"}, "published_at"),
        ({"published_at": "9999-12-31T23:59:59-12:00"}, "published_at"),
        ({"published_at": "0001-01-01T00:00:00+12:00"}, "published_at"),
        ({"published_at": "0900-01-01"}, "published_at"),
        ({"url": "ftp://news.example/a"}, "url"),
        ({"url": "news.example"}, "url"),
        ({"url": "https://"}, "url"),
        ({"url": "https://news.example:99999/"}, "url"),
        ({"url": "https://[::1"}, "url"),
        ({"url": "https://news.example/a b"}, "url"),
        ({"url": "https://news.example/\r\nX: y"}, "url"),
        ({"url": "https://news.example/" + "a" * 2048}, "url"),
        ({"n": 2**70}, "body"),
    ],
)
def test_a_field_that_is_wrong_is_named(empty_client: FlaskClient, change: dict[str, Any], field: str) -> None:
    answer = empty_client.post("/v1/articles", json=ARTICLE | change)

    assert answer.status_code == 422
    assert list(errors(answer)) == [field]
    assert answer.get_json()["type"] == "/problems/invalid-request"


def test_every_wrong_field_is_named_at_once(empty_client: FlaskClient) -> None:
    answer = empty_client.post("/v1/articles", json={"text": 1, "published_at": "x", "colour": "red"})

    assert set(errors(answer)) == {"text", "published_at"}


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"{'text': 'a'}", 400),
        (b'{"text": "a"} {}', 400),
        (b'{"text": NaN}', 400),
        (b'{"text": -Infinity}', 400),
        (b'{"text": "a\x00b"}', 400),
        (b'{"text": "\xff"}', 400),
        (b'\xef\xbb\xbf{"text": "a"}', 400),
        ('{"text": "a"}'.encode("utf-16"), 400),
        (b"[" * 100_000, 400),
        (b"[" * 100_000 + b"]" * 100_000, 400),
        (b'{"a":' * 100_000 + b"1" + b"}" * 100_000, 422),
        (b'{"text": ' + b"[" * 40 + b"]" * 40 + b"}", 400),
        (b'{"text": "a", "text": "b"}', 422),
        (b'{"text": "\\ud800"}', 422),
        (b'{"\\udfff": "a"}', 422),
        (b'{"text": "\\u0000"}', 422),
        (b'{"text": ' + b"9" * 5000 + b"}", 422),
        (b'{"text": 1180591620717411303424}', 422),
        (b'{"text": 1e999}', 422),
        (b"null", 422),
        (b'"text"', 422),
        (b"[]", 422),
        (b"3", 422),
    ],
)
def test_what_naive_services_break_on_is_refused(empty_client: FlaskClient, body: bytes, status: int) -> None:
    answer = empty_client.post("/v1/articles", data=body, content_type="application/json")

    assert answer.status_code == status
    assert errors(answer)


@pytest.mark.parametrize(
    ("headers", "said"),
    [
        ({}, "application/json"),
        ({"Content-Type": "text/plain"}, "application/json"),
        ({"Content-Type": "application/x-www-form-urlencoded"}, "application/json"),
        ({"Content-Type": "application/json; charset=latin-1"}, "UTF-8"),
        ({"Content-Type": "application/json", "Content-Encoding": "gzip"}, "compressed"),
    ],
)
def test_another_media_type_is_refused(empty_client: FlaskClient, headers: dict[str, str], said: str) -> None:
    answer = empty_client.post("/v1/articles", data=json.dumps(ARTICLE).encode(), headers=headers)

    assert answer.status_code == 415
    assert said in answer.get_json()["detail"]


def test_a_text_of_a_megabyte_is_taken_and_one_byte_more_is_too_large(client: FlaskClient) -> None:
    assert client.post("/v1/articles", json={"text": "x" * 1_000_000}).status_code == 202

    for text in ("x" * 1_000_001, "é" * 500_001):
        answer = client.post("/v1/articles", json={"text": text})
        assert answer.status_code == 413
        assert list(errors(answer)) == ["text"]


def test_a_body_over_the_limit_is_too_large_before_it_is_read(empty_client: FlaskClient) -> None:
    answer = empty_client.post("/v1/articles", data=b"x" * 4_000_001, content_type="application/json")

    assert answer.status_code == 413
    assert list(errors(answer)) == ["body"]


def test_a_coded_article_is_still_the_same_article(client: FlaskClient, recognition: str) -> None:
    answer = client.post("/v1/articles", json={"text": TEXT, "title": "A recognition", "source": "Sample Wire"})

    assert (answer.status_code, answer.get_json()["id"]) == (200, recognition)


def test_an_unpublished_undated_act_stays_undated(client: FlaskClient, told: Callable[..., str]) -> None:
    (event,) = client.get(f"/v1/articles/{told([coded('recognise', None)])}").get_json()["events"]

    assert (event["date"], event["precision"], event["known_by"]) == (None, "unknown", "2025-07-04")

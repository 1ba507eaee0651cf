"""The list of articles over HTTP."""

from typing import Any

import pytest
from flask.testing import FlaskClient

ARTICLES = [
    {"text": "Words of the first.", "title": "Envoys meet", "source": "Reuters", "published_at": "2025-07-01"},
    {
        "text": "Words of the second.",
        "title": "An envoy leaves",
        "source": "uk.reuters.com",
        "published_at": "2025-07-02",
    },
    {"url": "https://herald.example/3", "text": "Words of the third.", "published_at": "2025-07-03T23:00:00-05:00"},
]


@pytest.fixture
def filled(client: FlaskClient) -> FlaskClient:
    for article in ARTICLES:
        assert client.post("/v1/articles", json=article).status_code == 202
    return client


def listed(client: FlaskClient, **asked: Any) -> list[str]:
    answer = client.get("/v1/articles", query_string=asked)
    assert answer.status_code == 200, answer.get_json()
    return [article["source"] for article in answer.get_json()["articles"]]


def test_articles_are_listed_newest_first_without_their_texts(filled: FlaskClient) -> None:
    newest, *_ = filled.get("/v1/articles").get_json()["articles"]

    assert listed(filled) == ["herald.example", "uk.reuters.com", "Reuters"]
    assert (newest["published_at"], newest["published_on"]) == ("2025-07-04T04:00:00Z", "2025-07-03")
    assert "text" not in newest
    assert newest == {k: v for k, v in filled.get(newest["links"]["self"]).get_json().items() if k in newest}


@pytest.mark.parametrize(
    ("asked", "sources"),
    [
        ({"source": "Reuters"}, ["Reuters"]),
        ({"publisher": "reuters.com"}, ["uk.reuters.com", "Reuters"]),
        ({"publisher": "Reuters", "source": "Reuters"}, ["Reuters"]),
        ({"publisher": "*"}, []),
        ({"status": "pending,coded", "from": "2025-07-02"}, ["herald.example", "uk.reuters.com"]),
        ({"to": "2025-07-01"}, ["Reuters"]),
        ({"url": "https://herald.example/3"}, ["herald.example"]),
        ({"q": "envoy"}, ["uk.reuters.com", "Reuters"]),
        ({"q": "words"}, []),
    ],
)
def test_a_list_has_what_passes_every_filter(filled: FlaskClient, asked: dict[str, str], sources: list[str]) -> None:
    assert listed(filled, **asked) == sources


def test_links_lead_through_every_page_and_back(filled: FlaskClient) -> None:
    first = filled.get("/v1/articles?limit=2").get_json()
    second = filled.get(first["next"]).get_json()

    assert [article["source"] for article in second["articles"]] == ["Reuters"]
    assert second["next"] is None
    assert filled.get(second["prev"]).get_json()["articles"] == first["articles"]
    assert filled.get(first["next"].replace("limit=2", "limit=2&q=envoy")).status_code == 404


def test_an_unchanged_list_is_not_sent_again(filled: FlaskClient) -> None:
    tag = filled.get("/v1/articles").headers["ETag"]
    assert filled.get("/v1/articles", headers={"If-None-Match": tag}).status_code == 304


@pytest.mark.parametrize(
    ("asked", "status", "field"),
    [
        ({"status": "lost"}, 422, "status"),
        ({"from": "July"}, 422, "from"),
        ({"from": "2025-02-02", "to": "2025-02-01"}, 409, "to"),
        ({"limit": "501"}, 422, "limit"),
        ({"title": "x"}, 422, "title"),
    ],
)
def test_a_filter_that_cannot_be_used_is_named(
    empty_client: FlaskClient, asked: dict[str, str], status: int, field: str
) -> None:
    answer = empty_client.get("/v1/articles", query_string=asked)
    assert (answer.status_code, answer.get_json()["errors"][0]["field"]) == (status, field)

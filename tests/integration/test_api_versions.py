"""Corrected articles and notices of retraction over HTTP, coded by the bundled coder."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from entente.bootstrap.container import Container
from tests.conftest import ChosenClock

URL = "https://herald.example/2025/07/recognition"
OLD = "Kenya recognised Kosovo on Tuesday, the foreign ministry in Nairobi said. It followed two years of talks."
NEW = "Kenya condemned Kosovo on Tuesday, the foreign ministry in Nairobi said. It followed two years of talks."


@pytest.fixture
def posted(client: FlaskClient, container: Container, clock: ChosenClock) -> Callable[..., Any]:
    """`posted(text, …)`: submit an article, code it, and let an hour pass; the answer."""

    def post(text: str, code: bool = True, **more: str) -> Any:
        body = {"text": text, "url": URL, "source": "The Herald", "published_at": "2025-07-02", **more}
        answer = client.post("/v1/articles", json=body).get_json()
        if code:
            container.code_articles.run(answer["id"])
        clock.advance(hours=1)
        return answer

    return post


def recognition(client: FlaskClient, query: str = "") -> str:
    value: str = client.get(f"/v1/relations/KEN/XKX{query}").get_json()["facets"]["recognition"]["value"]
    return value


def test_a_changed_article_supersedes_the_old_one_once_it_is_coded(
    client: FlaskClient, container: Container, posted: Callable[..., Any]
) -> None:
    old = posted(OLD)["id"]
    new = posted(NEW, code=False)
    assert new["created"]
    assert recognition(client) == "recognised", "until the new version is read the old one stands"

    container.code_articles.run(new["id"])

    assert recognition(client) == "unknown"
    assert recognition(client, "?known_at=2025-07-04T12:30:00Z") == "recognised"
    before, after = (client.get(f"/v1/articles/{id}").get_json() for id in (old, new["id"]))
    assert (before["status"], before["superseded_by"], before["events"]) == ("superseded", new["id"], [])
    assert (after["status"], after["supersedes"], after["superseded_by"]) == ("coded", old, None)
    assert container.projector.verify() == []


def test_the_changes_feed_and_every_subscriber_are_told_why(
    client: FlaskClient, container: Container, posted: Callable[..., Any]
) -> None:
    old, new = posted(OLD)["id"], posted(NEW)["id"]

    told = [c for c in client.get("/v1/changes").get_json()["changes"] if c["article"] == new]

    assert {(c["reason"], c["supersedes"]) for c in told} == {("corrected", old)}
    assert [c["kind"] for c in told][-1] == "correction"
    assert ("recognition", "recognised", "unknown") in {(c["facet"], c["before"], c["after"]) for c in told}
    assert [c["article"] for c in client.get(f"/v1/articles/{old}").get_json()["changes"]][-1] == new


@pytest.mark.parametrize(
    "again",
    [
        OLD,
        OLD.upper(),
        f"  {OLD.replace('. ', '.  ')}\n\nRead more: ten photographs of Nairobi\n",
        f"{OLD}\nShare this article\nSign up to our newsletter",
    ],
)
def test_the_same_words_are_the_same_article(posted: Callable[..., Any], again: str) -> None:
    old = posted(OLD)["id"]
    assert posted(again) == {"id": old, "created": False, "links": {"self": f"/v1/articles/{old}"}}


def test_an_old_version_that_comes_late_changes_nothing(client: FlaskClient, posted: Callable[..., Any]) -> None:
    old, new = posted(OLD)["id"], posted(NEW)["id"]

    assert posted(OLD)["id"] == old

    assert recognition(client) == "unknown"
    assert client.get(f"/v1/articles/{new}").get_json()["superseded_by"] is None


def test_a_version_coded_before_the_one_that_it_supersedes_is_the_last_word(
    client: FlaskClient, container: Container, posted: Callable[..., Any]
) -> None:
    first = posted(OLD)["id"]
    second, third = (posted(text, code=False)["id"] for text in (NEW, OLD.replace("Tuesday", "Monday")))

    container.code_articles.run(third)
    assert container.code_articles.run(second) is None

    shown = [client.get(f"/v1/articles/{id}").get_json() for id in (first, second, third)]
    assert [(a["status"], a["supersedes"]) for a in shown] == [
        ("superseded", None),
        ("superseded", first),
        ("coded", second),
    ]
    assert recognition(client) == "recognised"
    assert container.projector.verify() == []


@pytest.mark.parametrize(
    "other",
    [
        {"source": "The Gazette"},
        {"url": "https://herald.example/2025/07/another"},
        {"text": "Chile expelled a diplomat of Peru.", "title": "Santiago acts"},
    ],
)
def test_another_publisher_address_or_subject_is_another_article(
    client: FlaskClient, posted: Callable[..., Any], other: dict[str, str]
) -> None:
    old = posted(OLD, title="Kenya recognises Kosovo")["id"]
    new = posted(**{"text": NEW, "title": "Kenya condemns Kosovo", **other})["id"]

    assert client.get(f"/v1/articles/{new}").get_json()["supersedes"] is None
    assert client.get(f"/v1/articles/{old}").get_json()["status"] == "coded"


def test_the_address_of_a_home_page_names_no_article(client: FlaskClient, posted: Callable[..., Any]) -> None:
    posted(OLD, url="https://herald.example/")
    new = posted(NEW, url="https://herald.example/")["id"]
    assert client.get(f"/v1/articles/{new}").get_json()["supersedes"] is None


def test_a_text_in_another_language_takes_nothing_back(client: FlaskClient, posted: Callable[..., Any]) -> None:
    posted(OLD)
    posted("Nous utilisons des cookies pour vous offrir la meilleure expérience. Acceptez les cookies de la page.")
    assert recognition(client) == "recognised"


def test_a_superseded_article_is_not_coded_again(client: FlaskClient, posted: Callable[..., Any]) -> None:
    old = posted(OLD)["id"]
    posted(NEW)
    answer = client.post(f"/v1/articles/{old}/recode")
    assert (answer.status_code, answer.get_json()["detail"]) == (
        409,
        "the article is superseded: it can't be coded again",
    )


NOTICE = f"Editor's note: this article has been retracted. {OLD}"


def open_proposals(client: FlaskClient) -> Any:
    return client.get("/v1/proposals").get_json()["proposals"]


def test_a_page_that_says_it_is_withdrawn_only_proposes_the_retraction(
    client: FlaskClient, posted: Callable[..., Any]
) -> None:
    old = posted(OLD)["id"]
    notice = posted(NOTICE)["id"]

    assert recognition(client) == "recognised"
    shown = client.get(f"/v1/articles/{notice}").get_json()
    assert (shown["status"], shown["reason"], shown["supersedes"]) == ("no_events", "notice", None)
    (proposal,) = open_proposals(client)
    assert (proposal["article"], proposal["notice"], proposal["status"]) == (old, notice, "open")
    assert proposal["sentence"] == "Editor's note: this article has been retracted."


@pytest.mark.parametrize(
    "notice",
    [
        {"text": f"The Herald has retracted its story. It was at {URL}, and its source could not be found."},
        {"text": "The article “Kenya recognises Kosovo” has been retracted after a review."},
        {"title": "RETRACTION: Kenya recognises Kosovo", "text": "The ministry denies that it ever said so."},
    ],
)
def test_a_notice_that_names_an_article_proposes_its_retraction(
    client: FlaskClient, posted: Callable[..., Any], notice: dict[str, str]
) -> None:
    old = posted(OLD, title="Kenya recognises Kosovo")["id"]
    posted(**{"url": "https://herald.example/notices/7", **notice})
    assert [p["article"] for p in open_proposals(client)] == [old]


def test_an_accepted_proposal_retracts_and_keeps_who_decided(
    client: FlaskClient, container: Container, posted: Callable[..., Any]
) -> None:
    old = posted(OLD)["id"]
    posted(NOTICE)
    (proposal,) = open_proposals(client)
    said = {"author": "A. Analyst", "reason": "The paper says so."}

    answer = client.post(f"/v1/proposals/{proposal['id']}/accept", json=said)

    assert answer.status_code == 200
    assert [event["act"] for event in answer.get_json()["outcome"]["gone"]] == ["recognise"]
    assert recognition(client) == "unknown"
    assert client.get(f"/v1/articles/{old}").get_json()["reason"] == "The paper says so."
    assert open_proposals(client) == []
    (kept,) = client.get("/v1/proposals?status=accepted").get_json()["proposals"]
    assert (kept["author"], kept["reason"]) == ("A. Analyst", "The paper says so.")
    last = client.get("/v1/changes").get_json()["changes"][-1]
    assert (last["kind"], last["reason"], last["article"]) == ("retraction", "retracted", old)
    assert client.post(f"/v1/proposals/{proposal['id']}/dismiss", json=said).status_code == 409
    assert container.projector.verify() == []


def test_a_dismissed_proposal_leaves_the_article_and_is_not_made_again(
    client: FlaskClient, posted: Callable[..., Any]
) -> None:
    posted(OLD)
    posted(NOTICE)
    (proposal,) = open_proposals(client)

    answer = client.post(f"/v1/proposals/{proposal['id']}/dismiss", json={"author": "A", "reason": "A forgery."})
    posted(NOTICE)

    assert (answer.status_code, answer.get_json()["outcome"]) == (200, None)
    assert recognition(client) == "recognised"
    assert open_proposals(client) == []
    assert client.get("/v1/proposals?status=all").get_json()["proposals"][0]["status"] == "dismissed"


def test_an_unknown_proposal_and_a_missing_author_are_refused(client: FlaskClient) -> None:
    nobody = "/v1/proposals/01980000-0000-7000-8000-000000000000"
    assert client.post(f"{nobody}/accept", json={"author": "A", "reason": "r"}).status_code == 404
    assert client.post(f"{nobody}/accept", json={"reason": "r"}).status_code == 422

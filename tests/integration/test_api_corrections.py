"""Retractions, recodes and previews over HTTP, on a real ledger."""

from collections.abc import Callable
from typing import Any

from flask.testing import FlaskClient

from entente.bootstrap.container import Container
from tests.conftest import ChosenClock
from tests.integration.conftest import RECOGNITION, TEXT, coded


def recognition_of(client: FlaskClient) -> str:
    value: str = client.get("/v1/relations/RUS/AFG").get_json()["facets"]["recognition"]["value"]
    return value


def moves(outcome: Any) -> set[tuple[str, str, str]]:
    return {(c["facet"], c["before"], c["after"]) for c in outcome["changes"]}


def test_a_retracted_article_takes_its_states_with_it_and_leaves_a_tombstone(
    client: FlaskClient, recognition: str
) -> None:
    assert recognition_of(client) == "recognised"

    answer = client.delete(f"/v1/articles/{recognition}?reason=the%20agency%20withdrew%20it")

    outcome = answer.get_json()
    assert answer.status_code == 200
    assert {event["act"] for event in outcome["gone"]} == {"recognise", "close_embassy"}
    assert ("recognition", "recognised", "unknown") in {
        (c["facet"], c["before"], c["after"]) for c in outcome["changes"]
    }
    assert recognition_of(client) == "unknown"
    report = client.get(f"/v1/articles/{recognition}").get_json()
    assert (report["status"], report["reason"], report["events"]) == ("retracted", "the agency withdrew it", [])
    last = client.get("/v1/changes").get_json()["changes"][-1]
    assert (last["kind"], last["article"], last["source"]) == ("retraction", recognition, None)


def test_what_was_known_before_the_retraction_can_still_be_asked(
    client: FlaskClient, recognition: str, clock: ChosenClock
) -> None:
    clock.advance(days=2)
    client.delete(f"/v1/articles/{recognition}?reason=wrong")

    then = client.get("/v1/relations/RUS/AFG?known_at=2025-07-05").get_json()

    assert then["facets"]["recognition"]["value"] == "recognised"


def test_retracting_again_changes_nothing(client: FlaskClient, recognition: str) -> None:
    client.delete(f"/v1/articles/{recognition}?reason=wrong")
    before = client.get("/v1/changes").get_json()

    again = client.delete(f"/v1/articles/{recognition}?reason=wrong")

    assert again.get_json() == {"reason": None, "come": [], "gone": [], "changes": []}
    assert client.get("/v1/changes").get_json() == before


def test_another_report_of_the_same_act_keeps_it(
    client: FlaskClient, recognition: str, told: Callable[..., str]
) -> None:
    told(RECOGNITION[:1], text=f"{TEXT} Said again by another.", publisher="Other Wire")

    client.delete(f"/v1/articles/{recognition}?reason=wrong")

    assert recognition_of(client) == "recognised"


def test_a_retraction_needs_a_reason(client: FlaskClient, recognition: str) -> None:
    assert client.delete(f"/v1/articles/{recognition}").status_code == 422
    assert client.delete(f"/v1/articles/{recognition}?reason=%20").status_code == 422


def test_a_recode_is_previewed_without_storing_anything_and_then_done(
    client: FlaskClient, container: Container, told: Callable[..., str]
) -> None:
    wrong = coded("sever_relations", "2025-07-03")
    article = told([wrong])

    seen = client.post(f"/v1/articles/{article}/recode?preview=true").get_json()

    assert [event["act"] for event in seen["gone"]] == ["sever_relations"]
    assert "recognise" in {event["act"] for event in seen["come"]}
    assert {c["facet"] for c in seen["changes"]} >= {"relations", "recognition"}
    assert client.get("/v1/relations/RUS/AFG").get_json()["facets"]["relations"]["value"] == "severed"

    taken = client.post(f"/v1/articles/{article}/recode")
    assert (taken.status_code, taken.headers["Location"]) == (202, f"/v1/articles/{article}")
    container.code_articles.run(article)
    assert recognition_of(client) == "recognised"
    assert client.get("/v1/relations/RUS/AFG").get_json()["facets"]["relations"]["value"] == "unknown"


def test_a_retracted_article_is_not_coded_again(client: FlaskClient, recognition: str) -> None:
    client.delete(f"/v1/articles/{recognition}?reason=wrong")

    for query in ("", "?preview=true"):
        answer = client.post(f"/v1/articles/{recognition}/recode{query}")
        assert (answer.status_code, answer.get_json()["detail"]) == (
            409,
            "the article is retracted: it can't be coded again",
        )


def test_a_text_is_tried_without_being_kept(client: FlaskClient, container: Container) -> None:
    article = {"text": "Kenya recognised Kosovo on Tuesday.", "published_at": "2025-07-03", "source": "x"}

    tried = client.post("/v1/code", json=article).get_json()

    assert [(e["source"]["key"], e["act"], e["target"]["key"]) for e in tried["come"]] == [("KEN", "recognise", "XKX")]
    assert ("recognition", "unknown", "recognised") in moves(tried)
    assert client.get("/v1/changes").get_json()["changes"] == []
    assert client.get("/v1/relations/KEN/XKX").get_json()["facets"]["recognition"]["value"] == "unknown"
    assert client.post("/v1/articles", json=article).status_code == 202


def test_a_trial_says_why_nothing_was_coded(client: FlaskClient) -> None:
    french = "Le président de la République a reçu hier le premier ministre du Japon dans la capitale de la France."

    assert client.post("/v1/code", json={"text": french}).get_json()["reason"] == "language"
    assert client.post("/v1/code", json={"url": "https://news.example/a"}).status_code == 422

"""Analysts' assertions and withdrawals over HTTP, on a real ledger."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient

from entente.bootstrap.container import Container
from tests.integration.conftest import RECOGNITION, TEXT, coded

ENTRY = {
    "source": "Kenya",
    "target": "XKX",
    "act": "recognise",
    "date": "2025-07-01",
    "author": "A. Analyst",
    "reason": "Official gazette, number 114",
    "reference": "https://gazette.example/114",
}
SIGNED = {"author": "A. Analyst", "reason": "The agency mistook the country"}


def recognition_of(client: FlaskClient, pair: str) -> Any:
    return client.get(f"/v1/relations/{pair}").get_json()["facets"]["recognition"]


def test_what_an_analyst_enters_moves_the_state_and_is_its_evidence(client: FlaskClient) -> None:
    made = client.post("/v1/assertions", json=ENTRY)

    assert made.status_code == 201
    entry = made.get_json()
    assert [(c["facet"], c["after"]) for c in entry["changes"]] == [("recognition", "recognised")]
    facet = recognition_of(client, "KEN/XKX")
    assert (facet["value"], facet["since"], facet["evidence"]) == ("recognised", "2025-07-01", [entry["event"]])
    [mention] = client.get(entry["links"]["event"]).get_json()["mentions"]
    assert mention["source"] == "analyst: A. Analyst"
    assert mention["quote"]["text"].endswith(ENTRY["reason"])
    [listed] = client.get("/v1/assertions").get_json()["assertions"]
    assert (listed["author"], listed["reference"]) == ("A. Analyst", ENTRY["reference"])


def test_an_entry_is_taken_back_like_any_article_and_never_coded(client: FlaskClient) -> None:
    article = client.post("/v1/assertions", json=ENTRY).get_json()["article"]

    assert client.post(f"/v1/articles/{article}/recode").status_code == 409
    assert client.delete(f"/v1/articles/{article}?reason=wrong").status_code == 200
    assert recognition_of(client, "KEN/XKX")["value"] == "unknown"


def test_an_event_that_an_analyst_withdraws_is_gone_and_stays_gone(
    client: FlaskClient, recognition: str, told: Callable[..., str]
) -> None:
    event = recognition_of(client, "RUS/AFG")["evidence"][0]

    made = client.post(f"/v1/events/{event}/withdraw", json=SIGNED)

    assert made.status_code == 201
    assert recognition_of(client, "RUS/AFG")["value"] == "unknown"
    told(RECOGNITION, text=f"{TEXT} Printed again.", publisher="Other Wire")
    assert recognition_of(client, "RUS/AFG")["value"] == "unknown"
    assert client.get(f"/v1/events/{event}").status_code == 404


def test_what_was_known_before_a_withdrawal_can_still_be_asked(
    client: FlaskClient, container: Container, recognition: str
) -> None:
    event = recognition_of(client, "RUS/AFG")["evidence"][0]
    container.clock.advance(days=2)  # type: ignore[attr-defined]  # the tests' clock
    client.post(f"/v1/events/{event}/withdraw", json=SIGNED)

    then = client.get("/v1/relations/RUS/AFG?known_at=2025-07-05").get_json()

    assert then["facets"]["recognition"]["value"] == "recognised"


def test_an_entry_is_checked(client: FlaskClient) -> None:
    assert client.post("/v1/assertions", json=ENTRY).status_code == 201
    for wrong, status in (
        ({}, 409),
        ({"target": "Kenya"}, 409),
        ({"source": "Atlantis"}, 404),
        ({"act": "sing"}, 422),
        ({"status": "negated"}, 422),
        ({"date": "2025-13-01"}, 422),
        ({"reason": " "}, 422),
        ({"author": None}, 422),
    ):
        assert client.post("/v1/assertions", json=ENTRY | wrong).status_code == status, wrong
    assert client.post("/v1/events/KEN.XKX.recognise.effective.1999/withdraw", json=SIGNED).status_code == 404
    assert client.post("/v1/events/nonsense/withdraw", json=SIGNED).status_code == 404


@pytest.mark.parametrize(
    ("when", "dated_by", "is_it"),
    [
        ("2025-07-03", "text", True),
        ("2025-07-03", "publication", True),
        # What is dated by its publication tells of the day before; a month, of the day in it.
        ("2025-07-04", "publication", True),
        ("2025-07", "text", True),
        ("2025-07-04", "text", False),
        ("2025-07-05", "publication", False),
        ("2025-06", "text", False),
        (None, "none", False),
    ],
)
def test_what_would_join_a_withdrawn_event_is_not_recorded_either(
    client: FlaskClient, told: Callable[..., str], when: str | None, dated_by: str, is_it: bool
) -> None:
    told([coded("sever_relations", "2025-07-03")])
    client.post("/v1/events/RUS.AFG.sever_relations.effective.2025-07-03/reject", json=SIGNED)

    told([replace(coded("sever_relations", when), dated_by=dated_by), coded("praise", "2025-07-01")], text="Later.")

    events = client.get("/v1/events?source=RUS").get_json()["events"]
    assert ("sever_relations" in {event["act"] for event in events}) is not is_it
    assert "praise" in {event["act"] for event in events}

"""Statuses of values over HTTP, and records of a past day that ignore later events."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from api.app import create_app
from entente.bootstrap.container import Container
from entente.services.ports.cache import CachedRelation
from tests.integration.conftest import coded

PAIR = "/v1/relations/RUS/AFG"
RECOGNISED, WITHDRAWN = "RUS.AFG.recognise.effective.2025-07-01", "RUS.AFG.withdraw_recognition.effective.2025-07-01"


@pytest.fixture
def dispute(told: Callable[..., str]) -> None:
    """Two publishers that contradict each other about 1 July 2025."""
    told([coded("recognise", "2025-07-01")], publisher="One")
    told([coded("withdraw_recognition", "2025-07-01")], text="Another text.", publisher="Other")


CANDIDATES = [
    {"value": "recognised", "n_sources": 1, "owners": ["one"], "evidence": [RECOGNISED]},
    {"value": "withdrawn", "n_sources": 1, "owners": ["other"], "evidence": [WITHDRAWN]},
]


def test_a_record_shows_a_dispute_with_every_candidate_and_who_says_so(client: FlaskClient, dispute: None) -> None:
    held = client.get(PAIR).get_json()["facets"]["recognition"]

    assert (held["status"], held["candidates"]) == ("disputed", CANDIDATES)


def test_history_why_and_diff_show_the_dispute(client: FlaskClient, dispute: None) -> None:
    [interval] = client.get(f"{PAIR}/history?facet=recognition").get_json()["intervals"]
    [reason] = client.get(f"{PAIR}/why?facet=recognition").get_json()["holding"]
    [found] = client.get(f"{PAIR}/diff?from=2025-06-01").get_json()["facets"]

    for shown in (interval, reason, found["to_interval"]):
        assert (shown["status"], shown["candidates"]) == ("disputed", CANDIDATES)
    assert {cause["event"]["id"] for cause in reason["because"]} == {RECOGNISED, WITHDRAWN}
    assert all(cause["rule"]["value"] in ("recognised", "withdrawn") for cause in reason["because"])


def test_what_is_not_disputed_has_no_candidates(client: FlaskClient, recognition: str) -> None:
    held = client.get(PAIR).get_json()["facets"]["recognition"]

    assert held["status"] == "effective"
    assert "candidates" not in held


def test_a_value_whose_time_ran_out_is_expired_in_the_history(client: FlaskClient, told: Callable[..., str]) -> None:
    told([coded("strike", "2024-01-01")])

    [interval] = client.get(f"{PAIR}/history?facet=conflict").get_json()["intervals"]
    assert (interval["status"], interval["ends"]) == ("expired", "expiry")
    [then] = client.get(f"{PAIR}/history?facet=conflict&as_of=2024-01-02").get_json()["intervals"]
    assert then["status"] == "effective"


def test_an_earlier_day_is_told_without_what_was_dated_later(client: FlaskClient, told: Callable[..., str]) -> None:
    told([coded("strike", "2025-06-01"), coded("strike", "2025-06-20"), coded("withdraw_recognition", "2025-07-02")])
    told([coded("recognise", "2025-06-01"), coded("recognise", "2025-06-20")], text="Another text.", publisher="Other")

    earlier = client.get(f"{PAIR}?as_of=2025-06-10").get_json()["facets"]

    for held, act in ((earlier["conflict"], "strike"), (earlier["recognition"], "recognise")):
        assert held["evidence"] == [f"RUS.AFG.{act}.effective.2025-06-01"]
        assert held["n_evidence"] == 1
    assert earlier["recognition"]["until"] is None
    later = client.get(f"{PAIR}?as_of=2025-06-30").get_json()["facets"]
    assert later["conflict"]["n_evidence"] == 2
    assert later["conflict"]["until"] > earlier["conflict"]["until"]


def test_every_view_of_an_earlier_day_agrees_with_its_record(client: FlaskClient, told: Callable[..., str]) -> None:
    told([coded("strike", day) for day in ("2025-05-01", "2025-06-01", "2025-07-01")])
    day = "as_of=2025-06-10"

    held = client.get(f"{PAIR}?{day}").get_json()["facets"]["conflict"]
    [interval] = client.get(f"{PAIR}/history?facet=conflict&{day}").get_json()["intervals"]
    [reason] = client.get(f"{PAIR}/why?facet=conflict&{day}").get_json()["holding"]
    [listed] = client.get(f"/v1/relations?source=RUS&{day}").get_json()["relations"]
    [known] = client.get(f"/v1/relations?source=RUS&{day}&known_at=2025-07-04").get_json()["relations"]

    assert held["n_evidence"] == 2
    assert listed["facets"]["conflict"] == known["facets"]["conflict"] == held
    for shown in (interval, reason):
        assert (shown["evidence"], shown["valid_to"]) == (held["evidence"], held["until"])


def test_who_has_seen_a_newer_state_than_the_cache_is_not_shown_the_older(
    container: Container, told: Callable[..., str]
) -> None:
    told([coded("recognise", "2025-07-01")])
    told([coded("withdraw_recognition", "2025-07-02")], text="Another text.")
    client = create_app(container).test_client()
    tag = client.get(PAIR).headers["ETag"]
    container.relations._cache = Behind()

    assert client.get(PAIR).headers["ETag"] != tag
    for path in (PAIR, "/v1/dyads/RUS/AFG"):
        seen = client.get(path, headers={"If-None-Match": tag})
        assert b"stale" not in seen.data
    assert client.get(PAIR, headers={"If-None-Match": f"W/{tag}"}).status_code == 304


def test_a_label_that_no_rule_gives_is_refused_with_those_that_there_are(client: FlaskClient) -> None:
    answer = client.get("/v1/relations?label=chummy")

    assert answer.status_code == 422
    assert "in armed conflict" in answer.get_json()["known"]
    assert answer.get_json()["errors"][0]["field"] == "label"


class Behind:
    """A StateCache that the projection has overtaken."""

    def get(self, source: str, target: str, as_of: object) -> CachedRelation:
        return CachedRelation(b'{"stale":true}', 1)

    def put(self, source: str, target: str, as_of: object, entry: CachedRelation) -> bool:
        return False

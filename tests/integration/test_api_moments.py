"""The clocks `as_of` and `known_at` over HTTP."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from entente.bootstrap.container import Container
from tests.conftest import ChosenClock
from tests.integration.conftest import coded

PAIR = "/v1/relations/RUS/AFG"
BEFORE = "2025-07-04T13:00:00Z"


@pytest.fixture
def learnt_twice(told: Callable[..., str], clock: ChosenClock) -> None:
    """A recognition is recorded at noon of 4 July 2025; its withdrawal that day, at two."""
    told([coded("recognise", "2025-07-03"), coded("close_embassy", "1992-08")])
    clock.advance(hours=2)
    told([coded("withdraw_recognition", "2025-07-04")], text="Another text.")


def recognition_of(record: dict[str, Any]) -> str:
    value: str = record["facets"]["recognition"]["value"]
    return value


def test_a_relation_is_told_as_it_was_known(client: FlaskClient, learnt_twice: None) -> None:
    now, then = client.get(PAIR).get_json(), client.get(f"{PAIR}?known_at={BEFORE}").get_json()

    assert (recognition_of(now), now["known_at"]) == ("withdrawn", None)
    assert (recognition_of(then), then["known_at"], then["version"]) == ("recognised", BEFORE, 0)
    assert (now["counts"]["events"], then["counts"]["events"]) == (3, 2)


def test_before_anything_was_recorded_nothing_was_known(client: FlaskClient, learnt_twice: None) -> None:
    record = client.get(f"{PAIR}?known_at=2025-07-04T11:59:59Z").get_json()

    assert record["counts"]["events"] == 0
    assert record["facets"]["mission"] == {"value": "unknown"}


def test_a_day_alone_means_its_end_and_today_means_now(client: FlaskClient, learnt_twice: None) -> None:
    assert client.get(f"{PAIR}?known_at=2025-07-03").get_json()["known_at"] == "2025-07-03T23:59:59.999999Z"
    today = client.get(f"{PAIR}?known_at=2025-07-04").get_json()
    assert (today["known_at"], recognition_of(today)) == ("2025-07-04T14:00:00Z", "withdrawn")


def test_the_clocks_are_asked_apart(client: FlaskClient, learnt_twice: None) -> None:
    record = client.get(f"{PAIR}?known_at={BEFORE}&as_of=2025-07-02").get_json()

    assert recognition_of(record) == "unknown"
    assert record["facets"]["mission"]["value"] == "closed"


def test_what_a_recode_retired_is_known_of_the_time_before_it(
    client: FlaskClient, container: Container, told: Callable[..., str], clock: ChosenClock
) -> None:
    article = told([coded("recognise", "2025-07-03")])
    clock.advance(hours=2)
    with container.ledger.write() as unit:
        for dyad in unit.mentions.retire(article, clock.now()):
            with container.projector.session(unit, [dyad]) as session:
                session.fold(article, clock.now())
        unit.commit()
    container.projector.refresh(session.versions)

    assert recognition_of(client.get(PAIR).get_json()) == "unknown"
    assert recognition_of(client.get(f"{PAIR}?known_at={BEFORE}").get_json()) == "recognised"


@pytest.mark.parametrize("what", ["history", "series", "why"])
def test_every_view_of_a_relation_takes_both_clocks(client: FlaskClient, learnt_twice: None, what: str) -> None:
    now = client.get(f"{PAIR}/{what}").get_json()
    then = client.get(f"{PAIR}/{what}?known_at={BEFORE}&as_of=2025-07-03").get_json()

    assert (then["known_at"], then["as_of"], now["known_at"], now["as_of"]) == (
        BEFORE,
        "2025-07-03",
        None,
        "2025-07-04",
    )
    assert "withdraw_recognition" in str(now) or now["series"][-1]["n"] == 2
    assert "withdraw_recognition" not in str(then)


def test_a_dyad_and_a_diff_are_told_as_they_were_known(client: FlaskClient, learnt_twice: None) -> None:
    dyad = client.get(f"/v1/dyads/AFG/RUS?known_at={BEFORE}").get_json()
    assert (recognition_of(dyad["b_to_a"]), dyad["known_at"]) == ("recognised", BEFORE)

    for known_at, after in ((BEFORE, "recognised"), ("2025-07-04", "withdrawn")):
        diff = client.get(f"{PAIR}/diff?from=2025-07-01&known_at={known_at}").get_json()
        assert [(d["facet"], d["before"], d["after"]) for d in diff["facets"]] == [("recognition", "unknown", after)]


def test_a_list_is_told_as_it_was_known_with_an_end_given(client: FlaskClient, learnt_twice: None) -> None:
    def listed(query: str) -> list[str]:
        shown = client.get(f"/v1/relations?{query}").get_json()["relations"]
        return [f"{r['source']['key']}>{r['target']['key']}" for r in shown]

    assert listed(f"source=RUS&known_at={BEFORE}&facet=recognition:recognised") == ["RUS>AFG"]
    assert listed(f"target=AF&known_at={BEFORE}") == ["RUS>AFG"]
    assert listed("source=RUS&facet=recognition:recognised") == []
    assert listed("source=RUS&known_at=2025-07-03") == []


def test_a_list_without_an_end_takes_no_known_at(client: FlaskClient) -> None:
    answer = client.get("/v1/relations?known_at=2025-07-01")

    assert answer.status_code == 422
    (error,) = answer.get_json()["errors"]
    assert error["field"] == "known_at"
    assert "source or a target" in error["detail"]


@pytest.mark.parametrize(
    ("query", "field", "told"),
    [
        ("as_of=2025-07-05", "as_of", "lies in the future: today is 2025-07-04"),
        ("as_of=2025-7-3", "as_of", "YYYY-MM-DD"),
        ("as_of=yesterday", "as_of", "YYYY-MM-DD"),
        ("known_at=2025-07-05", "known_at", "lies in the future"),
        ("known_at=2025-07-04T12:00:01Z", "known_at", "lies in the future"),
        ("known_at=2025-07-04T12:00:00", "known_at", "with an offset"),
        ("known_at=2025-07-04T10:00:00+02:00", "known_at", "%2B"),
        ("known_at=", "known_at", "YYYY-MM-DD"),
    ],
)
def test_a_moment_that_is_none_or_yet_to_come_is_refused_with_a_remedy(
    client: FlaskClient, query: str, field: str, told: str
) -> None:
    answer = client.get(f"{PAIR}?{query}")

    assert answer.status_code == 422
    (error,) = answer.get_json()["errors"]
    assert error["field"] == field
    assert told in error["detail"]

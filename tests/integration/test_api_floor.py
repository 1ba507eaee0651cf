"""What is unconfirmed over HTTP: shown, filtered, confirmed and rejected."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from flask.testing import FlaskClient

from entente.bootstrap.container import Container
from entente.bootstrap.doctor import examine
from entente.relations.dyads import Dyad
from entente.services.articles import ArticleDraft
from entente.services.ports.wants import Wants
from entente.services.subscriptions import wants
from tests.unit.builders import mention

PAIR = "/v1/relations/RUS/AFG"
SIGNED = {"author": "A. Analyst", "reason": "Read in the gazette"}
SEVERED = "RUS.AFG.sever_relations.effective.2025-07-02"

#: Reports an act as a coder of this version told it, with this confidence; the id of its event.
Report = Callable[..., str]


@pytest.fixture
def report(container: Container) -> Report:
    calibrated = max(container.codebook.calibrated)

    def record(act: str, when: str, confidence: float, publisher: str = "Herald", coder: str = calibrated) -> str:
        told = mention(act, when, confidence=confidence).event
        id = f"{act} {when} {publisher}"
        at = datetime(2025, 7, 4, tzinfo=UTC)
        with container.ledger.write() as unit:
            unit.articles.add(ArticleDraft(publisher, text=id, published_at=at), f"hash of {id}", id, at)
            article = unit.articles.get(id)
            assert article
            with container.projector.session(unit, [Dyad("AFG", "RUS")]) as session:
                unit.mentions.record(article, [told], coder, session.at)
                session.fold(id, session.at)
            unit.commit()
        container.projector.outdate(session.versions)
        return f"RUS.AFG.{act}.effective.{when}"

    return record


@pytest.fixture
def doubted(report: Report) -> str:
    """Relations that were established, and then severed by a report that is not sure enough; that one's event."""
    report("establish_relations", "2024-01-01", 0.9)
    return report("sever_relations", "2025-07-02", 0.3)


def relations_of(client: FlaskClient) -> Any:
    return client.get(PAIR).get_json()["facets"]["relations"]


def relations_of_on(client: FlaskClient, day: str) -> Any:
    return client.get(f"{PAIR}?as_of={day}").get_json()["facets"]["relations"]


def test_an_unconfirmed_ending_is_shown_beside_the_value_that_it_leaves(client: FlaskClient, doubted: str) -> None:
    facet = relations_of(client)

    assert (facet["value"], facet["status"], facet["change_unconfirmed"]) == ("established", "effective", "2025-07-02")
    unsure = facet["unconfirmed"]
    assert (unsure["value"], unsure["status"], unsure["evidence"]) == ("severed", "unconfirmed", [doubted])
    before = client.get(f"{PAIR}?as_of=2025-07-01").get_json()["facets"]["relations"]
    assert (before["value"], "change_unconfirmed" in before, "unconfirmed" in before) == ("established", False, False)


def test_an_unconfirmed_ending_that_is_likelier_than_not_leaves_nothing_known(
    client: FlaskClient, report: Report
) -> None:
    report("establish_relations", "2024-01-01", 0.9)
    event = report("sever_relations", "2025-07-02", 0.6)

    facet = relations_of(client)
    assert (facet["value"], facet["unconfirmed"]["value"]) == ("unknown", "severed")
    assert relations_of_on(client, "2025-07-01")["value"] == "established"
    told = client.get(f"{PAIR}/history?facet=relations").get_json()["intervals"]
    assert [(i["value"], i["status"], i["valid_to"], i["ends"]) for i in told] == [
        ("established", "effective", "2025-07-02", "unconfirmed"),
        ("severed", "unconfirmed", None, ""),
    ]
    feed = client.get("/v1/changes?limit=1000").get_json()["changes"]
    ended = [c for c in feed if (c["source"], c["before"], c["after"]) == ("RUS", "established", "unknown")]
    assert [(c["effective_on"], c["event"]) for c in ended] == [("2025-07-02", event)]
    page = client.get("/relations/RUS/AFG?as_of=2025-07-03&compare=2025-07-01").get_data(as_text=True)
    assert page.count("an unconfirmed report") == 1


def test_what_is_unconfirmed_is_no_last_change(client: FlaskClient, doubted: str) -> None:
    assert client.get(PAIR).get_json()["last_change"] == "2024-01-01"
    assert client.get("/v1/relations?source=RUS&changed_since=2025-01-01").get_json()["relations"] == []


def test_the_history_shows_it_unless_it_is_left_out(client: FlaskClient, doubted: str) -> None:
    def told(choice: str) -> list[tuple[str, str, str | None]]:
        found = client.get(f"{PAIR}/history?facet=relations&unconfirmed={choice}").get_json()["intervals"]
        return [(i["value"], i["status"], i.get("change_unconfirmed")) for i in found]

    sure, unsure = ("established", "effective", "2025-07-02"), ("severed", "unconfirmed", None)
    assert (told("include"), told("exclude"), told("only")) == ([sure, unsure], [sure], [unsure])


def test_the_reasons_quote_what_is_not_confirmed(client: FlaskClient, doubted: str) -> None:
    why = client.get(f"{PAIR}/why?facet=relations").get_json()

    assert [(r["value"], r["change_unconfirmed"]) for r in why["holding"]] == [("established", "2025-07-02")]
    [reason] = why["unconfirmed"]
    assert reason["because"][0]["event"]["mentions"][0]["quote"]["text"] == "words"
    assert reason["because"][0]["rule"]["value"] == "severed"
    assert client.get(f"{PAIR}/why?facet=relations&unconfirmed=exclude").get_json()["unconfirmed"] == []


def test_events_say_whether_they_are_confirmed_and_are_filtered_by_it(
    client: FlaskClient, doubted: str, report: Report
) -> None:
    report("praise", "2025-07-01", 0.1)
    report("recognise", "2025-07-01", 0.1, coder="remote:model")

    def told(choice: str) -> dict[str, bool]:
        found = client.get(f"/v1/events?unconfirmed={choice}").get_json()["events"]
        return {event["act"]: event["unconfirmed"] for event in found}

    sure = {"establish_relations": False, "praise": False, "recognise": False}
    assert told("only") == {"sever_relations": True}
    assert told("exclude") == sure
    assert told("include") == sure | {"sever_relations": True}
    assert client.get("/v1/events?unconfirmed=perhaps").get_json()["errors"][0]["field"] == "unconfirmed"


def test_relations_are_listed_by_whether_a_change_of_them_is_unconfirmed(client: FlaskClient, doubted: str) -> None:
    def found(query: str) -> list[str]:
        return [r["target"]["key"] for r in client.get(f"/v1/relations?source=RUS&{query}").get_json()["relations"]]

    assert found("facet=relations:established") == ["AFG"]
    assert found("facet=relations:established&change_unconfirmed=exclude") == []
    assert found("change_unconfirmed=only") == ["AFG"]
    assert found("facet=relations:unconfirmed") == ["AFG"]
    assert found("facet=relations:severed") == []


def test_tables_have_it_in_columns_of_its_own(client: FlaskClient, doubted: str) -> None:
    [_, row] = client.get("/v1/relations?source=RUS&format=csv").get_data(as_text=True).splitlines()
    assert row.endswith("relations=severed,relations=2025-07-02")
    lines = client.get("/v1/events?format=csv&unconfirmed=only").get_data(as_text=True).splitlines()
    assert [line.split(",")[-1] for line in lines] == ["unconfirmed", "1"]


def test_a_confirmed_event_moves_the_facet_and_the_feed_says_so(client: FlaskClient, doubted: str) -> None:
    last = client.get("/v1/changes?limit=1000").get_json()["next"]

    made = client.post(f"/v1/events/{doubted}/confirm", json=SIGNED)

    assert made.status_code == 201
    assert (made.get_json()["kind"], made.get_json()["event"]) == ("confirm", doubted)
    facet = relations_of(client)
    assert (facet["value"], facet["status"], "unconfirmed" in facet) == ("severed", "effective", False)
    assert client.get(f"/v1/events/{doubted}").get_json()["unconfirmed"] is False
    new = client.get(f"/v1/changes?after={last}").get_json()["changes"]
    told = [(c["status"], c["before"], c["after"], c["confirmed"]) for c in new if c["source"] == "RUS"]
    assert told == [("effective", "established", "severed", True), ("unconfirmed", "severed", "unknown", False)]
    sure = client.get(f"/v1/changes?after={last}&unconfirmed=exclude").get_json()["changes"]
    assert {c["status"] for c in sure} == {"effective"}


def test_a_confirmation_is_taken_back_with_its_article(client: FlaskClient, doubted: str) -> None:
    article = client.post(f"/v1/events/{doubted}/confirm", json=SIGNED).get_json()["article"]
    assert client.delete(f"/v1/articles/{article}?reason=wrong").status_code == 200
    assert relations_of(client)["value"] == "established"
    assert client.post(f"/v1/events/{doubted}/confirm", json=SIGNED).status_code == 409


def test_a_rejected_event_is_gone_and_the_value_is_no_longer_doubted(client: FlaskClient, doubted: str) -> None:
    assert client.post(f"/v1/events/{doubted}/reject", json=SIGNED).status_code == 201
    facet = relations_of(client)
    assert (facet["value"], "change_unconfirmed" in facet) == ("established", False)
    assert client.get(f"/v1/events/{doubted}").status_code == 404
    assert client.post(f"/v1/events/{doubted}/confirm", json=SIGNED).status_code == 404


def test_a_list_is_decided_as_a_whole_or_not_at_all(client: FlaskClient, doubted: str, report: Report) -> None:
    recalled = report("recall_ambassador", "2025-07-03", 0.2)
    gone = "RUS.AFG.strike.effective.2025-07-03"

    for lists, status, field in (
        ({"confirm": [doubted, gone]}, 404, "confirm.1"),
        ({"reject": ["nonsense"]}, 404, "reject.0"),
        ({"confirm": [doubted], "reject": [doubted]}, 409, "reject.0"),
        ({}, 422, "confirm"),
        ({"confirm": []}, 422, "confirm"),
    ):
        refused = client.post("/v1/assertions/decisions", json=SIGNED | lists)
        assert (refused.status_code, refused.get_json()["errors"][0]["field"]) == (status, field)
    assert relations_of(client)["value"] == "established"

    made = client.post("/v1/assertions/decisions", json=SIGNED | {"confirm": [doubted], "reject": [recalled]})
    assert made.status_code == 201
    assert [(a["kind"], a["event"]) for a in made.get_json()["assertions"]] == [
        ("confirm", doubted),
        ("reject", recalled),
    ]
    assert relations_of(client)["value"] == "severed"
    assert client.get(f"/v1/events/{recalled}").status_code == 404


def test_subscribers_are_told_of_unconfirmed_values_only_if_they_ask(container: Container, doubted: str) -> None:
    feed = container.lookups.changes()
    assert {c.change.standing for c in feed if wants(Wants(historic=True), c)} == {"held"}
    every = {c.change.standing for c in feed if wants(Wants(historic=True, unconfirmed=True), c)}
    assert every == {"held", "unconfirmed"}


def test_the_codebook_lists_the_floors(client: FlaskClient) -> None:
    book = client.get("/v1/codebook").get_json()
    families = {"diplomatic", "heads_of_mission", "force_and_peace", "economic", "aid", "agreements", "mobility"}
    assert {f["family"] for f in book["floors"]} == families
    assert sorted(name for f in book["floors"] for name in f["facets"]) == sorted(f["name"] for f in book["facets"])


def test_doctor_counts_mentions_to_which_no_floor_applies(container: Container, report: Report) -> None:
    def told() -> tuple[str, str]:
        [found] = [f for f in examine(container) if f.check == "confidence"]
        return found.verdict, found.detail

    report("recognise", "2025-07-02", 0.9)
    assert told() == ("ok", "the floor applies to every mention that a coder made")
    report("recognise", "2025-07-01", 0.2, coder="2026.4")
    report("praise", "2025-07-01", 0.2, coder="2026.4")
    verdict, detail = told()
    assert verdict == "warning"
    assert "1 by coder 2026.4" in detail

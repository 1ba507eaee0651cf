"""Series, reasons, differences and lists of relations over HTTP."""

import csv
import io
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.integration.conftest import TEXT, coded

PAIR = "/v1/relations/RUS/AFG"


def test_a_series_counts_each_month_and_scores_its_end(client: FlaskClient, told: Callable[..., str]) -> None:
    told([coded("praise", "2025-05-02"), coded("condemn", "2025-05-20"), coded("visit", "2025-07-01")])
    told([coded("visit", "2025-07")], text="Another text.")

    found = client.get(f"{PAIR}/series?interval=month").get_json()

    assert [(b["from"], b["to"], b["n"]) for b in found["series"]] == [
        ("2025-05-01", "2025-05-31", 2),
        ("2025-06-01", "2025-06-30", 0),
        ("2025-07-01", "2025-07-04", 1),
    ]
    may, june, july = found["series"]
    assert (may["by_quad"]["verbal_cooperation"], may["by_quad"]["verbal_conflict"]) == (1, 1)
    assert (june["mean_intensity"], june["n_mentions"]) == (None, 0)
    assert july["score"] == client.get(PAIR).get_json()["score"]
    assert may["score"] == client.get(f"{PAIR}?as_of=2025-05-31").get_json()["score"]


def test_series_and_lists_count_only_what_happened_and_tell_the_rest_apart(
    client: FlaskClient, told: Callable[..., str]
) -> None:
    told([replace(coded("invade", "2025-07-01"), status="threatened"), coded("visit", "2025-07-01")])

    (july,) = client.get(f"{PAIR}/series?interval=month").get_json()["series"]
    (bucket,) = csv.DictReader(io.StringIO(client.get(f"{PAIR}/series?interval=month&format=csv").text))
    (row,) = csv.DictReader(io.StringIO(client.get("/v1/relations?source=RUS&format=csv").text))
    (listed,) = client.get("/v1/relations?source=RUS").get_json()["relations"]
    (stance,) = client.get("/v1/countries/RUS/relations").get_json()["relations"]

    assert (july["n"], july["n_mentions"], july["n_unfulfilled"]) == (1, 1, 1)
    assert [bucket[name] for name in ("n_events", "n_mentions", "n_unfulfilled")] == ["1", "1", "1"]
    assert [row[name] for name in ("n_events", "n_mentions", "n_unfulfilled")] == ["1", "1", "1"]
    assert [listed["counts"][name] for name in ("events", "mentions", "unfulfilled")] == [1, 1, 1]
    assert (stance["own"]["n_events"], stance["own"]["n_unfulfilled"]) == (1, 1)


def test_a_country_is_shown_with_whom_it_has_only_unfulfilled_acts(
    client: FlaskClient, told: Callable[..., str]
) -> None:
    told([replace(coded("praise", "2025-07-01"), status="announced")])

    (stance,) = client.get("/v1/countries/RUS/relations").get_json()["relations"]

    assert (stance["own"]["n_events"], stance["own"]["n_unfulfilled"]) == (0, 1)


@pytest.mark.parametrize(("interval", "n"), [("day", 65), ("week", 10), ("month", 3), ("year", 1)])
def test_a_series_leaves_no_part_out(client: FlaskClient, told: Callable[..., str], interval: str, n: int) -> None:
    told([coded("visit", "2025-05-01"), coded("praise", "2025-06")])

    found = client.get(f"{PAIR}/series?interval={interval}").get_json()

    assert len(found["series"]) == n
    assert sum(part["n"] for part in found["series"]) + found["n_coarser"] == 2


def test_a_series_begins_where_it_is_told_to(client: FlaskClient, recognition: str) -> None:
    found = client.get(f"{PAIR}/series?interval=year&from=2020-05-05").get_json()

    assert [part["from"][:4] for part in found["series"]] == ["2020", "2021", "2022", "2023", "2024", "2025"]
    assert found["n_before"] == 1


def test_a_long_series_by_day_begins_late_and_says_how_much_it_left_out(client: FlaskClient, recognition: str) -> None:
    found = client.get(f"{PAIR}/series?interval=day").get_json()

    assert (len(found["series"]), found["series"][-1]["to"], found["n_before"]) == (1000, "2025-07-04", 1)


@pytest.mark.parametrize("facet", ["recognition", None])
def test_why_leads_from_the_value_to_the_article(client: FlaskClient, recognition: str, facet: str | None) -> None:
    found = client.get(f"{PAIR}/why", query_string={"facet": facet} if facet else {}).get_json()

    value = next(reason for reason in found["holding"] if reason["facet"] == "recognition")
    (cause,) = value["because"]
    assert value["value"] == cause["rule"]["value"] == "recognised"
    assert cause["rule"]["rule"] == "recognise→recognition"
    assert value["rule"].startswith("recognise→recognition@")
    assert cause["event"]["id"] in value["evidence"]
    (mention,) = cause["event"]["mentions"]
    assert mention["quote"]["text"] == TEXT[mention["quote"]["start"] : mention["quote"]["end"]]
    (article,) = found["articles"]
    assert article["id"] == mention["article"] == recognition
    assert client.get(article["links"]["self"]).status_code == 200
    assert ("mission" in str(found)) == (facet is None)


def test_why_says_what_ended_and_what_was_never_known(client: FlaskClient, told: Callable[..., str]) -> None:
    told([coded("threaten_force", "2020-03-01")])

    found = client.get(f"{PAIR}/why?facet=conflict").get_json()

    assert found["holding"] == []
    (ended,) = found["ended"]
    assert (ended["value"], ended["ends"]) == ("threat_of_force", "expiry")
    assert ended["because"][0]["rule"]["lasts_days"]
    assert client.get(f"{PAIR}/why?facet=aid").get_json()["unknown"] == ["aid"]


def test_a_diff_names_what_changed_by_which_events(client: FlaskClient, recognition: str) -> None:
    diff = client.get(f"{PAIR}/diff?from=2025-07-02&to=2025-07-03").get_json()

    (change,) = diff["facets"]
    assert (change["facet"], change["before"], change["after"]) == ("recognition", "unknown", "recognised")
    assert change["from_interval"] is None
    assert change["to_interval"]["evidence"] == [event["id"] for event in diff["events"]]
    assert diff["net_change"] == round(diff["after"]["score"]["net"] - diff["before"]["score"]["net"], 2)
    same = client.get(f"{PAIR}/diff?from=2025-07-03&to=2025-07-03").get_json()
    assert (same["facets"], same["events"], same["net_change"]) == ([], [], 0.0)


@pytest.mark.parametrize(
    ("path", "status", "field"),
    [
        ("diff", 422, "from"),
        ("diff?from=2025-07-03&to=2025-07-02", 409, "to"),
        ("diff?from=2025-07-01&to=2025-07-05", 422, "as_of"),
        ("diff?from=july", 422, "from"),
        ("series?interval=decade", 422, "interval"),
        ("series?from=2025-07-04&as_of=2025-07-03", 409, "from"),
        ("series?interval=day&from=1900-01-01", 409, "from"),
        ("why?facet=friendship", 422, "facet"),
        ("history?facet=friendship", 422, "facet"),
    ],
)
def test_what_can_not_be_asked_is_refused_with_the_parameter_at_fault(
    client: FlaskClient, path: str, status: int, field: str
) -> None:
    answer = client.get(f"{PAIR}/{path}")

    assert (answer.status_code, answer.content_type) == (status, "application/problem+json")
    assert [error["field"] for error in answer.get_json()["errors"]] == [field]


@pytest.mark.parametrize("what", ["", "/history", "/series", "/why", "/diff?from=2025-07-01"])
def test_every_view_answers_304_to_its_own_tag(client: FlaskClient, recognition: str, what: str) -> None:
    tag = client.get(PAIR + what).headers["ETag"]

    assert client.get(PAIR + what, headers={"If-None-Match": tag}).status_code == 304


@pytest.fixture
def several(told: Callable[..., str]) -> None:
    told(
        [
            coded("recognise", "2025-07-03"),
            coded("sever_relations", "2025-06-01", source="IRN", target="FRA"),
            coded("impose_sanctions", "2025-06-02", source="FRA", target="IRN"),
            coded("praise", "2025-07-01", source="CHN", target="PAK"),
        ]
    )


def listed(client: FlaskClient, **query: Any) -> list[str]:
    shown = client.get("/v1/relations", query_string=query).get_json()["relations"]
    return [f"{record['source']['key']}>{record['target']['key']}" for record in shown]


def test_the_list_has_every_direction_of_which_anything_is_known(client: FlaskClient, several: None) -> None:
    assert listed(client) == ["CHN>PAK", "FRA>IRN", "IRN>FRA", "RUS>AFG"]
    assert client.get("/v1/relations?source=RUS").get_json()["relations"] == [client.get(PAIR).get_json()]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"source": "cow:220"}, ["FRA>IRN"]),
        ({"target": "France"}, ["IRN>FRA"]),
        ({"source": "FRA", "target": "RUS"}, []),
        ({"facet": "recognition"}, ["RUS>AFG"]),
        ({"facet": "recognition:recognised"}, ["RUS>AFG"]),
        ({"facet": "recognition:recognised", "as_of": "2025-07-02"}, []),
        ({"facet": "sanctions:in_force"}, ["FRA>IRN"]),
        ({"facet": "relations:severed"}, ["FRA>IRN", "IRN>FRA"]),
        ({"label": "relations severed", "source": "IRN"}, ["IRN>FRA"]),
        ({"min_score": "0.1"}, ["CHN>PAK", "RUS>AFG"]),
        ({"max_score": "-0.1"}, ["FRA>IRN", "IRN>FRA"]),
        ({"changed_since": "2025-07-03"}, ["RUS>AFG"]),
        ({"changed_since": "2025-07-04"}, []),
        ({"as_of": "2025-06-01"}, ["FRA>IRN", "IRN>FRA"]),
    ],
)
def test_each_filter_of_the_list_leaves_what_it_names(
    client: FlaskClient, several: None, query: dict[str, str], expected: list[str]
) -> None:
    assert listed(client, **query) == expected


def test_the_list_is_walked_both_ways(client: FlaskClient, several: None) -> None:
    first = client.get("/v1/relations?limit=3")
    second = client.get(first.get_json()["next"])
    assert 'rel="next"' in first.headers["Link"]
    assert 'rel="prev"' in second.headers["Link"]
    assert len(second.get_json()["relations"]) == 1
    back = client.get(second.get_json()["prev"]).get_json()
    assert back["relations"] == first.get_json()["relations"]
    assert back["prev"] is None


@pytest.mark.parametrize(
    ("query", "status", "known"),
    [
        ({"facet": "friendship"}, 422, "recognition"),
        ({"facet": "recognition:adored"}, 422, "recognised"),
        ({"facet": "recognition:"}, 422, "recognised"),
        ({"source": "Atlantis"}, 404, None),
        ({"min_score": "2", "max_score": "1"}, 409, None),
        ({"cursor": "W10"}, 404, None),
    ],
)
def test_a_filter_of_the_list_that_is_wrong_is_refused_with_what_is_known(
    client: FlaskClient, query: dict[str, str], status: int, known: str | None
) -> None:
    answer = client.get("/v1/relations", query_string=query)

    assert answer.status_code == status
    assert known is None or known in answer.get_json()["known"]


def test_a_country_is_shown_with_everyone_both_ways(client: FlaskClient, several: None) -> None:
    found = client.get("/v1/countries/FR/relations").get_json()

    (iran,) = found["relations"]
    assert (found["country"]["key"], iran["country"]["key"]) == ("FRA", "IRN")
    assert iran["own"]["facets"]["sanctions"] == {"other": "in_force"}
    assert iran["theirs"]["facets"]["relations"] == iran["own"]["facets"]["relations"] == "severed"
    assert client.get("/v1/countries/FRA/relations?as_of=2025-05-31").get_json()["relations"] == []


def test_the_list_streams_as_csv_and_ndjson(client: FlaskClient, several: None) -> None:
    rows = list(csv.DictReader(io.StringIO(client.get("/v1/relations?format=csv").get_data(as_text=True))))
    streamed = client.get("/v1/relations?source=RUS", headers={"Accept": "application/x-ndjson"})

    assert [f"{row['source']}>{row['target']}" for row in rows] == listed(client)
    (line,) = map(json.loads, streamed.data.splitlines())
    assert (line["recognition"], line["sanctions"], line["n_events"]) == ("recognised", "unknown", 1)
    assert {row["sanctions"] for row in rows} == {"unknown", "other=in_force"}
    assert len(client.get("/v1/relations?format=ndjson&limit=2").data.splitlines()) == 2


def test_rare_relations_are_found_over_pages_that_look_at_no_more_than_they_may(
    client: FlaskClient, several: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("entente.services.reading.relation_lists.MAX_EXAMINED", 1)

    url, seen, pages = "/v1/relations?label=cordial", [], 0
    while url:
        page = client.get(url).get_json()
        seen += [record["source"]["key"] for record in page["relations"]]
        url, pages = page["next"], pages + 1

    assert (seen, pages) == (["RUS"], 5)

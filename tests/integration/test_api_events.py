"""Events, changes and the codebook over HTTP."""

import csv
import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from entente.bootstrap.container import Container
from tests.conftest import ChosenClock
from tests.integration.conftest import OTHER_WORDS, RECOGNITION, TEXT, coded


def ids(client: FlaskClient, **filters: str) -> list[str]:
    answer = client.get("/v1/events", query_string={name.rstrip("_"): value for name, value in filters.items()})
    assert answer.status_code == 200, answer.get_json()
    return [event["id"] for event in answer.get_json()["events"]]


def test_the_list_is_newest_first_and_in_the_fields_terms(client: FlaskClient, recognition: str) -> None:
    first, second = client.get("/v1/events").get_json()["events"]

    assert (first["id"], second["id"]) == (
        "RUS.AFG.recognise.effective.2025-07-03",
        "RUS.AFG.close_embassy.effective.1992-08",
    )
    assert first["source"] == {"key": "RUS", "name": "Russia"}
    assert (first["act"], first["status"], first["cameo"], first["root"], first["quad"]) == (
        "recognise",
        "effective",
        "054",
        "SUPPORT",
        1,
    )
    assert (second["date"], second["precision"]) == ("1992-08", "month")
    assert (first["n_mentions"], first["n_sources"]) == (1, 1)
    assert "mentions" not in first


def test_each_filter_leaves_what_it_names(client: FlaskClient, told: Callable[..., str], recognition: str) -> None:
    other = told([coded("visit", "2025-07-01", source="AFG", target="PAK")], text=TEXT + " More.")
    recognise, close, visit = (
        "RUS.AFG.recognise.effective.2025-07-03",
        "RUS.AFG.close_embassy.effective.1992-08",
        "AFG.PAK.visit.effective.2025-07-01",
    )

    assert ids(client) == [recognise, visit, close]
    assert ids(client, source="Russia") == [recognise, close]
    assert ids(client, target="PK") == [visit]
    assert ids(client, source="RUS", target="PAK") == []
    assert ids(client, act="recognise,visit") == [recognise, visit]
    assert ids(client, status="effective") == [recognise, visit, close]
    assert ids(client, status="threatened,denied") == []
    assert ids(client, from_="2025-07-01", to="2025-07-02") == [visit]
    assert ids(client, to="1992-08-01") == [close]
    assert ids(client, article=other) == [visit]
    assert ids(client, min_confidence="0.9") == [recognise, visit, close]
    assert ids(client, min_confidence="0.95") == []


def test_the_pages_of_a_list_hold_each_event_once(client: FlaskClient, told: Callable[..., str]) -> None:
    told([coded("visit", f"2025-06-{day:02}") for day in range(1, 12)])
    whole = ids(client, act="visit", limit="500")
    assert len(whole) == 11

    paged: list[str] = []
    url = "/v1/events?act=visit&limit=4"
    pages = 0
    while url:
        answer = client.get(url)
        paged += [event["id"] for event in answer.get_json()["events"]]
        url = answer.get_json()["next"]
        before = answer.get_json()["prev"]
        links = [f'<{link}>; rel="{rel}"' for link, rel in ((url, "next"), (before, "prev")) if link]
        assert answer.headers["Link"] == ", ".join(links)
        pages += 1

    assert (pages, paged) == (3, whole)

    back: list[str] = []
    while before:
        answer = client.get(before).get_json()
        back = [event["id"] for event in answer["events"]] + back
        assert answer["next"]
        before = answer["prev"]
    assert back == whole[:8]


def test_events_that_arrive_meanwhile_move_no_page(client: FlaskClient, told: Callable[..., str]) -> None:
    told([coded("visit", f"2025-06-{day:02}") for day in range(1, 5)])
    first = client.get("/v1/events?limit=2").get_json()
    told([coded("meet", "2025-06-30")], text="Another text.")

    second = client.get(first["next"]).get_json()

    assert [event["date"] for event in first["events"] + second["events"]] == [
        "2025-06-04",
        "2025-06-03",
        "2025-06-02",
        "2025-06-01",
    ]


def test_a_cursor_holds_only_for_the_list_that_gave_it(client: FlaskClient, told: Callable[..., str]) -> None:
    told([coded("visit", f"2025-06-{day:02}") for day in range(1, 5)])
    cursor = client.get("/v1/events?limit=2").get_json()["next"].partition("cursor=")[2]

    assert client.get(f"/v1/events?limit=1&cursor={cursor}").status_code == 200
    for path in ("/v1/events?act=visit&cursor=", "/v1/relations/RUS/AFG/history?cursor="):
        answer = client.get(path + cursor)
        assert answer.status_code == 404
        assert answer.get_json()["type"] == "/problems/unknown-page"


@pytest.mark.parametrize(
    "cursor",
    ["a", "W10", "e30", "bnVsbA", "WzEsMl0", "W10W10", "A" * 600, "WyIwMDAwMDAwMDAwMDAwMDAwIiwiMjAyNS0wNy0wMyIsIngiXQ"],
)
def test_a_forged_cursor_names_no_page(empty_client: FlaskClient, cursor: str) -> None:
    answer = empty_client.get("/v1/events", query_string={"cursor": cursor})

    assert (answer.status_code, answer.content_type) == (404, "application/problem+json")


@pytest.mark.parametrize("cursor", ["", "ä", "a b", "A" * 601, "\0"])
def test_what_is_no_cursor_at_all_is_refused(empty_client: FlaskClient, cursor: str) -> None:
    assert empty_client.get("/v1/events", query_string={"cursor": cursor}).status_code == 422


@pytest.mark.parametrize(
    ("asked", "status", "field"),
    [
        ({"act": "befriend"}, 422, "act"),
        ({"act": ""}, 422, "act"),
        ({"status": "possible"}, 422, "status"),
        ({"from": "2025-13-01"}, 422, "from"),
        ({"to": "2025"}, 422, "to"),
        ({"from": "2025-02-02", "to": "2025-02-01"}, 409, "to"),
        ({"article": "mine"}, 422, "article"),
        ({"min_confidence": "1.1"}, 422, "min_confidence"),
        ({"min_confidence": "nan"}, 422, "min_confidence"),
        ({"min_confidence": "1_0"}, 422, "min_confidence"),
        ({"limit": "0"}, 422, "limit"),
        ({"limit": "501"}, 422, "limit"),
        ({"limit": "1e2"}, 422, "limit"),
        ({"limit": "٣"}, 422, "limit"),
        ({"limit": "9" * 5000}, 422, "limit"),
        ({"colour": "red"}, 422, "colour"),
        ({"limit": ["1", "2"]}, 422, "limit"),
        ({"source": " "}, 422, "source"),
    ],
)
def test_a_filter_that_is_wrong_is_named(
    empty_client: FlaskClient, asked: dict[str, Any], status: int, field: str
) -> None:
    answer = empty_client.get("/v1/events", query_string=asked)

    assert answer.status_code == status
    assert [error["field"] for error in answer.get_json()["errors"]] == [field]


def test_an_unknown_country_in_a_filter_is_answered_with_the_nearest_names(empty_client: FlaskClient) -> None:
    answer = empty_client.get("/v1/events?source=Frnce")

    assert answer.status_code == 404
    assert {"key": "FRA", "name": "France"} in answer.get_json()["nearest"]


def test_an_event_shows_every_article_that_reports_it(
    client: FlaskClient, told: Callable[..., str], recognition: str
) -> None:
    second = told(RECOGNITION[:1], text=OTHER_WORDS, publisher="Another Wire")

    event = client.get("/v1/events/RUS.AFG.recognise.effective.2025-07-03").get_json()

    assert (event["n_mentions"], event["n_sources"]) == (2, 2)
    assert {mention["article"] for mention in event["mentions"]} == {recognition, second}
    quote = event["mentions"][0]["quote"]
    assert quote["text"] == TEXT[quote["start"] : quote["end"]]
    assert event["mentions"][0]["actors"] == {"source": "Russia", "target": "Afghanistan"}


def test_an_id_that_was_given_out_is_found_when_the_date_is_known_better(
    client: FlaskClient, told: Callable[..., str]
) -> None:
    told([coded("recognise", "2025-07")])
    told([coded("recognise", "2025-07-03")], text="Another text.")

    event = client.get("/v1/events/RUS.AFG.recognise.effective.2025-07").get_json()

    assert event["id"] == "RUS.AFG.recognise.effective.2025-07-03"


@pytest.mark.parametrize(
    "id",
    [
        "nope",
        "RUS.AFG.recognise.effective.2025-07-05",
        "RUS.AFG.recognise.effective.0001-01-01",
        "RUS.AFG.recognise.effective.2025-02-30",
        "RUS.AFG.recognise.maybe.2025-07-03",
        "RUS.AFG.befriend.effective.2025-07-03",
        "....",
        "RUS.AFG.recognise.effective.２０２５-07-03",
        "x" * 3000,
    ],
)
def test_an_unknown_event_is_not_found(client: FlaskClient, recognition: str, id: str) -> None:
    answer = client.get(f"/v1/events/{id}")

    assert answer.status_code == 404
    assert answer.get_json()["type"] == "/problems/unknown-event"


def test_the_feed_of_changes_is_followed_without_gaps(
    client: FlaskClient, told: Callable[..., str], recognition: str
) -> None:
    first = client.get("/v1/changes?limit=1")
    assert first.headers["Link"] == '</v1/changes?after=1&limit=1>; rel="next"'
    (change,) = first.get_json()["changes"]
    assert (change["seq"], change["facet"], change["article"]) == (1, "mission", recognition)
    assert change["historic"] is True

    rest = client.get(f"/v1/changes?after={first.get_json()['next']}").get_json()
    assert [(c["seq"], c["facet"], c["before"], c["after"]) for c in rest["changes"]] == [
        (2, "recognition", "unknown", "recognised")
    ]
    assert rest["changes"][0]["event"] == "RUS.AFG.recognise.effective.2025-07-03"

    end = client.get(f"/v1/changes?after={rest['next']}")
    assert end.get_json() == {"changes": [], "next": 2}
    assert "Link" not in end.headers


@pytest.mark.parametrize("after", ["-1", "x", "9" * 17, "1.0", ""])
def test_a_place_in_the_feed_that_is_none_is_refused(empty_client: FlaskClient, after: str) -> None:
    assert empty_client.get("/v1/changes", query_string={"after": after}).status_code == 422


def test_the_codebook_lists_every_act_and_facet(client: FlaskClient, container: Container) -> None:
    book = client.get("/v1/codebook").get_json()

    assert book["version"] == container.codebook.version
    assert [act["name"] for act in book["acts"]] == sorted(container.codebook.acts)
    assert [facet["name"] for facet in book["facets"]] == list(container.codebook.facets)
    recognise = next(act for act in book["acts"] if act["name"] == "recognise")
    assert recognise["effects"][0]["facet"] == "recognition"


def test_the_codebook_holds_every_table_that_states_are_derived_with(client: FlaskClient, container: Container) -> None:
    book, own = client.get("/v1/codebook").get_json(), container.codebook

    assert {root["name"]: root["quad"] for root in book["roots"]} == {r.name: r.quad for r in own.roots.values()}
    assert [table["name"] for table in book["crosswalks"]] == ["plover", "zsp"]
    assert {"act": "ban", "status": "effective", "root": "COERCE"} in book["crosswalks"][1]["by_act"]
    (scale,) = book["scales"]
    assert (scale["name"], scale["intensities"]) == (own.scale, own.intensities)
    assert [label["label"] for label in book["labels"]] == [label.label for label in own.labels]
    assert book["score"]["half_life_days"] == own.score.half_life_days
    assert next(f for f in book["facets"] if f["name"] == "conflict")["combine"] == "highest"


def test_events_are_found_by_their_codes(client: FlaskClient, told: Callable[..., str]) -> None:
    told([coded("recognise", "2025-07-03"), coded("expel_diplomats", "2025-07-01"), coded("praise", "2025-07-02")])

    def acts(**asked: Any) -> set[str]:
        return {id.split(".")[2] for id in ids(client, **asked)}

    assert acts(root="SANCTION") == acts(cameo="16") == acts(cameo="161") == acts(quad="4") == {"expel_diplomats"}
    assert acts(quad="1") == acts(quad="1,2", cameo="05") == {"recognise", "praise"}
    assert acts(root="SANCTION", quad="1") == acts(cameo="20") == set()
    assert client.get("/v1/events?root=LOVE").get_json()["errors"][0]["field"] == "root"


@pytest.mark.parametrize(
    ("words", "n"),
    [
        ("recognises", 1),
        ("government russia", 1),
        ("embassy", 1),
        ("Kabul moscow", 1),
        ("treaty", 0),
        ("russia OR treaty", 0),
        ('"', 0),
        ("!!!", 0),
        ("* NEAR(", 0),
    ],
)
def test_events_are_found_by_the_words_of_their_quotes(
    client: FlaskClient, recognition: str, words: str, n: int
) -> None:
    assert len(ids(client, q=words)) == n


def test_events_are_found_by_when_they_were_recorded(
    client: FlaskClient, told: Callable[..., str], clock: ChosenClock
) -> None:
    told([coded("visit", "2025-07-01")])
    clock.advance(hours=1)
    told([coded("praise", "2025-07-01")], text="Another text.")

    assert len(ids(client, recorded_since="2025-07-04T12:00:00Z")) == 2
    assert ids(client, recorded_since="2025-07-04T12:00:01Z") == ["RUS.AFG.praise.effective.2025-07-01"]


@pytest.mark.parametrize("named", [True, False])
def test_the_list_streams_as_csv_and_ndjson(client: FlaskClient, told: Callable[..., str], named: bool) -> None:
    told([coded("visit", f"20{year}-{month:02}-01") for year in (24, 25) for month in range(1, 7)] * 60)
    told([coded("praise", "2025-07-01", target="PAK")], text="Another text.")
    whole = ids(client, limit="500")

    def streamed(form: str, media_type: str) -> str:
        if named:
            answer = client.get(f"/v1/events?format={form}")
        else:
            answer = client.get("/v1/events", headers={"Accept": media_type})
        assert answer.mimetype == media_type
        assert "Accept" in answer.headers["Vary"]
        return answer.get_data(as_text=True)

    rows = list(csv.DictReader(io.StringIO(streamed("csv", "text/csv"))))
    lines = [json.loads(line) for line in streamed("ndjson", "application/x-ndjson").splitlines()]
    assert [row["id"] for row in rows] == [line["id"] for line in lines] == whole
    assert (rows[0]["source"], rows[0]["cameo"], rows[0]["quad"]) == ("RUS", lines[0]["cameo"], "1")


def test_a_stream_is_longer_than_any_page_and_may_be_cut(client: FlaskClient, told: Callable[..., str]) -> None:
    for year in range(1400, 2025, 25):
        told([coded("visit", f"{year + n}-01-01") for n in range(25)], text=f"Text of {year}.")

    assert len(client.get("/v1/events?format=ndjson").data.splitlines()) == 625
    assert len(client.get("/v1/events?format=ndjson&limit=3").data.splitlines()) == 3
    assert client.get("/v1/events?format=csv&act=praise").data.count(b"\r\n") == 1


def test_what_is_wrong_with_a_stream_is_a_problem_all_the_same(client: FlaskClient) -> None:
    answer = client.get("/v1/events?source=Atlantis", headers={"Accept": "text/csv"})

    assert (answer.status_code, answer.content_type) == (404, "application/problem+json")
    assert client.get("/v1/events", headers={"Accept": "image/png"}).status_code == 406
    assert client.get("/v1/events", headers={"Accept": "*/*"}).content_type == "application/json"


def test_a_list_may_have_commas_or_be_repeated(client: FlaskClient, recognition: str) -> None:
    acts = {
        query: {event["act"] for event in client.get(f"/v1/events?{query}").get_json()["events"]}
        for query in ("act=recognise,close_embassy", "act=recognise&act=close_embassy", "act=recognise")
    }

    assert [len(found) for found in acts.values()] == [2, 2, 1]
    page = client.get("/v1/events?act=recognise&act=close_embassy&limit=1").get_json()
    assert client.get(page["next"]).get_json()["events"][0]["act"] == "close_embassy"
    assert client.get("/v1/events?source=RUS&source=AFG").status_code == 422

"""Relation records, their history and dyads over HTTP."""

import time
from collections.abc import Callable
from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from redis import Redis

from api.app import create_app
from entente.bootstrap.container import Container
from entente.services.articles import ArticleDraft
from entente.storage.cache.near_cache import NearStateCache
from tests.conftest import ChosenClock
from tests.integration.conftest import coded


def test_a_relation_shows_what_is_held_since_when_and_why(client: FlaskClient, recognition: str) -> None:
    answer = client.get("/v1/relations/RUS/AFG")

    assert answer.status_code == 200
    assert answer.content_type == "application/json"
    record = answer.get_json()
    assert record["source"] == {"key": "RUS", "name": "Russia"}
    assert record["target"] == {"key": "AFG", "name": "Afghanistan"}
    assert record["as_of"] == "2025-07-04"
    held = record["facets"]["recognition"]
    assert (held["value"], held["status"], held["since"], held["precision"]) == (
        "recognised",
        "effective",
        "2025-07-03",
        "day",
    )
    assert held["known_by"] == "2025-07-04"
    assert held["evidence"] == ["RUS.AFG.recognise.effective.2025-07-03"]
    assert record["facets"]["mission"]["since"] == "1992-08"
    assert record["counts"]["events"] == 2


def test_a_relation_has_every_facet_of_the_codebook_and_unknown_is_never_none(
    client: FlaskClient, container: Container
) -> None:
    facets = client.get("/v1/relations/FRA/DEU").get_json()["facets"]

    assert list(facets) == sorted(container.codebook.facets)
    for name, facet in container.codebook.facets.items():
        assert facets[name] == ([] if facet.is_set else {"value": "unknown"})


def test_the_other_direction_is_another_record(client: FlaskClient, recognition: str) -> None:
    assert client.get("/v1/relations/AFG/RUS").get_json()["facets"]["recognition"] == {"value": "unknown"}


@pytest.mark.parametrize(
    ("source", "target"),
    [("RU", "AF"), ("643", "004"), ("Q159", "Q889"), ("cow:365", "gw:700"), ("SUN", "afghanistan")],
)
def test_a_code_of_any_scheme_is_understood_and_the_key_is_named(
    client: FlaskClient, recognition: str, source: str, target: str
) -> None:
    answer = client.get(f"/v1/relations/{source}/{target}")

    assert answer.headers["Content-Location"] == "/v1/relations/RUS/AFG"
    assert answer.get_json()["facets"]["recognition"]["value"] == "recognised"


def test_an_earlier_day_shows_what_held_then(client: FlaskClient, recognition: str) -> None:
    answer = client.get("/v1/relations/RUS/AFG?as_of=2025-07-02")

    record = answer.get_json()
    assert record["as_of"] == "2025-07-02"
    assert record["facets"]["recognition"] == {"value": "unknown"}
    assert record["facets"]["mission"]["value"] == "closed"
    assert answer.headers["Content-Location"] == "/v1/relations/RUS/AFG?as_of=2025-07-02"


def test_who_has_the_state_already_gets_304_until_it_changes(
    client: FlaskClient, told: Callable[..., str], recognition: str
) -> None:
    tag = client.get("/v1/relations/RUS/AFG").headers["ETag"]

    again = client.get("/v1/relations/RUS/AFG", headers={"If-None-Match": f'"other", W/{tag}'})
    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", tag)
    assert again.headers["Cache-Control"] == "no-cache"
    assert again.headers["Vary"] == "Accept, Accept-Encoding"

    told([coded("withdraw_recognition", "2025-07-04")], text="Another text.")
    changed = client.get("/v1/relations/RUS/AFG", headers={"If-None-Match": tag})
    assert changed.status_code == 200
    assert changed.get_json()["facets"]["recognition"]["value"] == "withdrawn"


def test_who_writes_and_reads_in_one_process_need_not_wait_for_redis_to_tell_of_it(
    client: FlaskClient, told: Callable[..., str], recognition: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(NearStateCache, "_forget", lambda *_: None)
    ends = time.monotonic() + 0.5
    while time.monotonic() < ends:  # until copies are served, which begins once Redis has answered a ping
        client.get("/v1/relations/RUS/AFG")

    told([coded("withdraw_recognition", "2025-07-04")], text="Another text.")

    assert client.get("/v1/relations/RUS/AFG").get_json()["facets"]["recognition"]["value"] == "withdrawn"


def test_another_day_is_another_state(client: FlaskClient, clock: ChosenClock, recognition: str) -> None:
    tag = client.get("/v1/relations/RUS/AFG").headers["ETag"]
    clock.advance(days=1)

    answer = client.get("/v1/relations/RUS/AFG", headers={"If-None-Match": tag})

    assert answer.status_code == 200
    assert answer.get_json()["as_of"] == "2025-07-05"


def test_a_wiped_cache_gives_the_same_bytes_and_is_filled_again(
    client: FlaskClient, redis_url: str, recognition: str
) -> None:
    cached = client.get("/v1/relations/RUS/AFG")
    with Redis.from_url(redis_url) as redis:
        assert redis.dbsize() > 0
        redis.flushall()
        from_ledger = client.get("/v1/relations/RUS/AFG")
        assert redis.dbsize() > 0

    assert from_ledger.data == cached.data
    assert from_ledger.headers["ETag"] == cached.headers["ETag"]


def test_without_redis_the_bytes_are_the_same(client: FlaskClient, container: Container, recognition: str) -> None:
    cached = client.get("/v1/relations/RUS/AFG").data
    without = Container(replace(container.settings, redis_url=None), container.clock)

    assert create_app(without).test_client().get("/v1/relations/RUS/AFG").data == cached

    without.close()


def test_what_moved_is_read_from_the_ledger_until_it_is_written_to_the_cache(
    client: FlaskClient, container: Container, recognition: str
) -> None:
    today = container.clock.now().date()
    assert container.cache.get("RUS", "AFG", today) is None
    from_ledger = client.get("/v1/relations/RUS/AFG").data

    assert container.projector.redo_dirty() == 1

    for source, target in (("RUS", "AFG"), ("AFG", "RUS")):
        assert container.cache.get(source, target, today)
    assert client.get("/v1/relations/RUS/AFG").data == from_ledger
    assert container.projector.redo_dirty() == 0


def test_while_articles_wait_to_be_coded_only_what_was_long_behind_is_written_to_the_cache(
    client: FlaskClient, container: Container, clock: ChosenClock, recognition: str
) -> None:
    waiting = container.ingest.submit(ArticleDraft("Wire", "Chad closed its embassy in Mali."), ring=False)
    clock.advance(seconds=29)
    assert container.projector.redo_due() == 0

    clock.advance(seconds=1)
    assert container.projector.redo_due() == 1

    container.code_articles.run(waiting.article_id)
    assert container.projector.redo_due() == 1


def test_what_the_cache_holds_is_sent_as_it_is(client: FlaskClient, container: Container, recognition: str) -> None:
    container.projector.redo_dirty()
    entry = container.cache.get("RUS", "AFG", container.clock.now().date())

    assert entry is not None
    assert client.get("/v1/relations/RUS/AFG").data == entry.body


def test_a_relation_of_a_country_with_itself_is_refused(empty_client: FlaskClient) -> None:
    answer = empty_client.get("/v1/relations/RUS/SUN")

    assert answer.status_code == 409
    assert answer.get_json()["errors"] == [
        {"field": "target", "detail": "'RUS' and 'SUN' are both Russia: a relation needs two"}
    ]


@pytest.mark.parametrize("day", ["2025-07-05", "2025-7-1", "20250701", "2025-W01-1", "yesterday", "", "0000-00-00"])
@pytest.mark.parametrize("path", ["/v1/relations/RUS/AFG", "/v1/dyads/RUS/AFG"])
def test_a_day_that_is_none_or_lies_in_the_future_is_refused(empty_client: FlaskClient, path: str, day: str) -> None:
    answer = empty_client.get(path, query_string={"as_of": day})

    assert answer.status_code == 422
    assert [error["field"] for error in answer.get_json()["errors"]] == ["as_of"]


def test_the_first_day_of_the_calendar_is_a_day_like_any_other(client: FlaskClient, recognition: str) -> None:
    assert client.get("/v1/relations/RUS/AFG?as_of=0001-01-01").get_json()["counts"]["events"] == 0


@pytest.mark.parametrize(
    "path", ["/v1/relations/Frnce/AFG", "/v1/relations/AFG/Frnce/history", "/v1/dyads/AFG/Frnce", "/v1/countries/Frnce"]
)
def test_an_unknown_country_is_answered_with_the_nearest_names(empty_client: FlaskClient, path: str) -> None:
    answer = empty_client.get(path)

    assert answer.status_code == 404
    assert answer.get_json()["type"] == "/problems/unknown-country"
    assert {"key": "FRA", "name": "France"} in answer.get_json()["nearest"]


def test_a_dyad_shows_both_directions_and_what_they_share(
    client: FlaskClient, told: Callable[..., str], recognition: str
) -> None:
    told([coded("establish_relations", "2025-07-04")], text="Another text.")

    answer = client.get("/v1/dyads/RU/AF")

    dyad = answer.get_json()
    assert answer.headers["Content-Location"] == "/v1/dyads/RUS/AFG"
    assert dyad["a_to_b"] == client.get("/v1/relations/RUS/AFG").get_json()
    assert dyad["b_to_a"] == client.get("/v1/relations/AFG/RUS").get_json()
    assert dyad["shared"]["relations"]["value"] == "established"
    assert "recognition" not in dyad["shared"]
    again = client.get("/v1/dyads/RUS/AFG", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_a_history_lists_every_interval_with_its_evidence(
    client: FlaskClient, told: Callable[..., str], recognition: str
) -> None:
    told([coded("withdraw_recognition", "2025-07-04")], text="Another text.")

    answer = client.get("/v1/relations/RUS/AFG/history?facet=recognition")

    first, second = answer.get_json()["intervals"]
    assert (first["value"], first["valid_from"], first["valid_to"], first["ends"]) == (
        "recognised",
        "2025-07-03",
        "2025-07-04",
        "change",
    )
    assert (second["value"], second["valid_to"]) == ("withdrawn", None)
    assert second["evidence"] == ["RUS.AFG.withdraw_recognition.effective.2025-07-04"]


def test_the_pages_of_a_history_hold_each_interval_once(client: FlaskClient, recognition: str) -> None:
    whole = client.get("/v1/relations/RUS/AFG/history").get_json()["intervals"]
    assert len(whole) == 2

    paged, url = [], "/v1/relations/RU/AF/history?limit=1"
    while url:
        answer = client.get(url)
        paged += answer.get_json()["intervals"]
        url = answer.get_json()["next"]
        assert ('rel="next"' in answer.headers.get("Link", "")) == bool(url)

    assert paged == whole


def test_an_unknown_facet_is_answered_with_the_known_ones(client: FlaskClient, container: Container) -> None:
    answer = client.get("/v1/relations/RUS/AFG/history?facet=friendship")

    assert answer.status_code == 422
    assert answer.get_json()["known"] == list(container.codebook.facets)

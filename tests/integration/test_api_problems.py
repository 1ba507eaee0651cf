"""Errors are problem documents (RFC 9457); headers of every response."""

from dataclasses import replace
from typing import NoReturn

import pytest
from flask import Flask
from flask.testing import FlaskClient

from api.app import create_app
from entente.bootstrap.container import Container
from tests.integration.conftest import TEXT

JSON = "application/json"
PROBLEM = "application/problem+json"


@pytest.mark.parametrize(
    ("method", "path", "status", "kind"),
    [
        ("GET", "/nope", 404, "not-found"),
        ("GET", "/v1", 404, "not-found"),
        ("GET", "/v1//countries", 404, "not-found"),
        ("GET", "/v1/countries/", 404, "not-found"),
        ("GET", "/static/../app.py", 404, "not-found"),
        ("GET", "/static/nope.js", 404, "not-found"),
        ("DELETE", "/v1/countries", 405, "method-not-allowed"),
        ("GET", "/v1/code", 405, "method-not-allowed"),
        ("POST", "/v1/articles", 415, "unsupported-media-type"),
        ("GET", "/healthz?x=1", 422, "invalid-request"),
        ("POST", "/v1/articles?x=1", 422, "invalid-request"),
        ("GET", "/v1/countries/%F0%9F%98%80?%00=%ff", 422, "invalid-request"),
    ],
)
def test_an_error_is_a_problem(empty_client: FlaskClient, method: str, path: str, status: int, kind: str) -> None:
    answer = empty_client.open(path, method=method)

    assert (answer.status_code, answer.content_type) == (status, PROBLEM)
    problem = answer.get_json()
    assert (problem["type"], problem["status"]) == (f"/problems/{kind}", status)
    assert problem["title"]
    assert problem["detail"]
    assert problem["request_id"] == answer.headers["X-Request-Id"]
    assert problem["instance"] in path


RELATION = "/v1/relations/RUS/AFG"


@pytest.mark.parametrize(
    ("path", "status", "field", "remedy"),
    [
        (f"{RELATION}?as_of=2999-01-01", 422, "as_of", "today is 2025-07-04"),
        (f"{RELATION}?as_of=tomorrow", 422, "as_of", "YYYY-MM-DD"),
        (f"{RELATION}?known_at=2999-01-01T00:00:00Z", 422, "known_at", "it is 2025-07-04T12:00:00Z"),
        (f"{RELATION}?known_at=once", 422, "known_at", "RFC 3339 with an offset"),
        ("/v1/relations?known_at=2025-01-01", 422, "known_at", "only with a source or a target"),
        ("/v1/events?known_by=2025-01-01", 422, "known_by", "known: act, article, cameo"),
        ("/v1/countries?name=x", 422, "name", "takes none"),
        ("/v1/events?from=2025-01-02&to=2025-01-01", 409, "to", "lies before 2025-01-02"),
        ("/v1/relations?min_score=5&max_score=1", 409, "max_score", "less than min_score"),
        (f"{RELATION}/diff?from=2025-02-01&to=2025-01-01", 409, "to", "lies before 2025-02-01"),
        (f"{RELATION}/series?from=2025-02-01&as_of=2025-01-01", 409, "from", "where the series ends"),
        (f"{RELATION}/series?interval=decade", 422, "interval", "day, week, month, year"),
        (f"{RELATION}/history?facet=love", 422, "facet", "known: recognition, relations"),
        (f"{RELATION}/why?facet=love", 422, "facet", "known: recognition, relations"),
        ("/v1/relations?facet=love", 422, "facet", "known: recognition, relations"),
        ("/v1/relations?facet=sanctions:maybe", 422, "facet", "known: expired, lifted"),
        ("/v1/relations?label=lovely", 422, "label", "known: at war"),
        ("/v1/events?act=kiss", 422, "act", "/v1/codebook"),
        ("/v1/events?root=KISS", 422, "root", "known: AGREE"),
        ("/v1/events?quad=9", 422, "quad", "'9': Must be one of: 1, 2, 3, 4"),
        ("/v1/events?status=maybe", 422, "status", "'maybe': Must be one of: effective, ongoing"),
        ("/v1/events?limit=0", 422, "limit", "greater than or equal to 1"),
        ("/v1/events?cursor=forged", 404, "cursor", "follow the `next`"),
        ("/v1/relations?cursor=WyJhIiwiYiJd", 404, "cursor", "follow the `next`"),
    ],
)
def test_bad_input_is_told_what_was_wrong_and_what_would_be_right(
    empty_client: FlaskClient, path: str, status: int, field: str, remedy: str
) -> None:
    answer = empty_client.get(path)

    assert (answer.status_code, answer.content_type) == (status, PROBLEM)
    problem = answer.get_json()
    assert field in {error["field"] for error in problem["errors"]}
    assert remedy in problem["detail"]


@pytest.mark.parametrize(
    "path",
    ["/v1/relations/RUS/{}", "/v1/dyads/{}/RUS", "/v1/countries/{}", "/v1/events?source={}", "/v1/relations?target={}"],
)
@pytest.mark.parametrize(
    ("name", "nearest", "told"),
    [
        ("Afghanistn", ["AFG"], "nearest: AFG (Afghanistan)"),
        ("Korea", ["KOR", "PRK"], "'Korea' may be KOR (South Korea), PRK (North Korea): say which"),
        ("Atlantis", [], "/v1/countries lists all"),
    ],
)
def test_an_unknown_or_ambiguous_country_is_answered_with_those_it_may_be(
    empty_client: FlaskClient, path: str, name: str, nearest: list[str], told: str
) -> None:
    answer = empty_client.get(path.format(name))

    assert (answer.status_code, answer.content_type) == (404, PROBLEM)
    problem = answer.get_json()
    assert [country["key"] for country in problem["nearest"]] == nearest
    assert told in problem["detail"]


def test_who_only_has_the_address_gets_the_dashboard(empty_client: FlaskClient) -> None:
    answer = empty_client.get("/")

    assert (answer.status_code, answer.mimetype) == (200, "text/html")
    assert 'href="/docs"' in answer.get_data(as_text=True)


def test_a_method_that_is_not_allowed_is_told_which_are(empty_client: FlaskClient) -> None:
    assert set(empty_client.delete("/v1/countries").headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}
    assert set(empty_client.get("/v1/code").headers["Allow"].split(", ")) == {"POST", "OPTIONS"}
    assert set(empty_client.options("/v1/code").headers["Allow"].split(", ")) == {"POST", "OPTIONS"}


def test_our_own_mistake_is_a_problem_that_tells_nothing_of_it(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    def broken() -> NoReturn:
        raise RuntimeError("the password is swordfish")

    app.add_url_rule("/broken", view_func=broken)

    answer = app.test_client().get("/broken")

    assert (answer.status_code, answer.content_type) == (500, PROBLEM)
    assert "swordfish" not in answer.get_data(as_text=True)


@pytest.fixture
def without_ledger(container: Container) -> FlaskClient:
    """A client of an API whose database can't be reached."""
    settings = replace(container.settings, database_url="postgresql://nobody@127.0.0.1:1/none")
    return create_app(Container(settings, container.clock)).test_client()


@pytest.mark.parametrize(
    "path", ["/readyz", "/v1/events", "/v1/relations/RUS/AFG?as_of=2025-01-01", "/v1/changes", "/v1/dyads/FRA/DEU"]
)
def test_without_the_ledger_reading_is_out_of_service_for_a_while(without_ledger: FlaskClient, path: str) -> None:
    answer = without_ledger.get(path)

    assert (answer.status_code, answer.content_type) == (503, PROBLEM)
    assert answer.headers["Retry-After"] == "5"
    assert "127.0.0.1" not in answer.get_data(as_text=True)


def test_without_the_ledger_nothing_is_acknowledged(without_ledger: FlaskClient, key: str) -> None:
    headers = {"Authorization": f"Bearer {key}"}
    assert without_ledger.post("/v1/articles", json={"text": TEXT}, headers=headers).status_code == 503
    assert without_ledger.post("/v1/webhooks/demo", json={"text": TEXT}).status_code == 503


def test_without_the_ledger_what_the_cache_holds_is_still_served(
    client: FlaskClient, without_ledger: FlaskClient, container: Container, recognition: str
) -> None:
    container.projector.redo_dirty()
    assert without_ledger.get("/v1/relations/RUS/AFG").data == client.get("/v1/relations/RUS/AFG").data
    assert without_ledger.get("/v1/countries/RUS").status_code == 200
    assert without_ledger.get("/healthz").get_json() == {"status": "ok"}


def test_readiness_tells_what_is_reached(client: FlaskClient, container: Container) -> None:
    reached = {"status": "ready", "ledger": "ok", "cache": "ok", "failing": []}
    missing = {"worker": "missing", "fetcher": "missing", "deliverer": "missing"}
    assert client.get("/readyz").get_json() == {**reached, "parts": missing}
    container.heartbeats.note("fetcher")
    assert client.get("/readyz").get_json() == {**reached, "parts": {**missing, "fetcher": "up"}}

    without = Container(replace(container.settings, redis_url=None), container.clock)
    answer = create_app(without).test_client().get("/readyz")
    assert (answer.status_code, answer.get_json()["status"]) == (200, "degraded")
    without.close()


def test_a_request_keeps_the_id_that_it_came_with_if_it_is_one(empty_client: FlaskClient) -> None:
    assert empty_client.get("/healthz", headers={"X-Request-Id": "abc-1.2_3"}).headers["X-Request-Id"] == "abc-1.2_3"
    for no_id in ("a b", "é", "x" * 65, ""):
        assert empty_client.get("/healthz", headers={"X-Request-Id": no_id}).headers["X-Request-Id"] != no_id


@pytest.mark.parametrize("path", ["/healthz", "/v1/countries/FRA", "/nope", "/docs", "/openapi.json"])
def test_every_answer_forbids_browsers_what_it_does_not_need(empty_client: FlaskClient, path: str) -> None:
    headers = empty_client.get(path).headers

    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]


def test_answers_are_asked_for_again_and_errors_are_not_kept(client: FlaskClient) -> None:
    assert client.get("/v1/events").headers["Cache-Control"] == "no-cache"
    assert client.get("/v1/countries/Frnce").headers["Cache-Control"] == "no-store"


def test_a_head_is_a_get_without_its_body(client: FlaskClient, recognition: str) -> None:
    for path in ("/v1/relations/RUS/AFG", "/v1/events", "/healthz", "/nope"):
        get, head = client.get(path), client.head(path)
        assert (head.status_code, head.data) == (get.status_code, b"")
        assert head.headers["Content-Length"] == get.headers["Content-Length"]
        assert head.headers.get("ETag") == get.headers.get("ETag")


def test_the_page_of_the_docs_loads_nothing_from_elsewhere(empty_client: FlaskClient) -> None:
    page = empty_client.get("/docs").get_data(as_text=True)

    assert "//" not in page.replace("<!doctype html>", "")
    for asset in ("swagger-ui/swagger-ui-bundle.js", "swagger-ui/swagger-ui.css", "docs.js"):
        assert f"/static/{asset}" in page
        with empty_client.get(f"/static/{asset}") as answer:
            assert answer.status_code == 200

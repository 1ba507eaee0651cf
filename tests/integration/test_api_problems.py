"""Every error is a problem, whoever raised it; and what surrounds every answer."""

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
        ("GET", "/v1/articles", 405, "method-not-allowed"),
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


def test_a_method_that_is_not_allowed_is_told_which_are(empty_client: FlaskClient) -> None:
    assert set(empty_client.delete("/v1/countries").headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}
    assert set(empty_client.get("/v1/articles").headers["Allow"].split(", ")) == {"POST", "OPTIONS"}
    assert set(empty_client.options("/v1/articles").headers["Allow"].split(", ")) == {"POST", "OPTIONS"}


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
    assert client.get("/readyz").get_json() == {"status": "ready", "ledger": "ok", "cache": "ok"}

    without = Container(replace(container.settings, redis_url=None), container.clock)
    answer = create_app(without).test_client().get("/readyz")
    assert (answer.status_code, answer.get_json()["status"]) == (200, "degraded")
    without.ledger.close()


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

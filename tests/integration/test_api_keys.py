"""Authorisation over HTTP: API keys and scopes."""

import sqlite3
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from api.app import create_app
from entente.bootstrap.container import Container
from entente.bootstrap.settings import Settings
from entente.services.ports.api_keys import SCOPES
from tests.conftest import ChosenClock
from tests.integration.conftest import TEXT

ARTICLE = "/v1/articles/01980000-0000-7000-8000-000000000000"

#: A request of each scope that no key of another scope may make, and what it gets when the key is right.
GUARDED = [
    ("ingest", "POST", "/v1/articles", {"text": TEXT}, 202),
    ("curate", "DELETE", f"{ARTICLE}?reason=wrong", None, 404),
    ("curate", "POST", f"{ARTICLE}/recode", None, 404),
    ("admin", "GET", "/v1/keys", None, 200),
    ("admin", "POST", "/v1/keys", {"name": "x", "scopes": ["read"]}, 201),
    ("admin", "DELETE", "/v1/keys/0000000000", None, 404),
]


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


@pytest.mark.parametrize(("scope", "method", "path", "body", "allowed"), GUARDED)
@pytest.mark.parametrize("held", SCOPES)
def test_a_key_reaches_as_far_as_its_scopes(
    stranger: FlaskClient,
    container: Container,
    scope: str,
    method: str,
    path: str,
    body: object,
    allowed: int,
    held: str,
) -> None:
    token = container.keys.add("one", [held]).token

    answer = stranger.open(path, method=method, json=body, headers=bearer(token))

    assert answer.status_code == (allowed if held in (scope, "admin") else 403)


@pytest.mark.parametrize(("scope", "method", "path", "body", "_"), GUARDED)
def test_no_write_goes_without_a_key(
    stranger: FlaskClient, scope: str, method: str, path: str, body: object, _: int
) -> None:
    answer = stranger.open(path, method=method, json=body)

    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert answer.get_json()["type"] == "/problems/unauthenticated"


@pytest.mark.parametrize(
    "header",
    ["Bearer", "Bearer ", "Basic YTpi", "Bearer ent_short", "Bearer ent_0123456789_" + "A" * 38, "Bearer \xff" * 9],
)
def test_what_is_no_key_is_refused_without_a_server_error(stranger: FlaskClient, header: str) -> None:
    assert stranger.get("/v1/keys", headers={"Authorization": header}).status_code == 401


def test_a_revoked_or_expired_key_opens_nothing(
    stranger: FlaskClient, container: Container, clock: ChosenClock
) -> None:
    revoked = container.keys.add("revoked", ["admin"])
    container.keys.revoke(revoked.key.id)
    short = container.keys.add("short", ["admin"], days=1)
    assert stranger.get("/v1/keys", headers=bearer(short.token)).status_code == 200
    clock.advance(days=1)

    for made, word in ((revoked, "revoked"), (short, "expired")):
        answer = stranger.get("/v1/keys", headers=bearer(made.token))
        assert answer.status_code == 401
        assert word in answer.get_json()["detail"]


def test_the_last_use_of_a_key_is_remembered(stranger: FlaskClient, container: Container, clock: ChosenClock) -> None:
    made = container.keys.add("used", ["admin"])

    listed = stranger.get("/v1/keys", headers=bearer(made.token)).get_json()["keys"]

    assert [key["last_used_at"] for key in listed] == ["2025-07-04T12:00:00Z"]


def test_the_token_is_shown_once_and_stored_nowhere(client: FlaskClient, container: Container) -> None:
    made = client.post("/v1/keys", json={"name": "dashboard", "scopes": ["read"]}).get_json()

    assert made["token"] not in client.get("/v1/keys").get_data(as_text=True)
    secret = made["token"].rpartition("_")[2]
    database = Path(container.settings.database_url.removeprefix("sqlite:///"))
    with sqlite3.connect(database) as connection:
        assert secret not in "\n".join(connection.iterdump())


def _reader(settings: Settings, clock: ChosenClock, rule: str) -> Flask:
    from dataclasses import replace

    return create_app(Container(replace(settings, open_reading=rule), clock))


@pytest.mark.parametrize(
    ("rule", "address", "status"),
    [
        ("loopback", "127.0.0.1", 200),
        ("loopback", "::1", 200),
        ("loopback", "192.0.2.7", 401),
        ("always", "192.0.2.7", 200),
        ("never", "127.0.0.1", 401),
    ],
)
def test_reading_is_open_to_whom_the_setting_says(
    container: Container, clock: ChosenClock, rule: str, address: str, status: int
) -> None:
    app = _reader(container.settings, clock, rule)

    answer = app.test_client().get("/v1/events", environ_base={"REMOTE_ADDR": address})

    assert answer.status_code == status
    token = container.keys.add("reader", ["read"]).token
    again = app.test_client().get("/v1/events", environ_base={"REMOTE_ADDR": address}, headers=bearer(token))
    assert again.status_code == 200

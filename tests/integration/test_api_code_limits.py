"""POST /v1/code has places and a rate of its own, counted by client."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from ipaddress import ip_network

import pytest
from flask.testing import FlaskClient
from werkzeug.exceptions import ServiceUnavailable

from api.app import create_app
from api.http.code_limits import TrialPlaces
from entente.bootstrap.container import Container
from entente.services.articles import Coding, Document
from tests.conftest import ChosenClock

TEXT = {"text": "Kenya recognised Kosovo on Tuesday."}


class WaitsWhileCoding:
    """The Coder port: codes nothing, and only when it is let go."""

    version = "waits-1"

    def __init__(self) -> None:
        self.begun = threading.Semaphore(0)
        self.go_on = threading.Event()

    def code(self, document: Document) -> Coding:
        self.begun.release()
        assert self.go_on.wait(30)
        return Coding("en", self.version, [], "no_events")


def client_of(container: Container, clock: ChosenClock, **settings: object) -> FlaskClient:
    """A client of an API with these settings, behind a trusted proxy on this machine."""
    trusting = {"trusted_proxies": (ip_network("127.0.0.1/32"),), "open_reading": "always"}
    return create_app(Container(replace(container.settings, **trusting, **settings), clock)).test_client()


def by(client: str) -> dict[str, str]:
    return {"X-Forwarded-For": client}


def test_more_texts_a_minute_than_the_limit_are_refused_before_they_are_read(
    container: Container, clock: ChosenClock
) -> None:
    client = client_of(container, clock, code_rate_limit=2)

    answers = [client.post("/v1/code", data=b"{", headers=by("198.51.100.1")) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [415, 415, 429]
    assert answers[0].headers.getlist("RateLimit")[0].startswith('"code";r=1;t=')
    assert answers[2].headers.getlist("RateLimit-Policy")[0] == '"code";q=2;w=60'
    assert 0 < int(answers[2].headers["Retry-After"]) <= 60
    assert client.get("/v1/codebook", headers=by("198.51.100.1")).status_code == 200, "other requests have their own"
    assert client.post("/v1/code", data=b"{", headers=by("198.51.100.2")).status_code == 415, "others have theirs"


def test_zero_is_no_limit_of_texts(container: Container, clock: ChosenClock) -> None:
    client = client_of(container, clock, code_rate_limit=0)

    assert {client.post("/v1/code", data=b"{").status_code for _ in range(100)} == {415}


@contextmanager
def being_coded(client: FlaskClient, coder: WaitsWhileCoding, sender: str) -> Iterator[None]:
    """While a text of that sender is being coded."""
    answers = []

    def send() -> None:
        answers.append(client.application.test_client().post("/v1/code", json=TEXT, headers=by(sender)).status_code)

    thread = threading.Thread(target=send)
    thread.start()
    assert coder.begun.acquire(timeout=30)
    try:
        yield
    finally:
        coder.go_on.set()
        thread.join(30)
    assert answers == [200]


def test_one_client_leaves_a_place_to_others(container: Container, clock: ChosenClock) -> None:
    client = client_of(container, clock, code_places=2)
    coder = WaitsWhileCoding()
    client.application.extensions["entente"].previews._coder = coder

    with being_coded(client, coder, "198.51.100.1"):
        refused = client.post("/v1/code", json=TEXT, headers=by("198.51.100.1"))
        assert client.get("/healthz").status_code == 200

    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "5")
    assert refused.get_json()["detail"] == "Too many texts are being coded; try again."
    assert client.post("/v1/code", json=TEXT, headers=by("198.51.100.1")).status_code == 200, "its place is free again"


def test_places_are_bounded_over_all_clients() -> None:
    places = TrialPlaces(4)
    with places.place("a"), places.place("a"):
        with pytest.raises(ServiceUnavailable), places.place("a"):
            pass
        with places.place("b"), places.place("c"), pytest.raises(ServiceUnavailable), places.place("d"):
            pass
        with places.place("d"):
            pass


def test_there_is_always_one_place() -> None:
    with TrialPlaces(0).place("a"):
        pass

"""Turns at computing that slow clients don't hold, and which of them are given up when too many are awaited."""

import io
import math
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from api.http import patient_app
from api.http.patient_app import REST, PatientApp
from api.http.slow_clients import LEAST_SECONDS, Awaited, Waiting
from api.http.turns import Turns


def start(status: str, headers: list[tuple[str, str]], *_: object) -> Any:
    """start_response of a server that sends nothing."""


def environ(**more: object) -> dict[str, Any]:
    return {"REMOTE_ADDR": "192.0.2.1", "SERVER_PORT": "1", **more}


def parts(environ: dict[str, Any]) -> Iterator[bytes]:
    yield b"one"
    if "wsgi.input" in environ:
        yield environ["wsgi.input"].read(10)
    yield b"two"


def streaming(environ: dict[str, Any], start_response: Any) -> Iterator[bytes]:
    start_response("200 OK", [])
    return parts(environ)


@pytest.fixture
def app() -> PatientApp:
    """An app with a single turn: what holds it would block all else for good."""
    return PatientApp(streaming, Turns(1))


def test_between_two_parts_of_a_response_no_turn_is_held(app: PatientApp) -> None:
    slow = iter(app(environ(), start))
    assert next(slow) == b"one"

    assert list(app(environ(), start)) == [b"one", b"two"]
    assert list(slow) == [b"two"]


def test_while_a_body_is_read_no_turn_is_held(app: PatientApp) -> None:
    class Body(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            assert list(app(environ(), start)) == [b"one", b"two"]
            return super().read(size)

    with_body = {"CONTENT_LENGTH": "3", "wsgi.input": Body(b"abc")}
    assert list(app(environ(**with_body), start)) == [b"one", b"abc", b"two"]
    assert list(app(environ(), start)) == [b"one", b"two"], "and it came back"


@pytest.mark.parametrize(
    ("length", "limited"),
    [({"CONTENT_LENGTH": "3"}, [True, False]), ({"HTTP_TRANSFER_ENCODING": "chunked"}, [True, True]), ({}, [False])],
)
def test_a_client_may_pause_for_as_long_as_it_likes_only_when_its_body_has_ended(
    monkeypatch: pytest.MonkeyPatch, length: dict[str, str], limited: list[bool]
) -> None:
    awaited: list[bool] = []

    class Noting(Waiting):
        def enter(self, client: Awaited) -> bool:
            awaited.append(client.until < math.inf)
            return True

    monkeypatch.setattr(patient_app, "Waiting", Noting)
    body = {**length, "wsgi.input": io.BytesIO(b"abc")} if length else {}

    answer = iter(PatientApp(streaming, Turns(1))(environ(**body), start))
    assert next(answer) == b"one"
    reading = awaited.copy()
    list(answer)

    assert [*reading, *awaited[-1:]] == [limited[0], limited[-1]]


def test_a_rest_is_taken_without_a_turn() -> None:
    turns = Turns(1)
    others = threading.Thread(target=lambda: (turns.take(), turns.leave()))

    def resting(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        others.start()
        while others.is_alive():
            # For good, if it were not given back.
            environ[REST](0.001)
        start_response("200 OK", [])
        return [b"rested"]

    assert list(PatientApp(resting, turns)(environ(), start)) == [b"rested"]


def test_probes_are_answered_when_every_turn_is_taken() -> None:
    probing = PatientApp(streaming, Turns(0))

    assert list(probing(environ(PATH_INFO="/healthz"), start)) == [b"one", b"two"]


def test_an_app_that_fails_returns_its_turn() -> None:
    def failing(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        raise LookupError

    app = PatientApp(failing, Turns(1))
    for _ in range(2):
        with pytest.raises(LookupError):
            app(environ(), start)


# Who gives way. Nothing listens on this port, so no connection is closed here.


def client(address: str, age: float = 0.0, moved: int = 0, *, proxied: bool = False) -> Awaited:
    began = time.monotonic() - age
    return Awaited(address, 1, proxied, began, began, began + 1000, moved)


def given_up(waiting: Waiting, *clients: Awaited) -> list[Awaited]:
    assert all(waiting.enter(one) for one in clients)
    return [one for one in clients if one.given_up is not None]


OLD = 10 * LEAST_SECONDS


def test_the_address_with_most_gives_way() -> None:
    one, two, three = client("192.0.2.1", 2 * OLD), client("192.0.2.2", OLD), client("192.0.2.2", OLD + 1)

    assert given_up(Waiting(places=3), one, two, three, client("192.0.2.3")) == [three]


def test_of_one_address_the_slowest_gives_way() -> None:
    fast, slow = client("192.0.2.1", OLD, 1_000_000), client("192.0.2.1", OLD, 100)

    assert given_up(Waiting(places=2), fast, slow, client("192.0.2.2")) == [slow]


def test_addresses_of_one_ipv6_network_give_way_as_one() -> None:
    one, two, three = client("192.0.2.1", 2 * OLD), client("2001:db8::1", OLD), client("2001:db8::2", OLD + 1)

    assert given_up(Waiting(places=3), one, two, three, client("192.0.2.3")) == [three]


def test_one_that_has_only_come_gives_way_only_when_no_thread_is_left() -> None:
    waiting, new = Waiting(places=1, spare=1), [client("192.0.2.1", n / 1000) for n in (2, 1, 0)]

    assert given_up(waiting, *new[:2]) == []
    assert given_up(waiting, new[2]) == []
    assert [one.given_up is not None for one in new] == [True, False, False]


def test_a_trusted_proxy_is_refused_instead_of_given_up() -> None:
    waiting = Waiting(places=1, spare=1)
    proxied = [client("192.0.2.1", OLD, proxied=True) for _ in range(2)]
    assert given_up(waiting, *proxied) == []

    assert not waiting.enter(client("192.0.2.1", proxied=True))
    assert [one.given_up for one in proxied] == [None, None]

"""Hot reads: same responses as the Flask view, and other requests are passed on to it."""

import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from flask import Flask, request_started
from flask.testing import FlaskClient

from api.app import create_app
from entente.bootstrap.container import Container

RELATION = "/v1/relations/RUS/AFG"

#: Headers of their own in every answer, and one that the server adds where it is missing.
OWN = {"X-Request-Id", "RateLimit", "Date"}

PLAIN = [
    {},
    {"Accept-Encoding": "gzip"},
    {"Accept-Encoding": "gzip, deflate, br"},
    {"Accept-Encoding": "identity"},
    {"Accept-Encoding": "br"},
    {"Accept": "text/csv"},
    {"X-Request-Id": "mine-1"},
    {"If-None-Match": "*"},
    {"If-None-Match": '"1-2025-07-04-00000000"'},
    {"If-None-Match": "no tag at all"},
]


@pytest.fixture
def app(container: Container, recognition: str) -> Flask:
    return create_app(container)


@pytest.fixture
def read_key(container: Container) -> str:
    return container.keys.add("reader", ["read"]).token


@contextmanager
def counted(app: Flask) -> Iterator[list[Flask]]:
    """The requests that Flask was given."""
    seen: list[Flask] = []

    def note(sender: Flask, **_: object) -> None:
        seen.append(sender)

    with request_started.connected_to(note, app):
        yield seen


def both(app: Flask, path: str, headers: dict[str, str], key: str) -> tuple[tuple[object, ...], tuple[object, ...]]:
    """What the hot path answers, and what Flask does, to which a request with a key goes."""
    client = app.test_client()
    client.get(path)
    with counted(app) as seen:
        hot = client.get(path, headers=headers)
        assert not seen
        cold = client.get(path, headers=headers | {"Authorization": f"Bearer {key}"})
        assert len(seen) == 1

    def told(answer: object) -> tuple[object, ...]:
        kept = sorted((name, value) for name, value in answer.headers if name not in OWN)  # type: ignore[attr-defined]  # a TestResponse
        return answer.status, kept, answer.data  # type: ignore[attr-defined]  # a TestResponse

    return told(hot), told(cold)


@pytest.mark.parametrize("headers", PLAIN, ids=str)
def test_a_hot_read_is_answered_as_the_view_answers_it(app: Flask, read_key: str, headers: dict[str, str]) -> None:
    hot, cold = both(app, RELATION, headers, read_key)
    if "Content-Encoding" in dict(cold[1]):  # type: ignore[call-overload]  # pairs
        # The two compressors stamp different times.
        hot, cold = (*hot[:2], unpacked(hot[2])), (*cold[:2], unpacked(cold[2]))
    assert hot == cold


def unpacked(body: object) -> bytes:
    assert isinstance(body, bytes)
    return gzip.decompress(body)


@pytest.mark.parametrize("name", ["Russia", "rus", "RU", "cow:365", "Q159", "Soviet%20Union"])
def test_a_hot_read_under_another_name_says_where_the_record_lives(app: Flask, read_key: str, name: str) -> None:
    hot, cold = both(app, f"/v1/relations/{name}/AFG", {}, read_key)
    assert hot == cold
    assert dict(hot[1])["Content-Location"] == RELATION  # type: ignore[call-overload]  # pairs


@pytest.mark.parametrize("coding", ["", "gzip"])
@pytest.mark.parametrize("weak", ["", "W/"])
def test_each_tag_that_was_given_is_good_for_a_304(app: Flask, read_key: str, coding: str, weak: str) -> None:
    accepting = {"Accept-Encoding": coding} if coding else {}
    tag = weak + app.test_client().get(RELATION, headers=accepting).headers["ETag"]
    hot, cold = both(app, RELATION, accepting | {"If-None-Match": tag}, read_key)
    assert hot[0] == "304 NOT MODIFIED"
    assert (hot[0], hot[2]) == (cold[0], cold[2])
    assert dict(hot[1])["ETag"] == dict(cold[1])["ETag"]  # type: ignore[call-overload]  # pairs


@pytest.mark.parametrize(
    ("method", "path", "headers"),
    [
        ("HEAD", RELATION, {}),
        ("GET", f"{RELATION}?as_of=2025-07-04", {}),
        ("GET", f"{RELATION}/", {}),
        ("GET", f"{RELATION}/history", {}),
        ("GET", "/v1/relations/RUS/Atlantis", {}),
        ("GET", "/v1/relations/RUS/RUS", {}),
        ("GET", "/v1/relations//RUS", {}),
        ("GET", RELATION, {"Accept-Encoding": "gzip;q=0.5, *"}),
        ("GET", RELATION, {"Authorization": "Bearer wrong"}),
        # A version that its sender has seen and this process hasn't: the ledger is asked.
        ("GET", RELATION, {"If-None-Match": '"99-2025-07-04-00000000"'}),
    ],
)
def test_what_is_not_plain_is_left_to_the_view(app: Flask, method: str, path: str, headers: dict[str, str]) -> None:
    client = app.test_client()
    client.get(RELATION)
    with counted(app) as seen:
        client.open(path, method=method, headers=headers)
    assert len(seen) == 1


def test_a_hot_read_needs_a_key_where_reading_is_closed(container: Container, recognition: str) -> None:
    container.settings = replace(container.settings, open_reading="never")
    client: FlaskClient = create_app(container).test_client()
    assert client.get(RELATION).status_code == 401


def test_hot_reads_count_against_the_allowance(container: Container, recognition: str) -> None:
    container.settings = replace(container.settings, rate_limit=2)
    client = create_app(container).test_client()
    assert [client.get(RELATION).status_code for _ in range(3)] == [200, 200, 429]

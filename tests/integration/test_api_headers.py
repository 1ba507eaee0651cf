"""Compression, and the headers that state limits."""

import gzip
import json
from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from api.app import create_app
from entente.bootstrap.container import Container

GZIP = {"Accept-Encoding": "gzip"}


def test_a_long_answer_is_compressed_for_who_asks(client: FlaskClient, recognition: str) -> None:
    plain, packed = client.get("/v1/codebook"), client.get("/v1/codebook", headers=GZIP)

    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert len(packed.data) < len(plain.data) / 4
    assert "Accept-Encoding" in plain.headers["Vary"]


def test_a_compressed_answer_has_a_tag_of_its_own_that_is_good_for_304(client: FlaskClient, recognition: str) -> None:
    plain, packed = client.get("/v1/relations/RUS/AFG"), client.get("/v1/relations/RUS/AFG", headers=GZIP)

    assert packed.headers["ETag"] != plain.headers["ETag"]
    for tag in (plain.headers["ETag"], packed.headers["ETag"]):
        again = client.get("/v1/relations/RUS/AFG", headers=GZIP | {"If-None-Match": tag})
        assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize("path", ["/healthz", "/v1/events?format=csv"])
def test_what_is_short_or_streamed_is_not_compressed(client: FlaskClient, path: str) -> None:
    assert "Content-Encoding" not in client.get(path, headers=GZIP).headers


def test_a_client_is_told_how_much_it_may_ask_and_stopped_beyond(container: Container) -> None:
    container.settings = replace(container.settings, rate_limit=3)
    client = create_app(container).test_client()

    answers = [client.get("/v1/changes") for _ in range(4)]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert [answer.headers["RateLimit"].split(";")[1] for answer in answers] == ["r=2", "r=1", "r=0", "r=0"]
    assert answers[0].headers["RateLimit-Policy"] == '"address";q=3;w=60'
    refused = answers[3]
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert refused.content_type == "application/problem+json"
    assert json.loads(refused.data)["status"] == 429


def test_without_a_limit_nothing_is_counted(container: Container) -> None:
    container.settings = replace(container.settings, rate_limit=0)

    assert "RateLimit" not in create_app(container).test_client().get("/v1/changes").headers


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_probes_are_never_limited(container: Container, path: str) -> None:
    container.settings = replace(container.settings, rate_limit=1)
    client = create_app(container).test_client()

    answers = [client.get(path) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert "RateLimit" not in answers[0].headers
    assert client.get("/v1/changes").status_code == 200, "nor do they count"

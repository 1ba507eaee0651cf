"""CORS: which pages may read answers, on every path through the API, and what `*` does not open."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from api.app import create_app
from entente.bootstrap.container import Container

MAPS, OTHER = "https://maps.example", "https://other.example"
HOT, LIST, MISSING = "/v1/relations/RUS/AFG", "/v1/events", "/v1/relations/RUS/Atlantis"
PREFLIGHT = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization"}


@pytest.fixture
def client_with(container: Container, recognition: str) -> Callable[..., FlaskClient]:
    """`client_with(origins, **settings)`: a client without a key of an API with this ENTENTE_CORS_ORIGINS."""

    def make(origins: Sequence[str], **settings: object) -> FlaskClient:
        container.settings = replace(container.settings, cors_origins=tuple(origins), **settings)
        client = create_app(container).test_client()
        client.get(HOT)
        return client

    return make


Clients = Callable[..., FlaskClient]
every_path = pytest.mark.parametrize("path", [HOT, LIST, MISSING, "/openapi.json"])


@every_path
def test_without_the_setting_no_page_may_read(client_with: Clients, path: str) -> None:
    headers = client_with([]).get(path, headers={"Origin": MAPS}).headers

    assert not [name for name, _ in headers if name.startswith("Access-Control")]
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"


@every_path
def test_a_page_that_is_listed_may_read_and_another_may_not(client_with: Clients, path: str) -> None:
    client = client_with([MAPS, "http://localhost:5173"])

    allowed = client.get(path, headers={"Origin": MAPS}).headers
    assert allowed["Access-Control-Allow-Origin"] == MAPS
    assert {"ETag", "Link", "Retry-After"} <= set(allowed["Access-Control-Expose-Headers"].split(", "))
    assert allowed.getlist("Cross-Origin-Resource-Policy") == ["cross-origin"]
    for given in ({"Origin": OTHER}, {"Origin": "null"}, {}):
        refused = client.get(path, headers=given).headers
        assert "Access-Control-Allow-Origin" not in refused
        assert refused.getlist("Cross-Origin-Resource-Policy") == ["same-origin"]
        assert "Origin" in refused.getlist("Vary")


@every_path
def test_with_any_every_page_may_read(client_with: Clients, path: str) -> None:
    client = client_with(["*"], open_reading="always")

    for given in ({"Origin": OTHER}, {"Origin": "null"}, {}):
        headers = client.get(path, headers=given).headers
        assert headers["Access-Control-Allow-Origin"] == "*"
        assert headers["Cross-Origin-Resource-Policy"] == "cross-origin"
        assert "Origin" not in headers.getlist("Vary")


@pytest.mark.parametrize("origins", [[MAPS], ["*"]])
def test_credentials_are_never_allowed(client_with: Clients, origins: list[str]) -> None:
    client = client_with(origins)

    for answer in (
        client.get(HOT, headers={"Origin": MAPS}),
        client.options(LIST, headers={"Origin": MAPS} | PREFLIGHT),
    ):
        assert "Access-Control-Allow-Credentials" not in answer.headers


@pytest.mark.parametrize("origins", [[MAPS], ["*"]])
@pytest.mark.parametrize("path", ["/v1/articles", HOT, "/v1/changes/stream"])
def test_a_preflight_request_of_an_allowed_page_needs_no_key(
    client_with: Clients, origins: list[str], path: str
) -> None:
    answer = client_with(origins, open_reading="never").options(path, headers={"Origin": MAPS} | PREFLIGHT)

    assert (answer.status_code, answer.data) == (204, b"")
    assert answer.headers["Access-Control-Allow-Origin"] in (MAPS, "*")
    assert {"GET", "POST", "DELETE"} <= set(answer.headers["Access-Control-Allow-Methods"].split(", "))
    allowed = set(answer.headers["Access-Control-Allow-Headers"].split(", "))
    assert {"Authorization", "If-Modified-Since", "If-None-Match"} <= allowed
    assert answer.headers["Access-Control-Max-Age"] == "7200"


def test_a_preflight_request_of_another_page_is_a_plain_options_request(client_with: Clients) -> None:
    answer = client_with([MAPS]).options("/v1/code", headers={"Origin": OTHER} | PREFLIGHT)

    assert set(answer.headers["Allow"].split(", ")) == {"POST", "OPTIONS"}
    assert "Access-Control-Allow-Methods" not in answer.headers


def test_preflight_requests_count_against_the_allowance(client_with: Clients) -> None:
    client = client_with(["*"], rate_limit=3)
    answers = [client.options(LIST, headers={"Origin": MAPS} | PREFLIGHT) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [204, 204, 429]
    assert answers[2].headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("path", [HOT, LIST, "/metrics"])
def test_a_page_that_only_any_allows_is_not_this_machine(client_with: Clients, path: str) -> None:
    client = client_with(["*"])

    assert client.get(path, headers={"Origin": OTHER}).status_code == 401
    assert client.get(path, headers={"Origin": "null"}).status_code == 401
    assert client.get(path).status_code == 200
    assert client.get(path, headers={"Origin": "http://localhost"}).status_code == 200


def test_a_page_that_is_listed_reads_from_this_machine_without_a_key(client_with: Clients) -> None:
    assert client_with([MAPS]).get(HOT, headers={"Origin": MAPS}).status_code == 200

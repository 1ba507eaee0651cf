"""The API on a real server over real connections."""

import http.client
import json
import socket
from collections.abc import Iterator
from contextlib import closing
from urllib.parse import urlsplit

import pytest

from entente.relations.events import STATUSES
from tests.integration.conftest import TEXT


class Connection(http.client.HTTPConnection):
    """A connection whose requests carry a key."""

    key = ""


@pytest.fixture
def connection(server: str, key: str) -> Iterator[Connection]:
    with closing(Connection(urlsplit(server).netloc, timeout=60)) as connection:
        connection.key = key
        yield connection


def ask(
    connection: Connection, method: str, path: str, body: object = None, **headers: str
) -> tuple[int, http.client.HTTPMessage, bytes]:
    named = {"Authorization": f"Bearer {connection.key}"} | {
        name.replace("_", "-"): value for name, value in headers.items()
    }
    connection.request(method, path, body, named)  # type: ignore[arg-type]  # bytes, str or None
    answer = connection.getresponse()
    return answer.status, answer.headers, answer.read()


def test_an_article_goes_in_and_is_reported_on_one_connection(connection: Connection) -> None:
    body = json.dumps({"text": TEXT + " And more."}).encode()

    status, headers, accepted = ask(connection, "POST", "/v1/articles", body, Content_Type="application/json")
    assert status == 202
    again, _, same = ask(connection, "POST", "/v1/articles", body, Content_Type="application/json")
    assert (again, json.loads(same)["id"]) == (200, json.loads(accepted)["id"])
    status, _, report = ask(connection, "GET", headers["Location"])
    assert (status, json.loads(report)["status"]) == (200, "pending")


def test_who_has_the_state_already_gets_no_body(connection: Connection) -> None:
    status, headers, body = ask(connection, "GET", "/v1/relations/RUS/AFG")
    assert (status, json.loads(body)["facets"]["recognition"]["value"]) == (200, "recognised")

    status, again, body = ask(connection, "GET", "/v1/relations/RUS/AFG", If_None_Match=headers["ETag"])

    assert (status, again["ETag"], body) == (304, headers["ETag"], b"")


@pytest.mark.parametrize("size", [4_000_001, 30_000_000])
def test_a_body_that_is_too_large_is_refused_and_the_connection_goes_on(connection: Connection, size: int) -> None:
    status, headers, body = ask(connection, "POST", "/v1/articles", b"x" * size, Content_Type="application/json")

    assert (status, headers["Content-Type"]) == (413, "application/problem+json")
    assert json.loads(body)["type"] == "/problems/too-large"
    assert ask(connection, "GET", "/healthz")[0] == 200


def test_a_body_of_unknown_length_is_held_to_the_same_limit(connection: Connection) -> None:
    endless = (b" " * 100_000 for _ in range(60))

    status, _, _ = ask(connection, "POST", "/v1/articles", endless, Content_Type="application/json")

    assert status == 413


def test_a_body_that_breaks_off_stores_nothing_and_hurts_nobody(server: str, key: str) -> None:
    address = urlsplit(server)
    head = f"POST /v1/articles HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {key}\r\nContent-Type: application/json\r\n"
    with socket.create_connection((str(address.hostname), int(address.port or 0)), timeout=60) as broken:
        broken.sendall(f"{head}Content-Length: 100\r\n\r\n{{".encode())
        broken.shutdown(socket.SHUT_WR)
        answer = broken.recv(65536)

    assert answer.split()[1] in (b"400", b"422")
    with closing(Connection(address.netloc, timeout=60)) as connection:
        connection.key = key
        assert ask(connection, "GET", "/healthz")[0] == 200


def test_the_longest_path_and_query_that_we_understand_get_through(connection: Connection) -> None:
    name = "%F0%9F%98%80" * 80
    query = (
        f"source={name}&target={name}&cursor={'A' * 600}&status={','.join(STATUSES)}&act={','.join(['a' * 40] * 20)}"
    )

    status, headers, _ = ask(connection, "GET", f"/v1/relations/{name}/{name}?as_of=2025-07-03")
    assert (status, headers["Content-Type"]) == (404, "application/problem+json")
    status, headers, _ = ask(connection, "GET", f"/v1/events?{query}")
    assert (status, headers["Content-Type"]) == (422, "application/problem+json")

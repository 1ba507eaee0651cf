"""Slow request bodies over real HTTP: they time out with an error, and other requests are served meanwhile."""

import json
import socket
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack
from http.client import HTTPResponse
from urllib.parse import urlsplit

import pytest
import requests

from api.http.slow_clients import BODY_SECONDS
from entente.bootstrap.api_server import BODY_PLACES

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="connections are ended through /proc")

THREADS = 4

#: Seconds after which a server that ends nothing fails the test; a busy machine may need several times BODY_SECONDS.
PATIENCE = 120


@pytest.fixture(scope="module")
def api(api_of_its_own: Callable[..., AbstractContextManager[tuple[str, str]]]) -> Iterator[tuple[str, str]]:
    """Where a running API is, and a key to send articles with."""
    with api_of_its_own(ENTENTE_API_THREADS=str(THREADS)) as found:
        yield found


def begun(api: tuple[str, str], path: str = "/articles", kind: str = "application/json") -> socket.socket:
    """A connection on which the head of a request and some of its body were sent."""
    parts = urlsplit(api[0])
    connection = socket.create_connection((parts.hostname, parts.port), timeout=PATIENCE)
    head = f"POST {parts.path}{path} HTTP/1.1\r\nHost: {parts.netloc}\r\nAuthorization: Bearer {api[1]}\r\n"
    connection.sendall(f'{head}Content-Type: {kind}\r\nContent-Length: 5000\r\n\r\n{{"text": "'.encode())
    return connection


def posted(api: tuple[str, str], text: str) -> requests.Response:
    headers = {"Authorization": f"Bearer {api[1]}"}
    return requests.post(f"{api[0]}/articles", json={"text": text}, headers=headers, timeout=PATIENCE)


def status(connection: socket.socket) -> bytes:
    return connection.recv(4096).split(b"\r\n")[0]


def test_more_half_sent_bodies_than_threads_keep_nobody_from_being_served(api: tuple[str, str]) -> None:
    with ExitStack() as stack:
        slow = [stack.enter_context(begun(api)) for _ in range(2 * THREADS)]
        time.sleep(0.5)
        for n in range(5):
            assert requests.get(f"{api[0]}/countries/RUS", timeout=PATIENCE).status_code == 200
            assert posted(api, f"Kenya recognised Kosovo on Tuesday, said report {n}.").status_code == 202
        slow[0].sendall(b"x" * 4989 + b'"}'[:1])
        assert status(slow[0]) == b"HTTP/1.1 400 Bad Request", "one that goes on in time is read"


def test_when_every_place_is_taken_the_slowest_give_way(api: tuple[str, str]) -> None:
    with ExitStack() as stack:
        slow = [stack.enter_context(begun(api)) for _ in range(BODY_PLACES + 20)]
        time.sleep(2)
        assert posted(api, "Kenya recognised Kosovo on Wednesday.").status_code == 202
        assert requests.get(f"{api[0]}/countries/RUS", timeout=PATIENCE).status_code == 200
        told = {status(connection) for connection in slow}
    assert told == {b"HTTP/1.1 408 Request Timeout"}, "the new ones are never refused"


def test_a_batch_is_answered_though_its_client_reads_only_after_it_has_sent_all(api: tuple[str, str]) -> None:
    # More than buffers on the way hold of either: a body of 20 MB, answers of as much.
    body = (b"{" + b" " * 398 + b"\n") * 50_000
    parts = urlsplit(api[0])
    with socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65_536)
        connection.settimeout(PATIENCE)
        connection.connect((parts.hostname, parts.port))
        head = f"POST {parts.path}/articles:batch HTTP/1.1\r\nHost: {parts.netloc}\r\n"
        head += f"Authorization: Bearer {api[1]}\r\nContent-Type: application/x-ndjson\r\n"
        connection.sendall(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
        answer = HTTPResponse(connection)
        answer.begin()
        lines = answer.read().splitlines()
    assert answer.status == 200
    assert [json.loads(line)["line"] for line in lines] == list(range(1, 50_001))


def ended(connection: socket.socket) -> tuple[bytes, float]:
    """All that comes on a connection until the server ends it, and how many seconds that took."""
    begin, answer = time.monotonic(), b""
    while more := connection.recv(4096):
        answer += more
    return answer, time.monotonic() - begin


@pytest.fixture(scope="module")
def endings(api: tuple[str, str]) -> dict[str, tuple[bytes, float]]:
    """How two bodies that stop coming end, side by side: that of an article, and that of a batch in its second line."""
    with (
        begun(api) as article,
        begun(api, "/articles:batch", "application/x-ndjson") as batch,
        ThreadPoolExecutor(2) as pool,
    ):
        batch.sendall(b'Kenya recognised Kosovo on Friday."}\n{"text"')
        awaited = {name: pool.submit(ended, slow) for name, slow in (("article", article), ("batch", batch))}
        return {name: ending.result() for name, ending in awaited.items()}


def test_a_body_that_does_not_come_is_answered_with_408(endings: dict[str, tuple[bytes, float]]) -> None:
    answer, seconds = endings["article"]
    assert answer.startswith(b"HTTP/1.1 408 Request Timeout")
    assert b'"status":408' in answer
    assert seconds > BODY_SECONDS - 2, "it has its time"


def test_a_batch_that_stops_coming_ends_after_what_was_answered(
    api: tuple[str, str], endings: dict[str, tuple[bytes, float]]
) -> None:
    answer, seconds = endings["batch"]
    assert answer.startswith(b"HTTP/1.1 200 OK")
    assert b"408" not in answer
    assert not answer.endswith(b"0\r\n\r\n"), "a client must not take it for all"
    assert seconds > BODY_SECONDS - 2, "it has its time"
    assert posted(api, "Kenya recognised Kosovo on Thursday.").status_code == 202

"""Silent connections, half-sent heads and dripped bodies over real HTTP: honest requests are served beside them."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack

import pytest
import requests

from api.http.idle_connections import IDLE_OF_ONE_ADDRESS
from entente.bootstrap.api_server import BODY_PLACES
from tests.processes import until
from tests.slow_clients import SlowClients, connect, is_open

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="connections are ended through /proc")

OwnApi = Callable[..., AbstractContextManager[tuple[str, str]]]

HALF_A_HEAD = b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: "
HALF_A_BODY = (
    b"POST /v1/code HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 5000\r\n\r\n{"
)


@pytest.fixture(scope="module")
def api(api_of_its_own: OwnApi) -> Iterator[tuple[str, str]]:
    """Where a running API is, and a key to send articles with."""
    with api_of_its_own(ENTENTE_API_THREADS="4", ENTENTE_CODE_RATE_LIMIT="0") as found:
        yield found


@pytest.fixture
def statuses(api: tuple[str, str]) -> Callable[[int], set[int]]:
    """`statuses(n)`: what n rounds of honest requests are answered with, each on a connection of its own."""
    headers = {"Authorization": f"Bearer {api[1]}"}
    url = api[0]

    def ask(rounds: int) -> set[int]:
        found = set()
        for n in range(rounds):
            article = {"text": f"Kenya recognised Kosovo on Tuesday, said report {time.monotonic_ns()}, {n}."}
            found.add(requests.post(f"{url}/articles", json=article, headers=headers, timeout=30).status_code)
            found.add(requests.get(f"{url}/countries/RUS", timeout=30).status_code)
            found.add(requests.get(f"{url.removesuffix('/v1')}/healthz", timeout=30).status_code)
        return found

    return ask


@pytest.mark.parametrize(
    "slow",
    [
        {"count": 300},
        {"count": 300, "head": HALF_A_HEAD, "drip": b"a"},
        {"count": BODY_PLACES + 4, "head": HALF_A_BODY, "drip": b" "},
        {"count": 4 * BODY_PLACES, "head": HALF_A_BODY, "drip": b" ", "address": "127.0.0.2"},
    ],
    ids=[
        "silent",
        "half-sent heads",
        "some more dripped bodies than places",
        "four times as many from another address",
    ],
)
def test_slow_clients_keep_nobody_out(
    api: tuple[str, str], statuses: Callable[[int], set[int]], slow: dict[str, object]
) -> None:
    with SlowClients(api[0], **slow).attacking() as clients:
        assert statuses(20) == {200, 202}
        until(lambda: statuses(1) == {200, 202} and clients.ended > 0)
        assert statuses(20) == {200, 202}


def test_idle_connections_of_one_address_are_closed_down_to_the_bound(api: tuple[str, str]) -> None:
    with ExitStack() as stack:
        silent = [stack.enter_context(connect(api[0])) for _ in range(IDLE_OF_ONE_ADDRESS + 30)]
        until(lambda: sum(map(is_open, silent)) <= IDLE_OF_ONE_ADDRESS)


@pytest.mark.parametrize("sent", [b"", HALF_A_HEAD], ids=["silent", "half a head"])
def test_a_head_that_does_not_come_is_not_awaited_for_long(api: tuple[str, str], sent: bytes) -> None:
    with connect(api[0]) as slow:
        slow.sendall(sent)
        # The socket's own time-out, far longer than HEADER_SECONDS, would raise.
        assert slow.recv(100) == b""


def test_connections_of_a_trusted_proxy_are_left_to_it(api_of_its_own: OwnApi) -> None:
    with api_of_its_own(ENTENTE_TRUSTED_PROXIES="127.0.0.1") as (url, _), ExitStack() as stack:
        begun = time.monotonic()
        idle = [stack.enter_context(connect(url)) for _ in range(IDLE_OF_ONE_ADDRESS + 30)]
        time.sleep(1.5)
        left = sum(map(is_open, idle))
        # On a machine that was held up the server has rightly ended them all by now.
        assert left == len(idle) or time.monotonic() - begun > 4

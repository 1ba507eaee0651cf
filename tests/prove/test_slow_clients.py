"""Slow clients in numbers: silent connections, half-sent heads and dripped bodies beside honest requests."""

import os
import time

import pytest
import requests

from entente.bootstrap.container import Container
from entente.bootstrap.settings import Settings
from tests.prove.figures import record
from tests.running_stack import up
from tests.slow_clients import SlowClients

pytestmark = pytest.mark.prove

CONNECTIONS = int(os.environ.get("ENTENTE_PROVE_CONNECTIONS", "1100"))
SECONDS = float(os.environ.get("ENTENTE_PROVE_SLOW_SECONDS", "12"))

HALF_A_HEAD = b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: "
HALF_A_BODY = (
    b"POST /v1/code HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 5000\r\n\r\n{"
)


SAME, OTHER = "127.0.0.1", "127.0.0.2"


@pytest.mark.parametrize(
    ("head", "drip", "count", "address"),
    [
        (b"", b"", CONNECTIONS, SAME),
        (HALF_A_HEAD, b"a", CONNECTIONS, SAME),
        (HALF_A_BODY, b" ", 60, SAME),
        (b"", b"", CONNECTIONS, OTHER),
        (HALF_A_HEAD, b"a", CONNECTIONS, OTHER),
        # As many bodies at once from one's own address would now and then take one's own with them.
        (HALF_A_BODY, b" ", 400, OTHER),
    ],
)
def test_honest_requests_are_served_beside_slow_ones(
    tmp_path, head: bytes, drip: bytes, count: int, address: str
) -> None:
    sent = {b"": "nothing", HALF_A_HEAD: "half a head", HALF_A_BODY: "half a body"}[head]
    with up(tmp_path, ENTENTE_CODE_RATE_LIMIT="0") as (_, places):
        container = Container(Settings(tmp_path, f"sqlite:///{tmp_path}/entente.db"))
        headers = {"Authorization": f"Bearer {container.keys.add('prove', ['ingest']).token}"}
        container.close()
        api = places["api"]
        waits: list[float] = []
        failed: list[str] = []

        def ask(method: str, url: str, **more: object) -> None:
            begun = time.monotonic()
            try:
                answer = requests.request(method, url, timeout=60, **more)
                if not answer.ok:
                    failed.append(f"{method} {answer.status_code}")
            except requests.RequestException as error:
                failed.append(f"{method} {error!r}")
            waits.append(time.monotonic() - begun)

        with SlowClients(api, count, head, drip, address).attacking() as slow:
            until = time.monotonic() + SECONDS
            while time.monotonic() < until:
                ask("GET", f"{api.removesuffix('/v1')}/healthz")
                ask("GET", f"{api}/countries/RUS")
                text = f"Report {len(waits)}. France recalled its ambassador to Mali on Monday."
                ask("POST", f"{api}/articles", json={"text": text}, headers=headers)
                time.sleep(0.1)
        waits.sort()
        assert record(
            "",
            f"slow clients that send {sent} from {address} keep nobody out",
            figure=f"{count} slow connections, {slow.ended} more as they were ended; {len(waits)} honest requests, "
            f"{len(failed)} failed {sorted(set(failed))}, 99th percentile "
            f"{1000 * waits[int(0.99 * (len(waits) - 1))]:.0f} ms, slowest {1000 * waits[-1]:.0f} ms",
            aim="0 failed",
            held=not failed,
            full=True,
        )

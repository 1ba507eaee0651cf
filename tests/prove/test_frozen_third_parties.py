"""Redis and PostgreSQL frozen (SIGSTOP), with figures: acknowledgements beside 24 readers, and readiness."""

import os
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests
from redis import Redis

from entente.bootstrap import running
from entente.bootstrap.container import Container
from entente.bootstrap.settings import Settings
from tests.processes import frozen
from tests.prove.figures import record
from tests.running_stack import up

pytestmark = pytest.mark.prove

SECONDS = float(os.environ.get("ENTENTE_PROVE_FROZEN_READERS", "20"))
READERS = 24
KEYS = "USA RUS CHN FRA DEU GBR IND JPN BRA TUR IRN ISR EGY SAU UKR POL KEN NGA ETH PAK".split()


def summed(name: str, waits: list[float]) -> float:
    """Print median, 99th percentile and slowest, in milliseconds; the 99th percentile."""
    waits.sort()
    p50, p99, worst = (1000 * waits[int(part * (len(waits) - 1))] for part in (0.5, 0.99, 1))
    print(f"{name}: {len(waits)}, median {p50:.0f} ms, p99 {p99:.0f} ms, slowest {worst:.0f} ms")
    return p99


def redis_pid(data_dir: Path) -> int:
    stack = running.find(data_dir)
    assert stack
    with Redis.from_url(stack.redis_url) as client:
        return int(client.info("server")["process_id"])


@contextmanager
def readers(api: str, waits: list[float], statuses: set[int]) -> Iterator[None]:
    """READERS clients that read relations one after the other, without a pause."""
    done = threading.Event()

    def read(number: int) -> None:
        with requests.Session() as session:
            for n in range(number, 10_000_000):
                if done.is_set():
                    return
                source, target = KEYS[n % len(KEYS)], KEYS[(n + 1 + n // len(KEYS) % (len(KEYS) - 1)) % len(KEYS)]
                sent = time.monotonic()
                statuses.add(session.get(f"{api}/relations/{source}/{target}", timeout=60).status_code)
                waits.append(time.monotonic() - sent)

    with ThreadPoolExecutor(READERS) as pool:
        reading = [pool.submit(read, number) for number in range(READERS)]
        try:
            yield
        finally:
            done.set()
    for one in reading:
        one.result()


def acknowledged(api: str, key: str, seconds: float, statuses: set[int]) -> list[float]:
    """Send articles for so long; how long each acknowledgement took."""
    waits: list[float] = []
    until = time.monotonic() + seconds
    with requests.Session() as session:
        session.headers["Authorization"] = f"Bearer {key}"
        while time.monotonic() < until:
            text = f"Report {len(waits)} of {until}. France recalled its ambassador to Mali on Monday."
            sent = time.monotonic()
            statuses.add(session.post(f"{api}/articles", json={"text": text}, timeout=60).status_code)
            waits.append(time.monotonic() - sent)
            time.sleep(0.05)
    return waits


def test_beside_24_readers_a_frozen_redis_delays_no_acknowledgement(tmp_path: Path) -> None:
    with up(tmp_path) as (_, places):
        container = Container(Settings(tmp_path, f"sqlite:///{tmp_path}/entente.db"))
        key = container.keys.add("prove", ["ingest"]).token
        container.close()
        reads: list[float] = []
        read, taken = set[int](), set[int]()
        print()
        with readers(places["api"], [], read):
            summed("acknowledgements, Redis answering", acknowledged(places["api"], key, SECONDS / 4, taken))
        with readers(places["api"], reads, read):
            time.sleep(1)
            del reads[:]
            with frozen(redis_pid(tmp_path)):
                p99 = summed("acknowledgements, Redis frozen", acknowledged(places["api"], key, SECONDS, taken))
                summed("reads, Redis frozen", list(reads))
    assert record(
        "",
        "a frozen Redis delays no acknowledgement beside readers",
        figure=f"frozen for {SECONDS:g} s, {READERS} readers without a pause: answers {sorted(read | taken)}, 99th "
        f"percentile of acknowledgements {p99:.0f} ms",
        aim="all 200 and 202, < 500 ms",
        held=(read, taken) == ({200}, {202}) and p99 < 500,
        full=SECONDS >= 20,
    )


def test_readiness_is_told_within_two_seconds_whatever_is_frozen(
    tmp_path: Path, postgres_url: str, postgres_pid: int
) -> None:
    with up(tmp_path, ENTENTE_DATABASE_URL=postgres_url) as (_, places):
        base = places["api"].removesuffix("/v1")
        kinds: dict[str, tuple[list[int], int]] = {
            "nothing": ([], 200),
            "Redis": ([redis_pid(tmp_path)], 200),
            "PostgreSQL": ([postgres_pid], 503),
            "both": ([redis_pid(tmp_path), postgres_pid], 503),
        }
        slowest: dict[str, float] = {}
        print()
        for name, (pids, status) in kinds.items():
            _until(lambda: requests.get(f"{base}/readyz", timeout=5).json().get("status") == "ready")
            reads: list[float] = []
            with frozen(*pids), readers(places["api"], reads, set()):
                waits = []
                for _ in range(5):
                    asked = time.monotonic()
                    assert requests.get(f"{base}/readyz", timeout=60).status_code == status
                    waits.append(time.monotonic() - asked)
                    time.sleep(0.2)
                asked = time.monotonic()
                listed = requests.get(f"{places['api']}/changes", timeout=60)
                changes = time.monotonic() - asked
                assert listed.status_code == status
                assert ("Retry-After" in listed.headers) == (status == 503)
                slowest[name] = max(waits)
            print(f"{name} frozen: /readyz {status}, slowest {max(waits):.2f} s; /v1/changes {changes:.2f} s")
            summed(f"reads, {name} frozen", reads)
    worst = max(slowest.values())
    assert record(
        "",
        "`/readyz` answers soon, whatever is frozen",
        figure=f"nothing, Redis, PostgreSQL or both frozen: slowest {worst:.2f} s",
        aim="< 2 s",
        held=worst < 2,
        full=True,
    )


def _until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.2)

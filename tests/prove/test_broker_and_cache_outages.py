"""Promises 7 and 18 (docs/promises.md) with figures: a Redis that is emptied under load, and one that is restarted."""

import random
import re
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests
from redis import Redis
from redis.exceptions import RedisError

from entente.bootstrap import running
from entente.bootstrap.container import Container
from entente.bootstrap.embedded_redis import redis_server
from entente.cli.bench.ledgers import pairs
from tests.processes import until
from tests.prove.coded_ledgers import coded_ledger
from tests.prove.figures import record, size
from tests.running_stack import ENTENTE, environment, up

pytestmark = pytest.mark.prove

EVENTS, ALL_EVENTS = size("ENTENTE_PROVE_EVENTS", 4_000, 100_000), 100_000
WIPES = size("ENTENTE_PROVE_WIPES", 5, 60)
RESTARTS, ALL_RESTARTS = size("ENTENTE_PROVE_RESTARTS", 3, 100), 100
DYADS = 50
READERS = 4
REBUILD_AIM, RESTART_AIM = 30, 30

#: On a pair that no reader reads.
NEWS = "Kenya recalled its ambassador to Norway on Monday."

#: A rebuild raises the version of every record and leaves the rest of it.
_VERSION = re.compile(rb'"version":\d+')


class Reading:
    """READERS clients that read relations without a pause and compare them with what the ledger says."""

    def __init__(self, api: str, expected: Mapping[str, bytes]) -> None:
        self.reads = 0
        self.wrong: list[str] = []
        self.slowest = 0.0
        self._api = api
        self._expected = expected
        self._done = threading.Event()
        self._counting = threading.Lock()

    def read(self, first: int) -> None:
        paths = list(self._expected)
        with requests.Session() as session:
            for n in range(first, 10**9):
                if self._done.is_set():
                    return
                path, sent = paths[n * 7 % len(paths)], time.monotonic()
                answer = session.get(self._api + path, timeout=60)
                right = answer.status_code == 200 and unversioned(answer.content) == self._expected[path]
                with self._counting:
                    self.reads += 1
                    self.slowest = max(self.slowest, time.monotonic() - sent)
                    if not right:
                        self.wrong.append(f"{path}: {answer.status_code} {answer.text[:200]}")

    @contextmanager
    def going_on(self) -> Iterator[None]:
        threads = [threading.Thread(target=self.read, args=(n,)) for n in range(READERS)]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self._done.set()
            for thread in threads:
                thread.join()


def unversioned(body: bytes) -> bytes:
    return _VERSION.sub(b"", body)


def from_ledger(container: Container, dyads: int) -> dict[str, bytes]:
    """Path → record, of both directions of each pair; the container has no Redis."""
    both = [way for one, other in pairs(container.entities, dyads) for way in ((one, other), (other, one))]
    return {f"/relations/{a}/{b}": unversioned(container.relations.rendered(a, b).body) for a, b in both}


def send(api: str, key: str, text: str) -> str:
    """Send an article; its id."""
    headers = {"Authorization": f"Bearer {key}"}
    answer = requests.post(f"{api}/articles", json={"text": text}, headers=headers, timeout=30)
    answer.raise_for_status()
    id: str = answer.json()["id"]
    return id


def run(data_dir: Path, redis_url: str, *command: str) -> float:
    """Run a command of `entente`; its seconds. Fails if the command does."""
    begun = time.monotonic()
    given = environment(data_dir, ENTENTE_REDIS_URL=redis_url)
    done = subprocess.run([ENTENTE, *command], env=given, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return time.monotonic() - begun


def test_an_emptied_redis_gives_no_wrong_read_and_is_rebuilt(tmp_path: Path) -> None:
    container = coded_ledger(tmp_path, EVENTS, DYADS)
    expected = from_ledger(container, DYADS)
    key = container.keys.add("prove", ["ingest"]).token
    with up(tmp_path) as (_, places):
        stack = running.find(tmp_path)
        assert stack
        reading = Reading(places["api"], expected)
        with reading.going_on():
            for n in range(WIPES):
                # Articles on other pairs, so that the worker writes to the cache meanwhile.
                send(places["api"], key, f"Report {n}. {NEWS}")
                with Redis.from_url(stack.redis_url) as client:
                    client.flushall()
                time.sleep(1)
            beside = run(tmp_path, stack.redis_url, "rebuild")
        alone = run(tmp_path, stack.redis_url, "rebuild")
        run(tmp_path, stack.redis_url, "verify")
    container.close()
    assert reading.reads > 10 * WIPES, "the readers saw too little to prove anything"
    assert record(
        "7",
        "with Redis emptied, reads are right at once, and the cache is rebuilt",
        figure=f"emptied {WIPES} times beside {READERS} readers and a writer: {len(reading.wrong)} of "
        f"{reading.reads:,} reads wrong, slowest {1000 * reading.slowest:.0f} ms; {EVENTS:,} events "
        f"rebuilt in {alone:.1f} s, beside the "
        f"readers {beside:.1f} s; `entente verify` found no difference",
        aim=f"0 wrong; 100,000 events in less than {REBUILD_AIM} s",
        held=not reading.wrong and alone < REBUILD_AIM,
        full=EVENTS >= ALL_EVENTS,
    ), reading.wrong[:3]


class RestartableRedis:
    """A Redis on one Unix socket that is stopped and started again, with nothing saved."""

    def __init__(self, directory: str) -> None:
        self._directory = directory
        self._socket = f"{directory}/r.sock"
        self.url = f"unix://{self._socket}"
        self.start()

    def start(self) -> None:
        """Start it and wait until it answers."""
        options = ["--port", "0", "--unixsocket", self._socket, "--save", "", "--dir", self._directory]
        self._process = subprocess.Popen([redis_server(), *options], stdout=subprocess.DEVNULL)
        until(self._answers)

    def stop(self, how: signal.Signals) -> None:
        """Send it this signal and wait for its end."""
        self._process.send_signal(how)
        self._process.wait(20)

    def _answers(self) -> bool:
        try:
            with Redis.from_url(self.url) as client:
                return bool(client.ping())
        except RedisError:
            return False


@pytest.fixture
def restartable() -> Iterator[RestartableRedis]:
    # A socket's path may have some 107 bytes; pytest's tmp_path often has more.
    with tempfile.TemporaryDirectory(prefix="ent", dir="/tmp") as directory:
        redis = RestartableRedis(directory)
        yield redis
        redis.stop(signal.SIGKILL)


def test_the_worker_goes_on_after_each_restart_of_the_broker(tmp_path: Path, restartable: RestartableRedis) -> None:
    chance, taken = random.Random(18), []
    container = coded_ledger(tmp_path, 200, 10)
    key = container.keys.add("prove", ["ingest"]).token

    def coded(ids: list[str]) -> bool:
        with container.ledger.read() as unit:
            found = [unit.articles.get(id) for id in ids]
        return all(article is not None and article.status == "coded" for article in found)

    with up(tmp_path, ENTENTE_REDIS_URL=restartable.url) as (process, places):
        reading = Reading(places["api"], from_ledger(container, 10))
        with reading.going_on():
            for n in range(RESTARTS):
                restartable.stop(chance.choice((signal.SIGKILL, signal.SIGTERM)))
                ids = [send(places["api"], key, f"Report {n} a. {NEWS}")]
                time.sleep(chance.choice((0, 1, 3)))
                restartable.start()
                back = time.monotonic()
                ids.append(send(places["api"], key, f"Report {n} b. {NEWS}"))
                until(lambda ids=ids: coded(ids), seconds=4 * RESTART_AIM)
                taken.append(time.monotonic() - back)
        assert process.poll() is None
    container.close()
    within = sum(seconds <= RESTART_AIM for seconds in taken)
    assert record(
        "18",
        "the worker goes on after each restart of the broker, without intervention",
        figure=f"{RESTARTS} restarts by SIGKILL or SIGTERM, articles sent before and after each: {within} coded within "
        f"{RESTART_AIM} s, slowest {max(taken):.1f} s; {len(reading.wrong)} of {reading.reads:,} reads wrong",
        aim=f"100 of 100 within {RESTART_AIM} s",
        held=within == RESTARTS and not reading.wrong,
        full=RESTARTS >= ALL_RESTARTS,
    ), reading.wrong[:3]

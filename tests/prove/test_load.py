"""Promise 16 (docs/promises.md) with figures: reads beside eight writers that send signed webhooks.

Once with the reads at the rate of the aim, and once with readers that ask again as soon as they are answered.
"""

import json
import multiprocessing
import os
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, closing
from http.client import HTTPConnection
from multiprocessing.pool import ThreadPool
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from entente.bootstrap.container import Container
from entente.cli.bench.ledgers import pairs
from entente.cli.bench.load import Load, drive
from entente.cli.bench.senders import SENDERS
from entente.cli.bench.sending import sending
from tests.processes import until
from tests.prove.coded_ledgers import coded_ledger
from tests.prove.figures import percentile, record, size
from tests.running_stack import up

pytestmark = pytest.mark.prove

SECONDS, ALL_SECONDS = size("ENTENTE_PROVE_LOAD_SECONDS", 8, 600), 600
RATE = int(os.environ.get("ENTENTE_PROVE_INGEST_RATE", "200"))
WRITERS = 8
READERS = 8
EVENTS, DYADS = 5_000, 50

READ_AIM, P99_AIM = 1000, 50

#: As docs/operations.md advises where many read and send at once: two processes serve, and coding leaves them a core.
SETTINGS = {
    "ENTENTE_API_PROCESSES": "2",
    "ENTENTE_WORKER_PROCESSES": str(max(1, (os.cpu_count() or 1) - 1)),
    "ENTENTE_RATE_LIMIT": "0",
}


def bodies(container: Container, first: int, count: int) -> list[str]:
    """Articles on many pairs of states."""
    states = [entity.name for entity in container.entities if entity.kind == "state"]
    made = []
    for n in range(first, first + count):
        one, other = states[n % len(states)], states[(n * 7 + 1) % len(states)]
        made.append(json.dumps({"text": f"Report {n}. {one} imposed sanctions on {other} on Monday."}))
    return made


class PacedReads:
    """READERS connections that together read the paths at a rate; runs in a process of its own."""

    def __init__(self, base: str, paths: list[str], rate: float, seconds: float) -> None:
        self._base = urlsplit(base).netloc
        self._paths = paths
        self._pause = READERS / rate
        self._seconds = seconds

    def run(self) -> Load:
        """Read. Waits count from when a request was due. Raises AssertionError if an answer is not 200."""
        begun = time.monotonic()
        with ThreadPool(READERS) as pool:
            waits = [wait for waits in pool.map(self._read, range(READERS)) for wait in waits]
        return Load(len(waits) / (time.monotonic() - begun), 1000 * percentile(waits, 0.99))

    def _read(self, first: int) -> list[float]:
        waits, begun = [], time.monotonic() + first * self._pause / READERS
        with closing(HTTPConnection(self._base, timeout=30)) as connection:
            for n in range(int(self._seconds / self._pause)):
                due = begun + n * self._pause
                time.sleep(max(0.0, due - time.monotonic()))
                connection.request("GET", self._paths[(first + n) % len(self._paths)])
                answer = connection.getresponse()
                answer.read()
                assert answer.status == 200
                # From when it was due: a wait behind a slow answer counts too.
                waits.append(time.monotonic() - due)
        return waits


def paced(base: str, paths: list[str], seconds: float) -> Load:
    """Read at the rate of the aim, from another process."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(PacedReads(base, paths, READ_AIM, seconds).run).result()


@pytest.mark.parametrize(
    ("kind", "read"), [("at the rate of the aim", paced), ("without a pause", drive)], ids=["paced", "unpaced"]
)
def test_reads_and_acknowledgements_keep_their_rate_together(
    tmp_path: Path, kind: str, read: Callable[[str, list[str], float], Load]
) -> None:
    container = coded_ledger(tmp_path, EVENTS, DYADS)
    processes = WRITERS // SENDERS
    share = RATE * SECONDS // processes
    paths = [f"/v1/relations/{a}/{b}" for a, b in pairs(container.entities, DYADS)]
    with ExitStack() as going:
        _, places = going.enter_context(up(tmp_path, **SETTINGS))
        base = places["api"].removesuffix("/v1")
        drive(base, paths, 1)
        writers = []
        for n in range(processes):
            secret = container.sources.add(f"wire-{n}").secrets[0]
            given, url = bodies(container, n * share, share), f"{base}/v1/webhooks/wire-{n}"
            writers.append(going.enter_context(sending(url, secret, given, RATE / processes)))
        until(lambda: all(writer.waits for writer in writers))
        already, begun = sum(len(writer.waits) for writer in writers), time.monotonic()
        reads = read(base, paths, SECONDS)
        waits = [wait for writer in writers for wait in list(writer.waits)]
        # What was acknowledged while it was read: afterwards it would have the machine for itself.
        rate = min(len(waits) - already, RATE * SECONDS) / min(time.monotonic() - begun, SECONDS)
    container.close()
    held = reads.rate >= 0.95 * READ_AIM and reads.p99_ms < P99_AIM and rate >= 0.95 * RATE
    assert record(
        "16",
        f"reads {kind} and acknowledgements keep their rate together",
        figure=f"{SECONDS} s: {reads.rate:,.0f} reads a second, 99th percentile {reads.p99_ms:.0f} ms, beside "
        f"{WRITERS} writers: {rate:,.0f} articles a second acknowledged, 99th percentile "
        f"{1000 * percentile(waits, 0.99):.0f} ms; {SETTINGS['ENTENTE_API_PROCESSES']} processes of the API, "
        f"{SETTINGS['ENTENTE_WORKER_PROCESSES']} of the worker",
        aim=f"{READ_AIM:,} reads a second, 99th percentile < {P99_AIM} ms; {RATE} acknowledged a second; 10 minutes",
        held=held,
        full=SECONDS >= ALL_SECONDS,
    )

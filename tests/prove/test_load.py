"""Promise 16 (docs/promises.md) with figures: reads at full speed beside eight writers that send signed webhooks."""

import json
import os
import time
from contextlib import ExitStack
from pathlib import Path

import pytest

from entente.bootstrap.container import Container
from entente.cli.bench.ledgers import filled, pairs
from entente.cli.bench.load import drive, generator
from entente.cli.bench.senders import SENDERS
from entente.cli.bench.sending import sending
from tests.prove.figures import percentile, record, size
from tests.running_stack import up

pytestmark = pytest.mark.prove

SECONDS, ALL_SECONDS = size("ENTENTE_PROVE_LOAD_SECONDS", 8, 600), 600
RATE = int(os.environ.get("ENTENTE_PROVE_INGEST_RATE", "200"))
WRITERS = 8
EVENTS, DYADS = 5_000, 50

READ_AIM, P99_AIM = 1000, 50


def bodies(container: Container, first: int, count: int) -> list[str]:
    """Articles on many pairs of states."""
    states = [entity.name for entity in container.entities if entity.kind == "state"]
    made = []
    for n in range(first, first + count):
        one, other = states[n % len(states)], states[(n * 7 + 1) % len(states)]
        made.append(json.dumps({"text": f"Report {n}. {one} imposed sanctions on {other} on Monday."}))
    return made


def test_reads_and_acknowledgements_keep_their_rate_together(tmp_path: Path) -> None:
    container = filled(tmp_path, EVENTS, DYADS)
    processes = WRITERS // SENDERS
    share = RATE * SECONDS // processes
    paths = [f"/v1/relations/{a}/{b}" for a, b in pairs(container.entities, DYADS)]
    with ExitStack() as going:
        _, places = going.enter_context(up(tmp_path, ENTENTE_RATE_LIMIT="0"))
        base = places["api"].removesuffix("/v1")
        drive(base, paths, 1)
        begun = time.monotonic()
        writers = []
        for n in range(processes):
            secret = container.sources.add(f"wire-{n}").secrets[0]
            given = bodies(container, n * share, share)
            writers.append(going.enter_context(sending(f"{base}/v1/webhooks/wire-{n}", secret, given, RATE / processes)))
        reads = drive(base, paths, SECONDS)
        while any(writer.running for writer in writers):
            time.sleep(0.05)
        seconds = time.monotonic() - begun
        with container.ledger.read() as unit:
            waiting = len(unit.articles.unfinished(share * processes))
    container.ledger.close()
    waits = [wait for writer in writers for wait in writer.waits]
    rate, acknowledged = len(waits) / seconds, 1000 * percentile(waits, 0.99)
    assert record(
        "16",
        "reads and acknowledgements keep their rate together",
        figure=f"{SECONDS} s: {reads.rate:,.0f} reads a second by {generator()}, 99th percentile {reads.p99_ms:.0f} ms, "
        f"beside {WRITERS} writers: {rate:,.0f} articles a second acknowledged, 99th percentile {acknowledged:.0f} ms; "
        f"{len(waits) - waiting:,} of {len(waits):,} coded meanwhile",
        aim=f"{READ_AIM:,} reads a second, 99th percentile < {P99_AIM} ms; {RATE} acknowledged a second; 10 minutes",
        # The start of the writers' processes is in their time.
        held=reads.rate >= READ_AIM and reads.p99_ms < P99_AIM and rate >= 0.95 * RATE,
        full=SECONDS >= ALL_SECONDS,
    )

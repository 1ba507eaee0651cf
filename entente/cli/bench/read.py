"""`entente bench read`: measure reading a relation over HTTP, each figure with its aim."""

import statistics
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from importlib.util import find_spec
from pathlib import Path

import click
import requests

from entente.bootstrap.seeds import load_entities
from entente.cli.bench import serving
from entente.cli.bench.figures import Figure, show
from entente.cli.bench.ledgers import PAIR, filled, pairs
from entente.cli.bench.load import Load, drive, generator
from entente.cli.common import json_option

#: Runs whose median counts. Compared servers take turns, so that other load on the machine affects all alike.
_RUNS = 5

_FEW_EVENTS = 1000
_DYADS = 100

_HOT = f"/v1/relations/{PAIR[0]}/{PAIR[1]}"
_CONSTANT = f"/v1/constant/{PAIR[0]}/{PAIR[1]}"


@click.command("read")
@click.option(
    "--events", type=click.IntRange(min=1), default=1_000_000, show_default=True, help="Events in the large ledger."
)
@click.option("--seconds", default=3.0, show_default=True, help="Length of each of the five runs.")
@click.option(
    "--datasette", type=click.Path(exists=True), help="Datasette command to compare with; else pip installs one."
)
@click.option("--server", type=click.Choice(["granian", "gunicorn"]), default="granian", show_default=True)
@click.option("--threads", default=8, show_default=True, help="Threads of the API's one process.")
@json_option
def read_bench(events: int, seconds: float, datasette: str | None, server: str, threads: int, as_json: bool) -> None:
    """Measure reading one relation from the cache over HTTP.

    Compares it with a constant answer, with Datasette, and between a small and a large ledger. Exit 1 if an aim is
    missed.
    """
    if find_spec(server) is None:
        raise click.ClickException(f"{server} is not installed; pip install {server}")
    # Short, in /tmp: the path of a Unix socket has at most 107 bytes.
    with tempfile.TemporaryDirectory(prefix="ent", dir="/tmp") as directory:
        show(_figures(Path(directory), events, seconds, datasette, serving.Kind(server, threads)), as_json)


def _figures(
    directory: Path, events: int, seconds: float, command: str | None, server: serving.Kind
) -> Iterator[Figure]:
    with ExitStack() as running:
        small = _served(running, directory / "small", _FEW_EVENTS, server)
        yield from _against_constant(small, seconds, server)
        yield _against_datasette(directory, small, seconds, command)
        large = _served(running, directory / "large", events, server)
        yield _against_size(small, large, events, seconds)


def _served(running: ExitStack, directory: Path, events: int, server: serving.Kind) -> str:
    directory.mkdir()
    redis_url = running.enter_context(serving.redis(directory))
    filled(directory, events, _DYADS, redis_url).ledger.close()
    return running.enter_context(serving.api(directory, redis_url, server))


def _against_constant(base: str, seconds: float, server: serving.Kind) -> Iterator[Figure]:
    tag = requests.get(base + _HOT, timeout=10).headers["ETag"]
    runs: list[tuple[Load, Load, Load]] = []
    for _ in range(_RUNS):
        runs.append(
            (drive(base, [_CONSTANT], seconds), drive(base, [_HOT], seconds), drive(base, [_HOT], seconds, tag))
        )
    constant, hot, fresh = (statistics.median(run[i].rate for run in runs) for i in range(3))
    with_what = f"{server.name}, one process of {server.threads} threads; {generator()}"
    yield Figure("read", "constant route", constant, unit="/s", detail=with_what)
    yield Figure(
        "read", "hot read", hot, unit="/s", detail=f"p99 {statistics.median(r[1].p99_ms for r in runs):.1f} ms"
    )
    ratio = statistics.median(run[1].rate / run[0].rate for run in runs)
    yield Figure("read", "hot read, of the constant route", ratio, 0.80, detail=f"median of {_RUNS} runs in turns")
    ratio = statistics.median(run[2].rate / run[0].rate for run in runs)
    yield Figure("read", "304, of the constant route", ratio, 0.85, detail=f"{fresh:,.0f}/s")


def _against_datasette(directory: Path, base: str, seconds: float, command: str | None) -> Figure:
    name = "hot read, times Datasette"
    record = requests.get(base + _HOT, timeout=10).content
    try:
        with serving.datasette(directory, record, command) as url:
            host, _, path = url.partition("/records/")
            runs = [(drive(base, [_HOT], seconds), drive(host, [f"/records/{path}"], seconds)) for _ in range(_RUNS)]
    except serving.NotServed as error:
        return Figure("read", name, None, 8, detail=f"not measured: {error}")
    ratio = statistics.median(ours.rate / theirs.rate for ours, theirs in runs)
    rate = statistics.median(theirs.rate for _, theirs in runs)
    return Figure("read", name, ratio, 8, detail=f"Datasette {rate:,.0f}/s, a row of {len(record):,} bytes")


def _against_size(small: str, large: str, events: int, seconds: float) -> Figure:
    asked = [f"/v1/relations/{one}/{other}" for one, other in pairs(load_entities(), _DYADS)]
    # The first read of each record may come from Redis; only the size of the ledger is compared.
    for base in (small, large):
        drive(base, asked, 1)
    runs = [(drive(small, asked, seconds), drive(large, asked, seconds)) for _ in range(_RUNS)]
    few, many = (statistics.median(run[i].p99_ms for run in runs) for i in (0, 1))
    ratio = statistics.median(run[1].p99_ms / run[0].p99_ms for run in runs)
    detail = f"{few:.1f} ms with {_FEW_EVENTS:,} events, {many:.1f} ms with {events:,}"
    return Figure("read", "p99, large over small ledger", ratio, 1.5, True, detail=detail)

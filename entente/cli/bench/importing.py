"""`entente bench import` and `entente bench data`: the cost of importing, on a synthetic world."""

import json
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import click

from entente.bootstrap.seeds import load_codebook, load_entities
from entente.cli.bench import serving
from entente.cli.bench.figures import Figure, show
from entente.cli.bench.load import drive
from entente.cli.bench.worlds import SEED, busy_pairs, world
from entente.cli.common import json_option

_DAYS = 365
_RATE = 20_000
_MEGABYTES = 500

#: Seconds in which the baseline is loaded.
_BASELINE = 5

#: Events beside which reads are compared with those beside all; runs of so many seconds each, of so many pairs.
_FEW_EVENTS = 1000
_RUNS, _SECONDS, _PAIRS = 5, 3.0, 100


@click.command("data")
@click.option("--events", type=click.IntRange(min=1), default=1_000_000, show_default=True, help="Rows of the world.")
@click.option(
    "--days", type=click.IntRange(min=1), default=_DAYS, show_default=True, help="Days that they are spread over."
)
@click.option("--seed", default=SEED, show_default=True, help="The same seed makes the same world.")
@click.argument("path", type=click.Path(dir_okay=False, allow_dash=True))
def data(events: int, days: int, seed: int, path: str) -> None:
    """Write a synthetic world as event data in the layout of GDELT 2.0, to import it: `entente import gdelt PATH`."""
    with click.open_file(path, "w", encoding="utf-8") as file:
        file.writelines(world(events, seed, days, load_codebook(), load_entities()))


@click.command("import")
@click.option(
    "--events",
    type=click.IntRange(min=1),
    default=1_000_000,
    show_default=True,
    help="Rows of the larger of two files, ten to one.",
)
@click.option("--database", metavar="URL", help="An empty PostgreSQL database to write to, instead of SQLite.")
@json_option
def import_bench(events: int, database: str | None, as_json: bool) -> None:
    """Measure importing event data: rows a second of one core, memory, growth, and reads beside that many events.

    Reading and merging are measured apart, and the database's own bulk loader beside; then the baseline is loaded. With
    SQLite the reads over HTTP are compared with those of a ledger of 1,000 events. Exit 1 if an aim is missed.
    """
    with tempfile.TemporaryDirectory(prefix="entente-bench") as directory:
        show(_figures(Path(directory), events, database), as_json)


def _figures(directory: Path, events: int, database: str | None) -> Iterator[Figure]:
    sizes = sorted({_FEW_EVENTS, max(1, events // 100), max(1, events // 10), events})
    of = {n: directory / f"{n}.tab" for n in sizes}
    for n, path in of.items():
        with path.open("w", encoding="utf-8") as file:
            file.writelines(world(n, SEED, _DAYS, load_codebook(), load_entities()))
    # On PostgreSQL all are in one ledger, as files of their own.
    told = {n: _in_its_own_process(directory / f"of-{n}", str(path), database) for n, path in of.items()}
    large = told[events]
    where = "PostgreSQL" if database else "SQLite"
    detail = f"{where}, {large['rows']:,} rows, {large['stored']:,} stored, {large['wall']:.1f} s by the clock"
    yield Figure("import", "rows/s a core", large["rate"], _RATE, detail=detail)
    yield Figure("import", "rows/s a core, reading and merging", large["reading"], detail="nothing stored")
    yield Figure("import", "events/s a core, storing", large["storing"], detail="what is left of the whole")
    yield Figure("import", "the bulk loader alone, rows/s a core", large["bare"], detail=large["loader"])
    yield Figure("import", "peak memory", large["peak"], _MEGABYTES, True, "MB")
    for n in sizes[:-1]:
        growth = large["rate"] and told[n]["rate"] / large["rate"]
        # So few rows as a thousand take less time than what is done once a file.
        yield Figure("import", f"time a row, times that of {n:,}", growth, 1.5 if n > _FEW_EVENTS else None, True)
    yield Figure("import", "read of the busiest pair by year", large["read"], unit="ms", detail=large["pair"])
    free = shutil.disk_usage(directory).free / 1e9
    used = sum(file.stat().st_size for file in directory.rglob("*") if file.is_file()) / 1e6
    disk = f"{used:,.0f} MB used on disk in all, {free:.0f} GB free"
    yield Figure("import", "size of the file", large["bytes"] / 1e6, unit="MB", detail=disk)
    loaded = _in_its_own_process(directory / "baseline", "", database)
    parts = f"client {loaded['client']:.2f} s, server {loaded['server']:.2f} s; {loaded['wall']:.1f} s by the clock"
    spent = loaded["client"] + loaded["server"]
    yield Figure(
        "import", "baseline, processor time", spent, _BASELINE, True, "s", f"{loaded['facts']:,} facts; {parts}"
    )
    if database is None:
        yield _hot_read(directory / f"of-{_FEW_EVENTS}", directory / f"of-{events}", events)


def _hot_read(small: Path, large: Path, events: int) -> Figure:
    """p99 of reads of relations from the cache over HTTP, beside many imported events and beside few, in turns."""
    asked = [f"/v1/relations/{one}/{other}" for one, other in busy_pairs(SEED, load_entities(), _PAIRS)]
    with ExitStack() as running:
        bases = []
        for directory in (small, large):
            redis_url = running.enter_context(serving.redis(directory))
            bases.append(running.enter_context(serving.api(directory, redis_url, serving.Kind("granian", 8))))
        for base in bases:
            # The first read of each writes it to the cache.
            drive(base, asked, _SECONDS)
        runs = [[drive(base, asked, _SECONDS).p99_ms for base in bases] for _ in range(_RUNS)]
    few, many = (statistics.median(run[i] for run in runs) for i in (0, 1))
    ratio = statistics.median(run[1] / run[0] for run in runs)
    detail = f"{few:.1f} ms with {_FEW_EVENTS:,} events, {many:.1f} ms with {events:,}; median of {_RUNS} runs in turns"
    return Figure("import", "hot read, p99 over that of few", ratio, 1.5, True, detail=detail)


def _in_its_own_process(directory: Path, path: str, database: str | None) -> dict[str, Any]:
    """Import a file in a new process, or load the baseline, into a ledger of its own on SQLite; its figures."""
    command = [sys.executable, "-m", "entente.cli.bench.importer", str(directory), path]
    done = subprocess.run([*command, *([database] if database else [])], stdout=subprocess.PIPE, check=True)
    # What is logged comes before.
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found

"""`entente bench import` and `entente bench data`: the cost of importing, on a synthetic world."""

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from entente.bootstrap.seeds import load_codebook, load_entities
from entente.cli.bench.figures import Figure, show
from entente.cli.bench.worlds import SEED, world
from entente.cli.common import json_option

_DAYS = 365
_RATE = 20_000
_MEGABYTES = 500


@click.command("data")
@click.option("--events", default=1_000_000, show_default=True, help="Rows of the world.")
@click.option("--days", default=_DAYS, show_default=True, help="Days that they are spread over.")
@click.option("--seed", default=SEED, show_default=True, help="The same seed makes the same world.")
@click.argument("path", type=click.Path(dir_okay=False, allow_dash=True))
def data(events: int, days: int, seed: int, path: str) -> None:
    """Write a synthetic world as event data in the layout of GDELT 2.0, to import it: `entente import gdelt PATH`."""
    with click.open_file(path, "w", encoding="utf-8") as file:
        file.writelines(world(events, seed, days, load_codebook(), load_entities()))


@click.command("import")
@click.option("--events", default=1_000_000, show_default=True, help="Rows of the larger of two files, ten to one.")
@click.option("--database", metavar="URL", help="An empty PostgreSQL database to write to, instead of SQLite.")
@json_option
def import_bench(events: int, database: str | None, as_json: bool) -> None:
    """Measure importing event data: rows a second of one core, memory, growth, and the read of a busy pair.

    Reading and merging are measured apart, and the database's own bulk loader beside. Exit 1 if an aim is missed.
    """
    with tempfile.TemporaryDirectory(prefix="entente-bench") as directory:
        show(_figures(Path(directory), events, database), as_json)


def _figures(directory: Path, events: int, database: str | None) -> Iterator[Figure]:
    of = {n: directory / f"{n}.tab" for n in (max(1, events // 10), events)}
    for n, path in of.items():
        with path.open("w", encoding="utf-8") as file:
            file.writelines(world(n, SEED, _DAYS, load_codebook(), load_entities()))
    # On PostgreSQL both are in one ledger, as files of their own.
    small, large = (_in_its_own_process(directory, path, database) for path in of.values())
    where = "PostgreSQL" if database else "SQLite"
    detail = f"{where}, {large['rows']:,} rows, {large['stored']:,} stored, {large['wall']:.1f} s by the clock"
    yield Figure("import", "rows/s a core", large["rate"], _RATE, detail=detail)
    yield Figure("import", "rows/s a core, reading and merging", large["reading"], detail="nothing stored")
    yield Figure("import", "events/s a core, storing", large["storing"], detail="what is left of the whole")
    yield Figure("import", "the bulk loader alone, rows/s a core", large["bare"], detail=large["loader"])
    yield Figure("import", "peak memory", large["peak"], _MEGABYTES, True, "MB")
    growth = large["rate"] and small["rate"] / large["rate"]
    yield Figure("import", f"time a row, times that of {events // 10:,}", growth, 1.5, True)
    yield Figure("import", "read of the busiest pair by year", large["read"], unit="ms", detail=large["pair"])
    free = shutil.disk_usage(directory).free / 1e9
    yield Figure("import", "size of the file", large["bytes"] / 1e6, unit="MB", detail=f"{free:.0f} GB of disk free")


def _in_its_own_process(directory: Path, path: Path, database: str | None) -> dict[str, Any]:
    """Import a file in a new process, into a ledger of its own on SQLite; its figures."""
    command = [sys.executable, "-m", "entente.cli.bench.importer", str(directory / f"of-{path.stem}"), str(path)]
    done = subprocess.run([*command, *([database] if database else [])], stdout=subprocess.PIPE, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found

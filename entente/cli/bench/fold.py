"""`entente bench fold`: measure the cost of deriving states, each figure with its aim."""

import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import click

from entente.bootstrap.container import Container
from entente.cli.bench.figures import Figure, show
from entente.cli.bench.ledgers import LAST_DAY, PAIR, dyad, filled, invented, opened, report
from entente.cli.common import json_option

_APPENDED = 100
_EVENTS_OF_A_DYAD = 10_000


@click.command("fold")
@click.option(
    "--events",
    type=click.IntRange(min=1),
    default=1_000_000,
    show_default=True,
    help="Events in the ledger that is rebuilt.",
)
@click.option(
    "--history",
    type=click.IntRange(min=1),
    default=100_000,
    show_default=True,
    help="Events of the dyad with the long history.",
)
@json_option
def fold_bench(events: int, history: int, as_json: bool) -> None:
    """Measure folding, rebuilding and appending events.

    On ledgers of invented events: folding from memory, time and memory of a rebuild, and appending to a short and a
    long history. Exit 1 if an aim is missed.
    """
    with tempfile.TemporaryDirectory(prefix="entente-bench") as directory:
        show(_figures(Path(directory), events, history), as_json)


def _figures(directory: Path, events: int, history: int) -> Iterator[Figure]:
    long, wide = directory / "long", directory / "wide"
    filled(long, history).ledger.close()
    told = _in_its_own_process("fold", long)
    yield Figure("fold", "events/s a core, from memory", told["rate"], 60_000, detail=f"{told['events']:,} events")
    yield from _appending(directory / "short", long, history)
    dyads = max(1, events // _EVENTS_OF_A_DYAD)
    filled(wide, events, dyads).ledger.close()
    for path, what in ((long, f"{history:,} events of one dyad"), (wide, f"{events:,} events of {dyads} dyads")):
        told = _in_its_own_process("rebuild", path)
        detail = f"{what}: {told['rebuilding']:.1f} s, iterating {told['iterating']:.1f} s"
        yield Figure("fold", "rebuild, times iterating", told["rebuilding"] / told["iterating"], 3, True, detail=detail)
        detail = f"{what}; {told['before']:.0f} MB after iterating"
        yield Figure("fold", "rebuild, peak memory", told["peak"], 500, True, "MB", detail)


def _in_its_own_process(what: str, directory: Path) -> dict[str, Any]:
    """Run a measurement in a new process, which doesn't share the memory used to fill the ledger; its JSON."""
    command = [sys.executable, "-m", "entente.cli.bench.derivations", what, str(directory)]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _appending(short_path: Path, long_path: Path, history: int) -> Iterator[Figure]:
    short, long = filled(short_path, 10), opened(long_path)
    taken: dict[int, list[float]] = {0: [], 1: []}
    for i in range(_APPENDED):
        # Alternating, so that other load on the machine affects both alike.
        for which, container in enumerate((short, long)):
            taken[which].append(_seconds_of_append(container, i))
    few, many = (statistics.median(taken[which][5:]) for which in (0, 1))
    for container in (short, long):
        container.close()
    detail = f"{1000 * few:.1f} ms after 10 events, {1000 * many:.1f} ms after {history:,}"
    yield Figure("fold", "append, long over short history", many / few, 2, True, detail=detail)


def _seconds_of_append(container: Container, i: int) -> float:
    """Seconds from recording one event, the latest of its dyad, to refreshing the cache."""
    acts = sorted(container.codebook.acts)
    event = invented(*PAIR, acts[i * 7919 % len(acts)], LAST_DAY + timedelta(days=1 + i))
    at = container.clock.now()
    begun = time.perf_counter()
    with container.ledger.write() as unit:
        with container.projector.session(unit, [dyad()]) as session:
            report(container, unit, f"appended-{i}", [event])
            session.fold(f"appended-{i}", at)
        unit.commit()
    container.projector.refresh(session.versions)
    return time.perf_counter() - begun

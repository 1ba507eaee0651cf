"""`entente bench export`: the cost of exporting tables, and of filtered pages, on ledgers of invented events."""

import gc
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import click

from entente.bootstrap.container import Container
from entente.cli.bench.figures import Figure, show
from entente.cli.bench.ledgers import LAST_DAY, PAIR, TO_COPY, filled, multiplied
from entente.cli.common import json_option
from entente.relations.dyads import Dyad
from entente.services.ports.events import EventQuery
from entente.services.ports.wants import Wants
from entente.services.reading.relation_lists import RelationQuery

_RATE = 50_000
_MEGABYTES = 200
_DYADS = 100
_FEW_EVENTS = 1000
#: As many events a dyad as are derived in the large ledger, so that a record of either holds as much.
_FEW_DYADS = _FEW_EVENTS * _DYADS // TO_COPY
_ASKED = 100
_RUNS = 5
_PAGE = 50

#: Asks for a list with so many items.
_Ask = Callable[[Container, int], Sequence[object]]


@click.command("export")
@click.option(
    "--events",
    type=click.IntRange(min=1),
    default=1_000_000,
    show_default=True,
    help=f"Events in the large ledger; of more than {TO_COPY:,} a multiple of it.",
)
@json_option
def export_bench(events: int, as_json: bool) -> None:
    """Measure exports of events and states, and pages of filtered lists.

    Rows a second of one core with the memory used, beside the driver writing the same rows as CSV; and the slowest
    hundredth of filtered pages, between a small and a large ledger. Exit 1 if an aim is missed.
    """
    if events > TO_COPY and events % TO_COPY:
        raise click.BadParameter(f"{events} is no multiple of {TO_COPY:,}", param_hint="--events")
    with tempfile.TemporaryDirectory(prefix="entente-bench") as directory:
        show(_figures(Path(directory), events), as_json)


def _figures(directory: Path, events: int) -> Iterator[Figure]:
    large = multiplied(directory / "large", events, min(_DYADS, events))
    small = filled(directory / "small", _FEW_EVENTS, _FEW_DYADS)
    yield from _pages(small, large, events)
    for container in (small, large):
        container.ledger.close()
    for what in ("events", "states"):
        yield from _exports(what, directory / "large")
    shutil.rmtree(directory / "large")
    if events > TO_COPY:
        multiplied(directory / "by dyad", events, _DYADS, in_order=False).ledger.close()
        told = _in_its_own_process("events", "csv", directory / "by dyad")
        detail = "each is read from another place"
        rate = told["rows"] / told["spent"]
        yield Figure("export", "events stored by dyad, csv, rows/s a core", rate, detail=detail)


def _exports(what: str, directory: Path) -> Iterator[Figure]:
    bare = _in_its_own_process(what, "bare", directory)
    bare_rate = bare["rows"] / bare["spent"]
    yield Figure("export", f"{what}, the driver alone, rows/s a core", bare_rate, detail=f"{bare['rows']:,} rows, CSV")
    for form in ("csv", "ndjson", "parquet"):
        told = _in_its_own_process(what, form, directory)
        rate = told["rows"] / told["spent"]
        detail = f"{told['rows']:,} rows, {told['bytes'] / 1e6:.0f} MB, {rate / bare_rate:.2f} of the driver alone"
        yield Figure("export", f"{what}, {form}, rows/s a core", rate, _RATE, detail=detail)
        yield Figure("export", f"{what}, {form}, peak memory", told["peak"], _MEGABYTES, True, "MB")


def _in_its_own_process(what: str, form: str, directory: Path) -> dict[str, Any]:
    command = [sys.executable, "-m", "entente.cli.bench.exporting", what, form, str(directory)]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _pages(small: Container, large: Container, events: int) -> Iterator[Figure]:
    """The slowest hundredth of pages of each list, the ledgers in turns, so that other load affects both alike.

    Of both as many items are asked for as both have, up to a page.
    """
    # Every page of what this country does is full in both ledgers: it has a part in all dyads.
    source = PAIR[1]
    filters = {
        "events": EventQuery(),
        "events of a source": EventQuery(source=source),
        "events of a dyad": EventQuery(dyad=Dyad.of(*PAIR)),
        "events of an act": EventQuery(acts=["accede_treaty"]),
        "events to a day, sure": EventQuery(starts_to=LAST_DAY - timedelta(days=365), min_confidence=0.5),
    }
    lists = {
        "relations of a source": RelationQuery(source=source),
        "relations by a value": RelationQuery(facet="relations:established"),
        "relations by a facet": RelationQuery(facet="mission"),
    }
    wants = {
        "newest changes of a pair": Wants(pairs=[PAIR], historic=True),
        "newest changes of a facet": Wants(facets=["recognition"], historic=True),
    }
    asked: dict[str, _Ask] = {
        **{name: partial(_events, query) for name, query in filters.items()},
        **{name: partial(_relations, query) for name, query in lists.items()},
        "changes": _changes,
        **{name: partial(_newest, want) for name, want in wants.items()},
    }
    # What both have loaded is no garbage: one pass over it takes longer than any page.
    gc.freeze()
    for name, ask in asked.items():
        n = min(len(ask(small, _PAGE)), len(ask(large, _PAGE)))
        if not n:
            yield Figure("lists", f"p99 of {name}", None, detail="nothing to list in one of the ledgers")
            continue
        runs = [_slowest(ask, n, small, large) for _ in range(_RUNS)]
        few, many = (statistics.median(run[which] for run in runs) for which in (0, 1))
        detail = f"{n} items: {few:.1f} ms with {_FEW_EVENTS:,} events, {many:.1f} ms with {events:,}, of the processor"
        yield Figure("lists", f"p99 of {name}, large over small", many / few, 1.5, True, detail=detail)


def _slowest(ask: _Ask, n: int, small: Container, large: Container) -> list[float]:
    """The slowest hundredth of a page of `n` items of each ledger, in milliseconds of the processor."""
    took: tuple[list[float], list[float]] = ([], [])
    for _ in range(_ASKED):
        for spent, container in zip(took, (small, large), strict=True):
            begun = time.process_time()
            ask(container, n)
            spent.append(1000 * (time.process_time() - begun))
    return [statistics.quantiles(spent, n=100)[98] for spent in took]


def _events(query: EventQuery, container: Container, n: int) -> Sequence[object]:
    return container.events.page(query, limit=n).items


def _relations(query: RelationQuery, container: Container, n: int) -> Sequence[object]:
    return container.relation_lists.relations(query, None, n).items


def _changes(container: Container, n: int) -> Sequence[object]:
    return container.lookups.changes(limit=n)


def _newest(filters: Wants, container: Container, n: int) -> Sequence[object]:
    with container.ledger.read() as unit:
        return unit.changes.newest(filters, n)

"""Measurements of `entente bench export`, each run in a process of its own: `exporting WHAT FORMAT DIRECTORY`.

WHAT is `events` or `states`; `bare` as FORMAT is the yardstick: the same rows by the database's driver alone.
"""

import csv
import gc
import json
import sqlite3
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from entente.bootstrap.container import Container
from entente.cli.bench.ledgers import opened
from entente.cli.bench.processor import peak_megabytes
from entente.cli.table_files import WRITERS
from entente.services.ports.events import EventQuery
from entente.services.reading.state_tables import StateQuery
from schemas.state_tables import STATES, state_batches
from schemas.table_columns import Batch, Columns, n_rows
from schemas.tables import ENTENTE, event_batches, event_types
from schemas.vocabulary import Vocabulary

_BARE = {
    "events": "SELECT * FROM events JOIN event_mentions ON event_id = events.id AND position = 0"
    " JOIN mentions ON mentions.id = mention_id ORDER BY starts_on DESC, events.id DESC",
    "states": "SELECT * FROM states ORDER BY source, target, facet, item, standing, starts_on, id",
}


def measured(what: str, form: str, directory: Path) -> dict[str, Any]:
    """Rows, seconds of the processor and the clock, peak memory (MB) and bytes of one export of a ledger."""
    path = directory / f"export.{form}"
    container = opened(directory)
    # Loaded once a process, whatever the number of rows.
    vocabulary = Vocabulary(container.codebook, container.entities)
    gc.freeze()
    spent, wall = time.process_time(), time.perf_counter()
    rows = _bare(what, directory, path) if form == "bare" else _exported(what, form, container, vocabulary, path)
    spent, wall = time.process_time() - spent, time.perf_counter() - wall
    peak = peak_megabytes()
    return {"rows": rows, "spent": spent, "wall": wall, "peak": peak, "bytes": path.stat().st_size}


def _exported(what: str, form: str, container: Container, vocabulary: Vocabulary, path: Path) -> int:
    counted = _Counted()
    columns, batches = _table(what, container, vocabulary)
    WRITERS[form](path, columns, counted(batches))
    return counted.rows


def _table(what: str, container: Container, vocabulary: Vocabulary) -> tuple[Columns, Iterator[Batch]]:
    if what == "events":
        return event_types(ENTENTE), event_batches(container.events.tables(EventQuery()), vocabulary, ENTENTE)
    return STATES, state_batches(container.states.tables(StateQuery()), vocabulary)


class _Counted:
    """Counts rows while they pass."""

    def __init__(self) -> None:
        self.rows = 0

    def __call__(self, batches: Iterator[Batch]) -> Iterator[Batch]:
        for batch in batches:
            self.rows += n_rows(batch)
            yield batch


def _bare(what: str, directory: Path, path: Path) -> int:
    """Write the stored rows as CSV by the driver alone: nothing is parsed, named or checked."""
    rows = 0
    with sqlite3.connect(directory / "entente.db") as bare, path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        cursor = bare.execute(_BARE[what])
        while some := cursor.fetchmany(2000):
            writer.writerows(some)
            rows += len(some)
    return rows


if __name__ == "__main__":
    print(json.dumps(measured(sys.argv[1], sys.argv[2], Path(sys.argv[3]))))

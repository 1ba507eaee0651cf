"""Measurements of `entente bench import`, each run in a process of its own.

`importer DIRECTORY FILE [DATABASE]` imports a file; with an empty FILE it loads the baseline.
"""

import json
import sqlite3
import sys
import time
from pathlib import Path
from typing import Any

from entente.bootstrap.container import Container
from entente.bootstrap.formats import load_formats
from entente.bootstrap.settings import Settings
from entente.cli.bench.processor import peak_megabytes, seconds_of
from entente.cli.bench.worlds import SEED, busiest

#: Columns of the rows that a database's own bulk loader is given.
_BARE = "(source TEXT, target TEXT, file INTEGER, day TEXT, code TEXT, quad INTEGER, intensity REAL, n INTEGER)"


def measured(directory: Path, path: Path, database: str | None) -> dict[str, Any]:
    """The figures of importing a file into the ledger in a directory, or in a database."""
    given = {"ENTENTE_DATA_DIR": str(directory), "ENTENTE_BASELINE": "off"}
    container = Container(Settings.from_env(given | ({"ENTENTE_DATABASE_URL": database} if database else {})))
    container.prepare()
    reading, _, _ = _run(container, path, dry_run=True)
    spent, wall, report = _run(container, path, dry_run=False)
    peak = peak_megabytes()
    rows, stored = report.file.n_rows, report.file.n_stored
    bare, loader = _bare_rate(directory, database)
    took, pair = _read(container)
    return {
        "rows": rows,
        "stored": stored,
        "rate": rows / spent,
        "wall": wall,
        "reading": rows / reading,
        "storing": stored / max(spent - reading, 1e-9),
        "peak": peak,
        "bare": bare,
        "loader": loader,
        "read": took,
        "pair": pair,
        "bytes": path.stat().st_size,
    }


def baseline(directory: Path, database: str | None) -> dict[str, Any]:
    """The figures of loading the baseline into the ledger in a directory, or in a database on this machine."""
    given = {"ENTENTE_DATA_DIR": str(directory), "ENTENTE_BASELINE": "on"}
    container = Container(Settings.from_env(given | ({"ENTENTE_DATABASE_URL": database} if database else {})))
    container.migrate()
    before = _server_seconds(database)
    spent, wall = time.process_time(), time.perf_counter()
    loaded = container.load_baseline()
    spent, wall = time.process_time() - spent, time.perf_counter() - wall
    after = _server_seconds(database)
    server = sum(seconds - before.get(pid, 0.0) for pid, seconds in after.items())
    return {"client": spent, "server": server, "wall": wall, "facts": loaded.came if loaded else 0}


def _server_seconds(database: str | None) -> dict[int, float]:
    """Seconds of processor time of the server's processes for a database, by their ids; none on another machine."""
    if database is None:
        return {}
    import psycopg

    asked = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    with psycopg.connect(database) as connection:
        return {pid: seconds_of(pid) for (pid,) in connection.execute(asked)}


def _run(container: Container, path: Path, dry_run: bool) -> tuple[float, float, Any]:
    """Seconds of the processor and of the clock that an import took, and its report."""
    spent, wall = time.process_time(), time.perf_counter()
    with path.open(encoding="utf-8", newline="") as text:
        report = container.imports.run(load_formats()["gdelt"], path.name, path.name, text, dry_run)
    return time.process_time() - spent, time.perf_counter() - wall, report


def _bare_rate(directory: Path, database: str | None, n: int = 200_000) -> tuple[float, str]:
    """Rows a second that the database's own bulk loader takes into a table without an index, and its name."""
    rows = [("USA", "IRN", 1, f"2015-02-{i % 28 + 1:02}", f"{i % 200:03}", 4, -5.0, i) for i in range(n)]
    spent = time.process_time()
    if database is None:
        with sqlite3.connect(directory / "bare.db") as bare:
            bare.execute(f"CREATE TABLE bare {_BARE}")
            bare.executemany("INSERT INTO bare VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)
        return n / (time.process_time() - spent), "executemany, one transaction, no index"
    import psycopg

    with psycopg.connect(database) as connection, connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMP TABLE bare {_BARE}".encode())
        with cursor.copy("COPY bare FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
    return n / (time.process_time() - spent), "COPY into a table without an index; the server's time is not in it"


def _read(container: Container) -> tuple[float, str]:
    """Milliseconds of a read of the busiest pair, and how many events it has."""
    source, target = busiest(SEED, container.entities)
    took = []
    for _ in range(5):
        start = time.perf_counter()
        found = container.import_reads.of(source, target, "year")
        took.append(1000 * (time.perf_counter() - start))
    n = sum(bucket.n_events for series in found.series for bucket in series.buckets)
    return min(took), f"{source} → {target}, {n:,} events; the best of five"


if __name__ == "__main__":
    where, file, url = Path(sys.argv[1]), sys.argv[2], sys.argv[3] if len(sys.argv) > 3 else None
    print(json.dumps(measured(where, Path(file), url) if file else baseline(where, url)))

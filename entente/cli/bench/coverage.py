"""Coverage of the seeds: rows of the actor tables, and states with a known leader."""

import csv
from collections.abc import Iterator
from pathlib import Path

from entente.bootstrap.seeds import seed_directory
from entente.cli.bench.accuracy import Examination
from entente.cli.bench.figures import Figure

_DAYS = ("1950-01-01", "1980-01-01", "2000-01-01", "2014-01-01", "2025-01-01")


def coverage(exam: Examination) -> Iterator[Figure]:
    """Rows of each actor table; number of today's states with a leader in office on each of _DAYS."""
    folder = seed_directory() / "actors"
    for path in sorted(folder.glob("*.csv")):
        rows = _rows(path)
        entities = {row["entity"] for row in rows if row["entity"]}
        yield Figure("coverage", f"{path.stem}: rows", len(rows), detail=f"of {len(entities)} entities")
    states = {entity.key for entity in exam.entities if entity.kind == "state"}
    leaders = _rows(folder / "leaders.csv")
    for day in _DAYS:
        led = {row["entity"] for row in leaders if row["from"] <= day and (not row["to"] or day < row["to"])} & states
        yield Figure("coverage", f"states with a leader on {day}", len(led), detail=f"of today's {len(states)} states")


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))

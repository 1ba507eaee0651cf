"""Read the tables of seeds/entities and seeds/actors for their tests."""

import csv
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path

import seeds
from entente.relations.periods import Period

Row = dict[str, str]


def rows(*path: str) -> list[Row]:
    """The rows of a table; a row that is longer or shorter than the header fails."""
    with Path(next(iter(seeds.__path__))).joinpath(*path).open(encoding="utf-8", newline="") as file:
        table = list(csv.DictReader(file))
    assert all(None not in row and None not in row.values() for row in table), f"ragged row in {path}"
    return table


def listed(field: str) -> list[str]:
    return field.split("|") if field else []


def names_of(row: Row) -> Iterator[str]:
    """Its name, aliases and demonyms."""
    yield row["name"]
    yield from listed(row.get("aliases", ""))
    yield from listed(row.get("demonyms", ""))


def span(row: Row) -> tuple[date, date]:
    """First day, and the day after the last."""
    first = Period.parse(row["from"]).first if row["from"] else date.min
    return first, Period.parse(row["to"]).first if row["to"] else date.max


def overlap(one: Row, other: Row) -> bool:
    (a, b), (c, d) = span(one), span(other)
    return a < d and c < b


def clashes(table: Iterable[Row], spelling: Callable[[str], str]) -> dict[str, list[str]]:
    """Names that stand in two rows at one time, with the keys or entities of those rows."""
    meant: dict[str, list[Row]] = defaultdict(list)
    for row in table:
        for name in {spelling(n) for n in names_of(row)}:
            meant[name].append(row)
    return {
        name: [row.get("key") or row["entity"] for row in found]
        for name, found in meant.items()
        if any(overlap(a, b) for i, a in enumerate(found) for b in found[i + 1 :])
    }


COUNTRIES = rows("entities", "countries.csv")
BODIES = rows("entities", "organisations.csv")
STATES = [row for row in COUNTRIES if row["kind"] == "state"]
KEYS = {row["key"] for row in (*COUNTRIES, *BODIES)}
ACTORS = [row for name in ("groups.csv", "places.csv") for row in rows("actors", name)]

"""The gazetteer: which names mean which actor, and when. Built from seeds/entities and seeds/actors."""

import csv
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ahocorasick_rs import AhoCorasick, MatchKind

from entente.coding.actors.mentions import Sense
from entente.relations.periods import Period

#: "mujahideen" is a name though it is written small; a shorter word in lower case is only a word.
_SHORTEST_LOWER_CASE = 9


@dataclass(frozen=True, slots=True)
class Name:
    """A name of the gazetteer: its senses, and whether it is a demonym, and one in the plural."""

    text: str
    senses: tuple[Sense, ...]
    demonym: bool = False
    plural: bool = False


class Gazetteer:
    """Finds names in a text: word boundaries kept, longest match wins, in one pass."""

    def __init__(self, names: Mapping[str, Name]) -> None:
        self._names = list(names.values())
        self._automaton = AhoCorasick([name.text for name in self._names], matchkind=MatchKind.LeftmostLongest)

    def find(self, text: str) -> Iterator[tuple[Name, int, int]]:
        """(name, start, end) of each match that stands between word boundaries, from left to right."""
        for index, start, end in self._automaton.find_matches_as_indexes(text):
            if (start and text[start - 1].isalnum()) or (end < len(text) and text[end].isalnum()):
                continue
            name = self._names[index]
            if any(sense.entity for sense in name.senses):  # else it stands for nobody and only hides the names in it
                yield name, start, end

    @classmethod
    def load(cls, seeds: Path) -> "Gazetteer":
        """Read seeds/entities/*.csv and seeds/actors/*.csv."""
        found: dict[str, Name] = {}
        senses: dict[str, list[Sense]] = defaultdict(list)
        flags: dict[str, tuple[bool, bool]] = {}
        for text, sense, demonym in (*_entity_names(seeds / "entities"), *_actor_names(seeds / "actors")):
            if len(text) < 2 or (text.islower() and len(text) < _SHORTEST_LOWER_CASE):
                continue
            plural = demonym and text.endswith("s") and not text.endswith("ss")
            for spelling in {text, text.replace("'", "’")}:
                senses[spelling].append(sense)
                flags.setdefault(spelling, (demonym, plural))
        for text, readings in senses.items():
            demonym, plural = flags[text]
            found[text] = Name(text, _unique(readings), demonym, plural)
        return cls(found)


def _unique(senses: list[Sense]) -> tuple[Sense, ...]:
    """Dated readings first: they are the more particular."""
    return tuple(sorted(dict.fromkeys(senses), key=lambda s: s.starts_on is None and s.ends_on is None))


def _day(text: str | None) -> date | None:
    return Period.parse(text).first if text else None


def _rows(path: Path) -> Iterator[dict[str, str]]:
    if path.exists():
        with path.open(encoding="utf-8", newline="") as file:
            yield from csv.DictReader(file)


def _split(field: str | None) -> list[str]:
    return [part.strip() for part in (field or "").split("|") if part.strip()]


def _entity_names(folder: Path) -> Iterator[tuple[str, Sense, bool]]:
    for file in ("countries.csv", "organisations.csv"):
        for row in _rows(folder / file):
            historic = row["kind"] == "historic"
            key = (row.get("successor") or row["key"]) if historic else row["key"]
            sector = "REB" if row["kind"] == "group" else ""
            sense = Sense(key, sector, row["kind"], None, None)
            for text in {row["name"], row.get("official_name") or "", row["key"] * (sector == "" and "home" in row)}:
                if text:
                    yield text, sense, False
            for text in _split(row.get("aliases")):
                yield text, sense, False
            for text in _split(row.get("demonyms")):
                yield text, sense, True


def _actor_names(folder: Path) -> Iterator[tuple[str, Sense, bool]]:
    for path in sorted(folder.glob("*.csv")):
        for row in _rows(path):
            sense = Sense(row["entity"], row["sector"], row["role"], _day(row["from"]), _day(row["to"]))
            for text in {row["name"], *_split(row["aliases"])}:
                yield text, sense, False

"""The gazetteer: which names mean which actor, and when. Built from seeds/entities and seeds/actors."""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache, cached_property
from pathlib import Path

from ahocorasick_rs import AhoCorasick, MatchKind

from entente.coding.actors.mentions import Name, Sense
from entente.coding.actors.spelling import lowered, plain, spellings, writings
from entente.relations.periods import Period

#: "mujahideen" is a name though it is written small; a shorter word in lower case is only a word.
_SHORTEST_LOWER_CASE = 9

#: A country's name of so many letters is also read in capitals within other text ("FRANCE has expelled …").
_SHORTEST_IN_CAPITALS = 4

_COUNTRIES = frozenset({"state", "contested", "territory"})

#: "Poland, Republic of" before "Korea" is the end of one name of a list and the beginning of the next.
_LISTED = re.compile(r", [\w. ]+ of(?: the)?$")
_NEXT = re.compile(r" [A-Z][a-z]")
#: "Turkmen" and "Yemen" are none.
_PLURAL = re.compile(r"(?:(?<!s)s|(?:ch|sh|x|y)men)$")
_NOBODY = Name("", ())

Found = tuple[Name, int, int]


class Gazetteer:
    """Finds names in a text: word boundaries kept, longest match wins, in one pass."""

    def __init__(self, names: Mapping[str, Name]) -> None:
        """`names`: by the plain text in which each is found; of two that differ only by case the likelier first."""
        self._names = names
        self._cased = _Automaton(names)

    @cached_property
    def _caseless(self) -> "_Automaton":
        # Few texts are of one case.
        caseless: dict[str, Name] = {}
        for pattern, name in self._names.items():
            caseless.setdefault(lowered(pattern), name)
        return _Automaton(caseless)

    def find(self, text: str) -> Iterator[Found]:
        """(name, start, end) of each name that is written as in the tables, from left to right."""
        return self._cased.find(plain(text), text)

    def find_caseless(self, text: str) -> Iterator[Found]:
        """The same whatever the case: for texts of one case, where a name may also be a mere word."""
        return self._caseless.find(lowered(plain(text)), text)

    @classmethod
    def load(cls, seeds: Path, accents: Iterable[str] = ()) -> "Gazetteer":
        """Read seeds/entities/*.csv and seeds/actors/*.csv; `accents`: names that are words without their accents."""
        entries: dict[str, _Entry] = {}
        needed = {plain(name): name for name in accents}
        for text, sense, demonym in (*_entity_names(seeds / "entities"), *_actor_names(seeds / "actors")):
            if len(text) < 2 or (text.islower() and len(text) < _SHORTEST_LOWER_CASE):
                continue
            for pattern in spellings(text):
                entries.setdefault(pattern, _Entry(demonym, needed.get(pattern, ""))).senses.append(sense)
        names = {text: entry.name(text) for text, entry in entries.items()}
        for text, name in list(names.items()):
            for variant in _variants(text, name):
                names.setdefault(variant, name)
        return cls(names)


class _Automaton:
    def __init__(self, names: Mapping[str, Name]) -> None:
        self._by_text = names
        self._names = list(names.values())
        self._automaton = AhoCorasick(list(names), matchkind=MatchKind.LeftmostLongest)

    def find(self, folded: str, text: str) -> Iterator[Found]:
        """Matches between word boundaries; `folded` is `text` as the patterns are, of the same length."""
        begin: int | None = 0
        while begin is not None:
            offset, begin = begin, None
            for index, start, end in self._automaton.find_matches_as_indexes(folded[offset:] if offset else folded):
                start, end = start + offset, end + offset
                if (start and text[start - 1].isalnum()) or (end < len(text) and text[end].isalnum()):
                    continue
                name = self._names[index]
                if _LISTED.search(folded, start, end) and _NEXT.match(text, end):
                    end = begin = folded.index(",", start)
                    name = self._by_text.get(folded[start:end], _NOBODY)
                # Without an entity a name stands for nobody and only hides the names in it.
                if any(s.entity for s in name.senses) and (not name.accented or text[start:end] == name.accented):
                    yield name, start, end
                if begin is not None:
                    break


@dataclass(slots=True)
class _Entry:
    """What the tables say of one text."""

    demonym: bool
    accented: str
    senses: list[Sense] = field(default_factory=list)

    def name(self, text: str) -> Name:
        plural = self.demonym and bool(_PLURAL.search(text))
        senses = _unique(self.senses)
        return Name(text, senses, frozenset(s.role for s in senses), self.demonym, plural, self.accented)


def _variants(text: str, name: Name) -> Iterator[str]:
    """Other texts in which the name is found: with a capital, all in capitals, and a country's other writings."""
    if text[0].islower():
        yield text[0].upper() + text[1:]
    if name.senses[0].role in _COUNTRIES and len(text) >= _SHORTEST_IN_CAPITALS:
        yield text.upper()
    if not name.senses[0].entity:
        yield " ".join(word[0].upper() + word[1:] for word in text.split(" "))


def _unique(senses: list[Sense]) -> tuple[Sense, ...]:
    """Dated readings first: they are the more particular."""
    return tuple(sorted(dict.fromkeys(senses), key=lambda s: s.starts_on is None and s.ends_on is None))


@cache
def _day(text: str | None) -> date | None:
    return Period.parse(text).first if text else None


def _rows(path: Path) -> Iterator[dict[str, str]]:
    if path.exists():
        with path.open(encoding="utf-8", newline="") as file:
            yield from csv.DictReader(file)


def _split(field: str | None) -> list[str]:
    return [part.strip() for part in (field or "").split("|") if part.strip()]


def _entity_names(folder: Path) -> Iterator[tuple[str, Sense, bool]]:
    listed = [row for file in ("countries.csv", "organisations.csv") for row in _rows(folder / file)]
    known = {text for row in listed for text in (row["name"], row.get("official_name") or "", *_split(row["aliases"]))}
    for row in listed:
        is_country = "iso3" in row
        historic = row["kind"] == "historic"
        key = (row.get("successor") or row["key"]) if historic else row["key"]
        sector = "REB" if row["kind"] == "group" else ""
        sense = Sense(key, sector, row["kind"], None, None)
        own = [row["name"], row.get("official_name") or "", *_split(row.get("aliases"))]
        if not is_country and not sector:
            own.append(row["key"])
        for text in dict.fromkeys(filter(None, own)):
            yield text, sense, False
            for other in writings(text) if is_country else ():
                if other not in known:
                    yield other, sense, False
        for text in _split(row.get("demonyms")):
            yield text, sense, True
            for other in writings(text) if " " in text else ():
                yield other, sense, True


def _actor_names(folder: Path) -> Iterator[tuple[str, Sense, bool]]:
    for path in sorted(folder.glob("*.csv")):
        for row in _rows(path):
            unconfirmed = row.get("unconfirmed") == "yes"
            sense = Sense(row["entity"], row["sector"], row["role"], _day(row["from"]), _day(row["to"]), unconfirmed)
            for text in {row["name"], *_split(row["aliases"])}:
                yield text, sense, False

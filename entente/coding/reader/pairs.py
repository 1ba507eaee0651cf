"""Which ordered pairs of parties are looked at in which line of a window, and by which of their mentions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

#: Pairs of a window, and parties of a line, that are looked at; a longer list is no news.
MAX_PAIRS = 1200
MAX_PARTIES = 30

#: How far the mention is from the line: in it, one line before, two or three, further, after it.
HERE, BEFORE, NEAR, FAR, AFTER = range(5)
REACHES = 5


class Party(NamedTuple):
    """A party: an entity, or the private persons and firms of it."""

    entity: str
    private: bool = False


@dataclass(frozen=True, slots=True)
class Mentioned:
    """One mention of a party: the number of its line in the text and its pieces [first, last) in the window."""

    line: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Place:
    """A party as a line knows it: by its mentions there, or by the nearest elsewhere."""

    line: int
    party: Party
    mentions: tuple[Mentioned, ...]
    reach: int


@dataclass(frozen=True, slots=True)
class Pairs:
    """Places, and pairs of them: (place of the source, place of the target), both of one line."""

    places: Sequence[Place]
    rows: Sequence[tuple[int, int]]

    def names(self, row: int) -> tuple[int, Party, Party]:
        """(line, source, target) of a pair."""
        source, target = self.rows[row]
        return self.places[source].line, self.places[source].party, self.places[target].party


def pairs_of(lines: Sequence[int], parties: Mapping[Party, Sequence[Mentioned]]) -> Pairs:
    """The pairs of some lines of the text: those of whom the line names at least one, or the line before it both.

    A party and the private persons of its country are no pair.
    """
    places: list[Place] = []
    rows: list[tuple[int, int]] = []
    for line in lines:
        here = sorted((_place(line, p, mentions) for p, mentions in parties.items()), key=lambda p: p.reach)
        here = here[:MAX_PARTIES]
        base = len(places)
        found = [
            (base + i, base + j)
            for i, source in enumerate(here)
            for j, target in enumerate(here)
            if source.party.entity != target.party.entity
            and (HERE in (source.reach, target.reach) or source.reach == target.reach == BEFORE)
        ]
        if found and len(rows) + len(found) <= MAX_PAIRS:
            places.extend(here)
            rows.extend(found)
    return Pairs(places, rows)


def reach_of(line: int, other: int) -> int:
    """How far the line `other` is from `line`, by their numbers in the text."""
    back = line - other
    if back <= 0:
        return HERE if back == 0 else AFTER
    return BEFORE if back == 1 else NEAR if back <= 3 else FAR


def _place(line: int, party: Party, mentions: Sequence[Mentioned]) -> Place:
    nearest = min(mentions, key=lambda m: (m.line > line, abs(line - m.line)))
    same = tuple(m for m in mentions if m.line == nearest.line)
    return Place(line, party, same, reach_of(line, nearest.line))

"""Who is named in a window, and as what: parties, private persons, mere places; and what stands for them unnamed."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from entente.coding.reader.model import Floats, Model
from entente.coding.reader.pairs import Mentioned, Party, reach_of
from entente.coding.reader.windows import Line, Window

PARTY, PRIVATE, PLACE, OTHER = ROLES = ("party", "private", "place", "look-alike")

#: How sure it must be that an unnamed span stands for an entity.
_LINKED = 0.5

#: Unnamed spans of a window that are looked at.
_MOST = 60


@dataclass(frozen=True, slots=True)
class Seen:
    """A mention in a window: its line there, pieces, and entities; `name` is its number among the line's names.

    An unnamed span ("it", "the ministry") has no `name`, and the code points [start, end) of its line.
    """

    line: int
    first: int
    last: int
    entities: tuple[str, ...]
    role: str
    sure: float
    name: int | None
    start: int
    end: int


def seen_in(
    window: Window, lines: Sequence[Line], states: Floats, tags: Floats, model: Model, given: bool
) -> list[Seen]:
    """The mentions of a window, named ones with their roles, unnamed ones with whom they stand for.

    `given`: the names are the caller's: parties, and nobody else is looked for.
    """
    named = _named(window, lines)
    if not named:
        return []
    free = [] if given else _unnamed(window, tags)
    spans = [(first, last) for _, _, first, last in named] + [(first, last) for _, first, last, _ in free]
    roles, queries, keys, by_reach = model.mentions(states, averages([[s] for s in spans], len(states)))
    found = []
    for i, (here, number, first, last) in enumerate(named):
        name = lines[window.lines[here].number].names[number]
        best = int(roles[i].argmax())
        role, sure = (PARTY, 1.0) if given else (ROLES[best], float(roles[i][best]))
        found.append(Seen(here, first, last, (name.entity,), role, sure, number, name.start, name.end))
    columns: dict[str, list[int]] = {}
    for column, seen in enumerate(found):
        columns.setdefault(seen.entities[0], []).append(column)
    for i, (here, first, last, role) in enumerate(free):
        number = window.lines[here].number
        reach = np.array([reach_of(number, window.lines[seen.line].number) for seen in found[: len(named)]])
        scores = queries[len(named) + i] @ keys[: len(named)].T / queries.shape[1] ** 0.5 + by_reach[reach]
        likely = {entity: _sigmoid(_logsumexp(scores[at])) for entity, at in columns.items()}
        meant = [entity for entity, chance in likely.items() if chance >= _LINKED]
        if meant:
            start, end = _code_points(window, here, first, last)
            sure = min(likely[entity] for entity in meant)
            found.append(Seen(here, first, last, tuple(meant), role, sure, None, start, end))
    return found


def parties_of(window: Window, seen: Sequence[Seen]) -> dict[Party, list[Mentioned]]:
    """The mentions of each party. Places and look-alikes are none."""
    found: dict[Party, list[Mentioned]] = {}
    for mention in seen:
        if mention.role in (PARTY, PRIVATE):
            for entity in mention.entities:
                party = Party(entity, mention.role == PRIVATE)
                number = window.lines[mention.line].number
                found.setdefault(party, []).append(Mentioned(number, mention.first, mention.last))
    return found


def averages(ranges: Sequence[Sequence[tuple[int, int]]], length: int) -> Floats:
    """(len(ranges), length): weights that average the pieces of each list of ranges."""
    rows = np.zeros((len(ranges), length), dtype=np.float32)
    for row, several in zip(rows, ranges, strict=True):
        for first, last in several:
            row[first:last] = 1.0
    means: Floats = rows / np.maximum(rows.sum(1, keepdims=True), 1)
    return means


def _named(window: Window, lines: Sequence[Line]) -> list[tuple[int, int, int, int]]:
    """(line, number of the name, first, last) of each name whose pieces are in the window."""
    return [
        (here, number, *pieces)
        for here, line in enumerate(window.lines)
        for number, name in enumerate(lines[line.number].names)
        if (pieces := line.span(name.start, name.end))
    ]


def _unnamed(window: Window, tags: Floats) -> list[tuple[int, int, int, str]]:
    """(line, first, last, role) of the spans that the tags show: 1/2 begin and continue a party, 3/4 a private one."""
    best = tags.argmax(-1)
    found: list[tuple[int, int, int, str]] = []
    for here, line in enumerate(window.lines):
        i = line.first
        while i < line.last:
            tag = int(best[i])
            if tag not in (1, 3) or window.marks[i]:
                i += 1
                continue
            last = i + 1
            while last < line.last and best[last] == tag + 1 and not window.marks[last]:
                last += 1
            found.append((here, i, last, PARTY if tag == 1 else PRIVATE))
            i = last
    return found[:_MOST]


def _code_points(window: Window, line: int, first: int, last: int) -> tuple[int, int]:
    pieces = window.lines[line].pieces
    base = window.lines[line].first
    return pieces[first - base].start, pieces[last - 1 - base].end


def _sigmoid(x: float) -> float:
    return float(1 / (1 + np.exp(-x)))


def _logsumexp(values: Floats) -> float:
    top = float(values.max())
    return top + float(np.log(np.exp(values - top).sum()))

"""Read labelled passages, and apply the conventions that make labels of different annotators comparable.

A line of passages/*.jsonl is {"id", "d" day of publication, "t" headline or null, "s" sentences, "e" events}; an event
is [sentence (−1: headline), source, target, act, status, trigger, date words, date value]. Every mention of an actor
is marked in the text as [CODE:words] (training/passages/README.md).
"""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from entente.bootstrap.seeds import load_entities

_MARK = re.compile(r"\[([A-Z][A-Za-z0-9_+/-]*):([^\[\]]+)\]")

#: Statuses of acts that a text reports as not having happened, or as merely possible.
NOT_TOLD = ("negated", "hypothetical")

#: Files with a placeholder for the day (acts-*), or in which "none" stands for an act of the day as well (the others).
_UNDATED = ("acts-", "moves-", "wire-")

#: Status → acts that only repeat it. Such an act is dropped beside a finer act of the same status, parties and line.
_TWINS = {
    "requested": {"request", "demand", "demand_yield"},
    "threatened": {"threaten", "warn"},
    "agreed": {"agree", "offer"},
}


_TOLD_AGAIN = ("effective", "ongoing", "announced", "agreed")

#: (line, source, target, act, status, …)
Told = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """An actor mention: code points [start, end) of a line, and the codes of the actors that it names."""

    start: int
    end: int
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LabelledEvent:
    """A labelled event. `words`: its date in the sentence, None without one; `value`: its date, None if unknown."""

    sentence: int
    source: str
    target: str
    act: str
    status: str
    trigger: str
    words: str | None
    value: str | None


@dataclass(frozen=True, slots=True)
class LabelledText:
    """A text without its marks. `lines` holds the headline, if any, first; events count lines from 0.

    `dated` is False where only dates that words tell can be learnt: the day is a placeholder, or is not labelled.
    """

    id: str
    day: str
    has_title: bool
    lines: Sequence[str]
    marks: Sequence[Sequence[Mark]]
    events: Sequence[LabelledEvent]
    dated: bool = True


def plain(text: str) -> str:
    """The text without its marks."""
    return _MARK.sub(lambda mark: mark[2], text)


def marks_of(text: str) -> list[Mark]:
    """The marks of a text, as offsets into `plain(text)`."""
    found, shift = [], 0
    for mark in _MARK.finditer(text):
        start = mark.start() - shift
        shift += len(mark[0]) - len(mark[2])
        found.append(Mark(start, start + len(mark[2]), tuple(map(of_today, mark[1].split("+")))))
    return found


def read(path: Path) -> Iterator[LabelledText]:
    """The texts of a file. Those of which days without words can't be learnt (_UNDATED) are not `dated`."""
    with path.open(encoding="utf-8") as file:
        for line in file:
            if line.strip():
                yield labelled(json.loads(line), not path.name.startswith(_UNDATED))


def labelled(row: dict[str, Any], dated: bool = True) -> LabelledText:
    """Parse one row of a passage file."""
    sentences = [row["t"], *row["s"]] if row.get("t") else list(row["s"])
    shift = int(bool(row.get("t")))
    lines, marks = [plain(s) for s in sentences], [marks_of(s) for s in sentences]
    return LabelledText(row["id"], row["d"], bool(shift), lines, marks, events_of(row["e"], bool(shift)), dated)


def events_of(rows: Sequence[Sequence[Any]], has_title: bool) -> tuple[LabelledEvent, ...]:
    """Parse event labels; lines are counted from the headline if there is one."""
    return tuple(
        LabelledEvent(k + has_title, of_today(source), of_today(target), *rest)
        for k, source, target, *rest in _dated(rows)
        if k + has_title >= 0
    )


@cache
def _successors() -> dict[str, str]:
    entities = load_entities()
    return {e.key: entities.resolve(e.key).key for e in entities if e.kind == "historic"}


def of_today(code: str) -> str:
    """The code with a historic state replaced by its present-day successor, under which its events are recorded."""
    key, slash, kind = code.partition("/")
    return _successors().get(key, key) + slash + kind


def settled(events: Iterable[Told]) -> list[Told]:
    """Events (line, source, target, act, status, …) after the conventions shared by labels and coder output.

    `host` becomes `visit` in the other direction. Acts that only repeat another's status (_TWINS) and duplicates are
    dropped.
    """
    turned = [(k, t, s, "visit", *rest) if act == "host" else (k, s, t, act, *rest) for k, s, t, act, *rest in events]
    fine = {(k, s, t, status) for k, s, t, act, status, *_ in turned if act not in _TWINS.get(status, {act})}
    kept, seen = [], set()
    for event in turned:
        k, s, t, act, status = event[:5]
        twin = any(act in names and (k, s, t, around) in fine for around, names in _TWINS.items())
        if (twin and status in _TOLD_AGAIN) or (k, s, t, act, status) in seen:
            continue
        seen.add((k, s, t, act, status))
        kept.append(event)
    return kept


def _dated(events: Sequence[Sequence[Any]]) -> list[Sequence[Any]]:
    """The events settled. A hypothetical act has no date; a headline's act takes the body's date for it, if any."""
    single = settled([tuple(event) for event in events])
    days = {(s, t, act): value for k, s, t, act, _, _, _, value in single if k >= 0 and value}
    found: list[Sequence[Any]] = []
    for k, s, t, act, status, *rest, value in single:
        day = days.get((s, t, act), value) if k < 0 else value
        found.append((k, s, t, act, status, *rest, None if status == "hypothetical" else day))
    return found

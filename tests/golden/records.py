"""Goldens: texts with the events that their coding must and must not contain, and the matching of events.

A golden is {id, note, title, published_at, source, text, required: [match, …], forbidden: [match, …]}; one with
`no_event: true` is a text in which no state acts towards another. A match is a dict of event fields that must all
hold: source, target, act, root, status, precision, source_sector, target_sector (a list means any of), date (a prefix
of the event's date: "2025-07"), effective (true: status effective or ongoing). `note` is for the reader.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from entente.cli.bench.scoring import fits
from entente.relations.codebook import Codebook
from entente.relations.events import STATE_SECTORS

Match = Mapping[str, Any]
Golden = Mapping[str, Any]
Event = Mapping[str, Any]

HERE = Path(__file__).parent
SAMPLES = HERE.parents[1] / "seeds" / "articles"


def read(directory: Path) -> list[Golden]:
    """Every golden of a directory, by file name."""
    return [json.loads(path.read_text(encoding="utf-8")) for path in sorted(directory.glob("*.json"))]


def articles() -> list[Golden]:
    """The goldens in which states act, the sample articles among them."""
    return read(HERE / "articles") + read(SAMPLES)


def quiet() -> list[Golden]:
    """The goldens in which no state acts towards another."""
    return read(HERE / "quiet")


def shortfalls(events: Iterable[Event], golden: Golden) -> Iterator[str]:
    """A line for each required match that no event fits, and for each forbidden one that an event fits."""
    events = list(events)
    for kind, wanted in (("required", True), ("forbidden", False)):
        for match in golden[kind]:
            if any(fits(event, match) for event in events) is not wanted:
                yield f"{'missed' if wanted else 'made'} {json.dumps(match, ensure_ascii=False)}"


def moved(events: Iterable[Event], codebook: Codebook) -> Iterator[str]:
    """A line for each event that moves a facet between two states: it has an effect and reaches the floor."""
    for event in events:
        states = all((event[side]["sector"] or "") in STATE_SECTORS for side in ("source", "target"))
        sure = event["confidence"] >= codebook.floor(event["act"])
        if states and sure and codebook.effects(event["act"], event["status"]):
            yield f"moves a facet: {shown(event)}"


def shown(event: Event) -> str:
    """An event in one line."""
    who = f"{event['source']['entity']} {event['act']} {event['target']['entity']}"
    return f"{who} {event['status']} {event['event_date']} “{event['quote']['text'][:100]}”"


def values(match: Match, key: str) -> set[Any]:
    """The alternatives that a match gives for a field."""
    wanted = match[key]
    return set(wanted) if isinstance(wanted, list) else {wanted}

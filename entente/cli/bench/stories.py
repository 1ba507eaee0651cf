"""Labelled stories: small archives with the values that a careful reader records (training/stories/README.md)."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

#: (source, target, facet, item, standing); of a shared facet the alphabetically smaller key is the source.
Track = tuple[str, str, str, str, str]


@dataclass(frozen=True, slots=True)
class StoryArticle:
    """One article of a story."""

    id: str
    publisher: str
    title: str
    text: str
    published_on: date


@dataclass(frozen=True, slots=True)
class Reading:
    """What the reader records as of a day. `told_by`: the first article that tells each value, by its id."""

    as_of: date
    values: Mapping[Track, str]
    told_by: Mapping[Track, str]


@dataclass(frozen=True, slots=True)
class Story:
    """Articles in order of publication, and what a reader records of them on five days, in order."""

    id: str
    articles: Sequence[StoryArticle]
    readings: Sequence[Reading]


def read_stories(directory: Path, kind: str) -> list[Story]:
    """The stories of a kind, "tune" or "sealed", in order of their names; empty if there are none."""
    return [_story(json.loads(path.read_text(encoding="utf-8"))) for path in sorted(directory.glob(f"{kind}-*.json"))]


def read_again(directory: Path, stories: Sequence[Story]) -> list[tuple[Story, list[Reading]]]:
    """Each of those stories that a second reader has read too, with his readings (`again/` beside the stories)."""
    read = [(story, directory / "again" / f"{story.id}.json") for story in stories]
    return [
        (story, [_reading(state) for state in json.loads(path.read_text(encoding="utf-8"))["states"]])
        for story, path in read
        if path.exists()
    ]


def _story(row: Mapping[str, Any]) -> Story:
    articles = [
        StoryArticle(a["id"], a["publisher"], a["title"], a["text"], date.fromisoformat(a["published_at"]))
        for a in row["articles"]
    ]
    return Story(row["id"], articles, [_reading(state) for state in row["states"]])


def _reading(state: Mapping[str, Any]) -> Reading:
    told = {(v["source"], v["target"], v["facet"], v["item"], v["standing"]): v for v in state["values"]}
    return Reading(
        date.fromisoformat(state["as_of"]),
        {track: value["value"] for track, value in told.items()},
        {track: value["article"] for track, value in told.items()},
    )

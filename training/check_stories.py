"""Verify labelled stories: ``python training/check_stories.py [FILE…]``, without files all of training/stories.

Prints each fault, then counts; exits 1 on a fault.
"""

import argparse
import json
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from entente.bootstrap.publishers import load_publishers
from entente.bootstrap.seeds import load_codebook, load_entities, seed_directory
from entente.relations.codebook import STANDINGS, Codebook
from entente.relations.publishers import Publishers

STORIES = Path(__file__).parent / "stories"

#: Articles and words that a story may have.
ARTICLES = range(5, 11)
WORDS = range(90, 221)

#: Days on which the states of a story are recorded.
AS_OF = 5

_STORY = {"id", "title", "articles", "states"}
_ARTICLE = {"id", "published_at", "publisher", "title", "text"}
_STATE = {"as_of", "values"}
_VALUE = {"source", "target", "facet", "item", "value", "standing", "article"}
_YEARS = range(2019, 2028)


def faults(story: Mapping[str, Any], name: str) -> Iterator[str]:
    """What is wrong with a story of that file name (without suffix)."""
    if story.keys() != _STORY:
        yield f"a story has the fields {', '.join(sorted(_STORY))}"
        return
    if story["id"] != name:
        yield f"its id is {story['id']}, its file's name {name}"
    wrong = [
        *_strays("an article", story["articles"], _ARTICLE),
        *_strays("a state", story["states"], _STATE),
        *_strays("a value", [value for state in story["states"] for value in state["values"]], _VALUE),
    ]
    yield from wrong
    if not wrong:
        yield from _of_articles(story["articles"])
        yield from _of_states(story["states"], story["articles"])


def _strays(kind: str, rows: Sequence[Mapping[str, Any]], fields: set[str]) -> Iterator[str]:
    for row in rows:
        if row.keys() != fields:
            yield f"{kind} has the fields {', '.join(sorted(fields))}: {row}"[:200]
        elif blank := [key for key, value in row.items() if value == "" and key != "item"]:
            yield f"{kind} has no {', '.join(blank)}: {row}"[:200]


def _of_articles(articles: Sequence[Mapping[str, str]]) -> Iterator[str]:
    if len(articles) not in ARTICLES:
        yield f"{len(articles)} articles; {ARTICLES[0]} to {ARTICLES[-1]} are a story"
    if [article["id"] for article in articles] != [f"a{number}" for number in range(1, len(articles) + 1)]:
        yield "the articles are not numbered a1, a2 …"
    if len({_publishers().owner_of(article["publisher"]) for article in articles}) < 2:
        yield "all publishers have one owner"
    for article in articles:
        length = len(article["text"].split())
        if length not in WORDS:
            yield f"{article['id']} has {length} words; {WORDS[0]} to {WORDS[-1]} are an article"
    yield from _of_days("published_at", [article["published_at"] for article in articles], strictly=False)


def _of_days(field: str, days: Sequence[str], *, strictly: bool) -> Iterator[str]:
    for day in days:
        try:
            if date.fromisoformat(day).year not in _YEARS:
                yield f"{field} {day} is outside {_YEARS[0]} to {_YEARS[-1]}"
        except ValueError:
            yield f"{field} {day} is no day"
            return
    if any(later < earlier or (strictly and later == earlier) for earlier, later in pairwise(days)):
        yield f"{field} goes back: {', '.join(days)}"


def _of_states(states: Sequence[Mapping[str, Any]], articles: Sequence[Mapping[str, str]]) -> Iterator[str]:
    days = [state["as_of"] for state in states]
    if len(days) != AS_OF:
        yield f"{len(days)} dates with states; a story has {AS_OF}"
    yield from _of_days("as_of", days, strictly=True)
    if days and articles and days[-1] < articles[-1]["published_at"]:
        yield f"the last date, {days[-1]}, is before the last article"
    published = {article["id"]: article["published_at"] for article in articles}
    for state in states:
        for value in state["values"]:
            yield from (f"{state['as_of']}: {fault}: {_told(value)}" for fault in _of_value(value))
            if published.get(value["article"], "9999") > state["as_of"]:
                yield f"{state['as_of']}: {value['article']} was not published by then: {_told(value)}"
        tracks = Counter(_told(value).rpartition(" = ")[0] for value in state["values"])
        yield from (f"{state['as_of']}: two values hold: {track}" for track, n in tracks.items() if n > 1)


def _of_value(value: Mapping[str, str]) -> Iterator[str]:
    both = (value["source"], value["target"])
    for key in both:
        entity = load_entities().get(key)
        if entity is None or not (entity.is_country or entity.kind == "organisation"):
            yield f"{key} is no country or organisation"
    facet = _codebook().facets.get(value["facet"])
    if facet is None:
        yield f"no such facet: {value['facet']}"
        return
    if value["value"] not in facet.values:
        yield f"no such value: {value['value']}"
    if value["item"] not in _items()[facet.name]:
        yield f"no such item: {value['item'] or 'none'}"
    if both[0] == both[1] or (facet.shared and both[0] > both[1]):
        yield "its countries are one, or not in alphabetical order though the facet is shared"
    if value["standing"] not in STANDINGS:
        yield f"no such standing: {value['standing']}"
    elif value["standing"] != "held" and (facet.name, value["value"], value["standing"]) not in _announced():
        yield f"no act gives that value that standing ({value['standing']})"


@cache
def _codebook() -> Codebook:
    return load_codebook()


@cache
def _publishers() -> Publishers:
    return load_publishers()


@cache
def _items() -> dict[str, list[str]]:
    """The items of each facet; the empty one for a facet that is no set."""
    facets = tomllib.loads((seed_directory() / "codebook" / "facets.toml").read_text(encoding="utf-8"))
    return {name: row.get("items", [""]) for name, row in facets.items()}


@cache
def _announced() -> set[tuple[str, str, str]]:
    """(facet, value, standing) of every effect of an act that is only announced or threatened."""
    effects = (effect for act in _codebook().acts.values() for effect in act.effects)
    return {(effect.facet, effect.value, effect.standing) for effect in effects if effect.standing != "held"}


def _told(value: Mapping[str, str]) -> str:
    track = " ".join(value[key] for key in ("source", "target", "facet", "item", "standing") if value[key])
    return f"{track} = {value['value']}"


def main() -> int:
    """Check every file."""
    command = argparse.ArgumentParser(description=__doc__)
    command.add_argument("files", nargs="*", type=Path, default=sorted(STORIES.glob("*.json")))
    stories = articles = values = wrong = 0
    for path in command.parse_args().files:
        try:
            story = json.loads(path.read_text(encoding="utf-8"))
            found = list(faults(story, path.stem))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            print(f"{path.name}: no story: {error}")
            wrong += 1
            continue
        stories, articles = stories + 1, articles + len(story["articles"])
        values += sum(len(state["values"]) for state in story["states"])
        wrong += len(found)
        for fault in found:
            print(f"{path.name}: {fault}")
    print(f"{stories} stories, {articles} articles, {values} values, {wrong} faults")
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())

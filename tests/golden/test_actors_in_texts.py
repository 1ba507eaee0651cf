"""Single sentences of our own writing with the parties that the tables find in each (actors_in_texts.jsonl).

`actors_in_texts_shortfalls.txt` holds the sentences that are not yet read right. It may only shrink.
"""

import json
from collections import Counter
from datetime import date

import pytest

from entente.bootstrap.seeds import seed_directory
from entente.coding.actors.appositions import confirmed
from entente.coding.actors.finding import ActorFinder
from tests.golden.records import HERE

ROWS = [json.loads(line) for line in (HERE / "actors_in_texts.jsonl").read_text(encoding="utf-8").splitlines()]
SHORTFALLS = (HERE / "actors_in_texts_shortfalls.txt").read_text(encoding="utf-8").splitlines()
DAY = date(2025, 10, 15)

#: Most sentences that the list of shortfalls may have.
MOST = 3


@pytest.fixture(scope="module")
def finder() -> ActorFinder:
    return ActorFinder.load(seed_directory())


def parties(finder: ActorFinder, text: str) -> list[str]:
    """The parties of a text, each once, in the order of their first mentions."""
    mentions = confirmed([text], [finder.find(text)])[0]
    return list(dict.fromkeys(mention.actor_on(DAY).party for mention in mentions))


def test_every_sentence_gives_its_parties_but_those_listed_as_shortfalls(finder: ActorFinder) -> None:
    assert [row["text"] for row in ROWS if parties(finder, row["text"]) != row["parties"]] == SHORTFALLS


def test_the_shortfalls_only_become_fewer() -> None:
    assert len(SHORTFALLS) <= MOST


def test_every_sentence_stands_once_and_every_kind_has_some() -> None:
    assert len({row["text"] for row in ROWS}) == len(ROWS) >= 600
    assert {row["kind"] for row in ROWS if set(row) == {"kind", "text", "parties"}} == {
        "form", "abbreviated", "inverted", "apostrophes", "diacritics", "native", "capitals", "lower case", "person",
        "town", "treaty", "firm", "team", "dish", "ship", "people", "group", "unconfirmed",
    }  # fmt: skip
    # What must not be found is as important as what must.
    assert Counter(bool(row["parties"]) for row in ROWS)[False] >= 95

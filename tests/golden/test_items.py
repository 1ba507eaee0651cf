"""Single sentences of our own writing with the item that an act in them names (items.jsonl)."""

import json
import tomllib
from collections import defaultdict
from itertools import chain

import pytest

from entente.bootstrap.seeds import load_codebook, seed_directory
from entente.coding.items import Items
from tests.golden.records import HERE

ROWS = [json.loads(line) for line in (HERE / "items.jsonl").read_text(encoding="utf-8").splitlines()]

#: Item → whether the answer was right, for each sentence that it is the right answer to.
Answers = dict[str | None, list[bool]]


@pytest.fixture(scope="module")
def answers() -> Answers:
    items = Items.load(seed_directory() / "coder" / "items.toml")
    found: Answers = defaultdict(list)
    for row in ROWS:
        start = row["text"].index(row["trigger"])
        told = items.of(row["act"], row["text"], start, start + len(row["trigger"]))
        found[row["item"]].append(told == ((row["item"],) if row["item"] else ()))
    return found


def share(right: list[bool]) -> float:
    return sum(right) / len(right)


def test_ninety_five_of_a_hundred_items_are_told_right(answers: Answers) -> None:
    assert share(list(chain.from_iterable(answers.values()))) >= 0.95


@pytest.mark.parametrize("key", ["measure", "aid", "treaty"])
def test_of_each_key_nearly_all_are_told_right(key: str, answers: Answers) -> None:
    right = [told for item, tellings in answers.items() if item and item.startswith(f"{key}:") for told in tellings]
    assert share(right) >= 0.85


def test_where_nothing_is_named_nearly_always_nothing_is_told(answers: Answers) -> None:
    assert share(answers[None]) >= 0.85


def test_every_item_that_a_text_can_name_has_its_sentences(answers: Answers) -> None:
    facets = {"sanctions": "measure", "aid": "aid", "treaties": "treaty"}
    listed = _items_of_the_facets()
    wanted = {f"{key}:{item}" for facet, key in facets.items() for item in listed[facet] if item != "other"}
    assert set(answers) == {*wanted, None}
    assert min(map(len, answers.values())) >= 5


def test_every_sentence_stands_once_and_has_its_trigger_and_an_act_of_the_codebook() -> None:
    acts = load_codebook().acts
    assert len({row["text"] for row in ROWS}) == len(ROWS) >= 160
    for row in ROWS:
        assert set(row) == {"act", "text", "trigger", "item"}
        assert row["act"] in acts
        assert row["trigger"] in row["text"]


def _items_of_the_facets() -> dict[str, list[str]]:
    facets = tomllib.loads((seed_directory() / "codebook" / "facets.toml").read_text(encoding="utf-8"))
    return {name: row["items"] for name, row in facets.items() if "items" in row}

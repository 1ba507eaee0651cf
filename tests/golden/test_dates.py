"""Date phrases in news sentences of our own writing, and the date that a careful reader takes each of them for.

A value is as precise as what was said: one week is seven days, several weeks are a month, seasons and quarters a year,
a weekend its Saturday. It is null where the words name no date on which the act told happened.
"""

import json
from collections import defaultdict
from datetime import date
from pathlib import Path
from typing import NamedTuple

import pytest

from entente.coding.dates.coming import coming
from entente.coding.dates.finding import hits
from entente.coding.dates.rules import RULES, Rule
from entente.coding.dates.sequence import dates_of
from entente.coding.text.sentences import Sentence, split

#: Of all phrases, and of each kind.
RIGHT, RIGHT_OF_A_KIND = 0.95, 0.85


class Phrase(NamedTuple):
    """A line of dates.jsonl: words in a text published on a day, and their date."""

    day: str
    text: str
    phrase: str
    value: str | None
    kind: str


def corpus() -> list[Phrase]:
    lines = Path(__file__).with_name("dates.jsonl").read_text(encoding="utf-8").splitlines()
    return [Phrase(**json.loads(line)) for line in lines]


CORPUS = corpus()


def sentences(text: str) -> list[Sentence]:
    return [Sentence("text", start, end, text[start:end]) for start, end in split(text, 0, len(text))]


def value(phrase: Phrase) -> str | None:
    """What is read of the words: the first date found in them."""
    start = phrase.text.index(phrase.phrase)
    end = start + len(phrase.phrase)
    read = [found for line in dates_of(sentences(phrase.text), date.fromisoformat(phrase.day)) for found in line]
    inside = [found for found in read if found.start < end and start < found.end]
    return inside[0].period.label if inside and inside[0].period is not None else None


def misread() -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for phrase in CORPUS:
        if (got := value(phrase)) != phrase.value:
            found[phrase.kind].append(f"{phrase.day} {phrase.text!r}: {phrase.phrase!r} is {phrase.value}, read {got}")
    return found


def test_the_corpus_has_many_phrases_of_many_kinds_and_each_once() -> None:
    kinds = [phrase.kind for phrase in CORPUS]
    assert len(CORPUS) == len(set(CORPUS)) >= 420
    assert len(set(kinds)) >= 25
    assert min(map(kinds.count, kinds)) >= 10


def test_nearly_all_phrases_are_read_right() -> None:
    wrong = [line for lines in misread().values() for line in lines]
    assert len(wrong) <= (1 - RIGHT) * len(CORPUS), "\n" + "\n".join(wrong)


@pytest.mark.parametrize("kind", sorted({phrase.kind for phrase in CORPUS}))
def test_most_phrases_of_every_kind_are_read_right(kind: str) -> None:
    wrong, told = misread().get(kind, []), [phrase for phrase in CORPUS if phrase.kind == kind]
    assert len(wrong) <= (1 - RIGHT_OF_A_KIND) * len(told), "\n" + "\n".join(wrong)


def test_phrases_lie_in_their_text_in_order_and_apart() -> None:
    for phrase in CORPUS:
        for line in dates_of(sentences(phrase.text), date.fromisoformat(phrase.day)):
            bounds = [at for found in line for at in (found.start, found.end)]
            assert bounds == sorted(bounds), phrase
            assert all(phrase.text[found.start : found.end].strip(" ,") for found in line), phrase


#: Words for what has no year or no date of its own; nothing in the sentences below says that it lies ahead.
UNDATED = (
    "on Monday", "on Friday", "on Sunday", "on December 20", "on 3 January", "on October 11", "on 29 February",
    "in January", "in October", "in December", "in mid-November", "on the 11th", "on the 31st", "over the weekend",
    "in the spring", "in the autumn", "in the fourth quarter", "on Friday, 24 October", "from 12 to 14 December",
)  # fmt: skip


@pytest.mark.parametrize("words", UNDATED)
@pytest.mark.parametrize("day", ["2025-10-10", "2026-01-01", "2024-02-29", "2024-12-31"])
def test_an_act_told_as_done_is_never_dated_after_publication_unless_the_words_say_so(words: str, day: str) -> None:
    today = date.fromisoformat(day)
    for text in (f"Oman recalled its envoy {words}.", f"{words[0].upper()}{words[1:]} Oman recalled its envoy."):
        for line in dates_of(sentences(text), today):
            assert [found for found in line if found.period is not None], text
            assert all(found.period.first <= today for found in line if found.period is not None), text


def test_what_lies_ahead_is_never_moved_further_than_a_year() -> None:
    for phrase in CORPUS:
        today = date.fromisoformat(phrase.day)
        for line in dates_of(sentences(phrase.text), today):
            for found in line:
                moved = coming(found.period, phrase.text[found.start :], today)
                assert moved == found.period or (moved is not None and 0 <= (moved.last - today).days <= 366)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_every_rule_finds_its_own_example(rule: Rule) -> None:
    assert rule.alone.search(rule.example), rule.example
    assert rule.name in {hit.lastgroup for hit in hits(rule.example)}

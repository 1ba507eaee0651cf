"""Reprint groups as a function of the articles alone."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entente.relations.grouping.reprint_scan import scan
from entente.relations.grouping.reprints import (
    Print,
    alike,
    bands,
    first_of,
    first_prints,
    grouped,
    runs,
    runs_in_words,
    similarity,
)

DAY = date(2025, 7, 4)


def window(start: int, length: int = 104, tale: str = "word") -> str:
    """Words `start` … of an endless text: two windows that are d words apart share n − d of n + d runs."""
    return " ".join(f"{tale}{n}" for n in range(start, start + length))


def article(id: str, day: int = 0, hour: int | None = 12) -> Print:
    on = DAY + timedelta(days=day)
    at = None if hour is None else datetime(on.year, on.month, on.day, hour, tzinfo=UTC)
    return Print(id, f"publisher of {id}", on, at, f"hash of {id}")


def groups_of(texts: dict[str, str], prints: list[Print]) -> set[frozenset[str]]:
    found = grouped(prints, lambda id: runs(texts[id]))
    return {frozenset(print.id for print in group) for group in found}


def test_what_is_like_one_of_two_that_are_alike_is_of_their_group_in_any_order():
    texts = {"a": window(0), "b": window(10), "c": window(25)}
    a, b, c = (runs(text) for text in texts.values())
    assert [round(similarity(*pair), 2) for pair in ((a, b), (b, c), (a, c))] == [0.82, 0.74, 0.6]
    prints = [article(id) for id in texts]
    for order in ((0, 1, 2), (0, 2, 1), (1, 0, 2), (1, 2, 0), (2, 0, 1), (2, 1, 0)):
        assert groups_of(texts, [prints[i] for i in order]) == {frozenset("abc")}
    assert groups_of(texts, [prints[0], prints[2]]) == {frozenset("a"), frozenset("c")}


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Russia recognised it.", "russia RECOGNISED  it", True),
        ("Chad closed its embassy in Niger on Monday.", "Chad closed its embassy in Niger on Monday, it said.", False),
        (
            "Chad closed its embassy in Niger on Monday after days of protest at its gates.",
            "Chad closed its embassy in Niger on Monday after days of protest at its gates (AFP).",
            True,
        ),
        ("Chad closed its embassy in Niger.", "Chad closed its embassy in Mali.", False),
        ("Yes.", "No.", False),
    ],
)
def test_short_texts_are_reprints_if_nearly_every_word_is_the_same(one, other, same):
    assert alike(runs(one), runs(other)) is same
    if same:
        assert not set(bands(runs(one))).isdisjoint(bands(runs(other)))


@given(st.integers(1, 300), st.integers(0, 60), st.integers())
def test_texts_that_are_alike_share_a_band(length, apart, tale):
    one, other = (runs(window(start, length, f"t{tale}x")) for start in (0, apart))
    if similarity(one, other) >= 0.8:
        assert not set(bands(one)).isdisjoint(bands(other))


@given(*[st.lists(st.sampled_from(["Chad", "closed", "its", "embassy", "."]), max_size=30).map(" ".join)] * 2)
def test_texts_are_as_alike_by_words_as_by_their_hashes(one, other):
    by_words = similarity(runs_in_words(one), runs_in_words(other))
    assert by_words == similarity(runs(one), runs(other))


def test_more_than_four_days_apart_is_no_reprint():
    texts = {"a": window(0), "b": window(0)}
    assert groups_of(texts, [article("a"), article("b", day=4)]) == {frozenset("ab")}
    assert groups_of(texts, [article("a"), article("b", day=5)]) == {frozenset("a"), frozenset("b")}


def test_the_first_print_is_the_earliest_and_a_tie_is_broken_by_content_not_by_arrival():
    early, late, unknown = article("z", hour=9), article("a", hour=10), article("b", hour=None)
    assert first_of([late, unknown, early]) == early
    assert first_of([unknown, late]) == late, "of one day, what has a time goes before what has none"
    assert first_of([article("b"), article("c"), article("a", day=1)]) == article("b")


SHELF = st.lists(
    st.tuples(st.sampled_from([0, 5, 10, 15, 25, 40, 60]), st.integers(0, 12), st.sampled_from([None, 8, 12])),
    min_size=1,
    max_size=9,
)


@given(SHELF, st.randoms(use_true_random=False))
def test_groups_and_first_prints_do_not_depend_on_the_order(shelf, chance):
    texts = {f"a{n}": window(start) for n, (start, _, _) in enumerate(shelf)}
    prints = [article(f"a{n}", day, hour) for n, (_, day, hour) in enumerate(shelf)]
    shuffled = chance.sample(prints, len(prints))
    found = grouped(prints, lambda id: runs(texts[id]))
    again = grouped(shuffled, lambda id: runs(texts[id]))
    assert first_prints(found) == first_prints(again)
    assert groups_of(texts, prints) == groups_of(texts, shuffled)


@given(SHELF)
def test_a_pass_over_all_articles_finds_the_same_groups(shelf):
    texts = {f"a{n}": window(start) for n, (start, _, _) in enumerate(shelf)}
    prints = [article(f"a{n}", day, hour) for n, (_, day, hour) in enumerate(shelf)]
    by_day = sorted(prints, key=lambda print: print.published_on)
    passed = {frozenset(print.id for print in group) for group in scan((print, texts[print.id]) for print in by_day)}
    assert passed == groups_of(texts, prints)

"""Windows of a text: each line is in one, with its names, and none is too long for the encoder."""

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entente.coding.reader.model import BUNDLED
from entente.coding.reader.pieces import WordPieces
from entente.coding.reader.windows import CONTEXT, MAX_PIECES, Line, Named, windows

WORDS = st.sampled_from(["Peru", "Chile", "recalled", "its", "ambassador", "naïve", "ﬁ", "…", "x" * 80, "12,5", "—"])
LINES = st.lists(st.lists(WORDS, max_size=120).map(" ".join), max_size=25)


@pytest.fixture(scope="module")
def splitter() -> WordPieces:
    return WordPieces(Path(BUNDLED) / "vocabulary.txt")


@settings(max_examples=80, deadline=None)
@given(texts=LINES, title=st.booleans())
def test_every_line_belongs_to_one_window_and_no_window_is_too_long(texts: list[str], title: bool) -> None:
    splitter = WordPieces(Path(BUNDLED) / "vocabulary.txt")
    lines = [Line(text, [Named(0, 4, "PER")], (), title and number == 0) for number, text in enumerate(texts)]
    found = list(windows(lines, splitter))
    owned = [line.number for window in found for line in window.lines if not line.repeated]
    assert owned == list(range(len(lines)))
    for window in found:
        assert len(window.ids) == len(window.marks) <= MAX_PIECES
        assert sum(len(line.pieces) + 1 for line in window.lines if line.repeated) <= 2 * CONTEXT


def test_a_piece_stands_for_the_words_it_is_of(splitter: WordPieces) -> None:
    text = "Ouagadougou's naïve envoy"
    pieces = splitter.split(text, 99)
    assert text[pieces[0].start : pieces[-1].end] == text
    assert all(a.end <= b.start or (a.start, a.end) == (b.start, b.end) for a, b in pairwise(pieces))


def test_names_of_one_entity_wear_one_number(splitter: WordPieces) -> None:
    text = "Lima told Chile that Peru would wait."
    names = [Named(0, 4, "PER"), Named(10, 15, "CHL"), Named(21, 25, "PER")]
    (window,) = windows([Line(text, names)], splitter)
    assert window.entities == {"PER": 1, "CHL": 2}
    line = window.lines[0]
    spans = [line.span(name.start, name.end) for name in names]
    assert [window.marks[span[0]] for span in spans if span] == [1, 2, 1]
    assert window.marks.count(0) == len(window.marks) - 3


def test_the_title_opens_every_window_of_a_long_text(splitter: WordPieces) -> None:
    line = Line("Peru told Chile that it would wait. " * 4, [Named(0, 4, "PER"), Named(10, 15, "CHL")])
    lines = [Line("Peru and Chile at odds", title=True), *(line,) * 20]
    found = list(windows(lines, splitter))
    assert len(found) > 2
    assert all(window.lines[0].number == 0 for window in found)
    assert all(window.lines[1].repeated for window in found[1:])


def test_what_is_far_from_any_name_is_not_read(splitter: WordPieces) -> None:
    named, bare = Line("Peru waits.", [Named(0, 4, "PER")]), Line("It rained.")
    lines = [bare, named, bare, bare, bare, bare, named]
    assert [line.number for window in windows(lines, splitter) for line in window.lines] == [1, 2, 3, 6]


@pytest.mark.parametrize("text", ["日本はロシアを非難した", "\u0301\u0301", "x" * 5000, "中国总统 met 非"])
def test_words_that_the_vocabulary_lacks_are_unknown_pieces(splitter: WordPieces, text: str) -> None:
    assert all(0 <= piece.start < piece.end <= len(text) for piece in splitter.split(text, 160))

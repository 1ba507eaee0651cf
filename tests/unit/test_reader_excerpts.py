"""The excerpt of a pair: its own sentence, those that name the pair, and the marks of who is who."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from entente.coding.reader.excerpts import KNOWN, OTHER, SOURCE, TARGET, Excerpt, excerpt_of
from entente.coding.reader.model import BUNDLED, PairAnswers
from entente.coding.reader.pairs import Mentioned, Pairs, Party, pairs_of
from entente.coding.reader.pieces import WordPieces
from entente.coding.reader.windows import Line, Named, Window, windows

TEXTS = [
    "Peru recalled its envoy from Chile.",
    "Bolivia watched " + "the long day " * 40,
    "Peru said Chile had insulted everybody, Brazil too.",
]
NAMES = {"Peru": "PER", "Chile": "CHL", "Bolivia": "BOL", "Brazil": "BRA"}


@pytest.fixture(scope="module")
def window() -> Window:
    lines = [
        Line(
            text,
            [
                Named(text.index(name), text.index(name) + len(name), code)
                for name, code in NAMES.items()
                if name in text
            ],
        )
        for text in TEXTS
    ]
    return next(windows(lines, WordPieces(Path(BUNDLED) / "vocabulary.txt")))


def mentioned(window: Window) -> dict[Party, list[Mentioned]]:
    numbers = {number: entity for entity, number in window.entities.items()}
    found: dict[Party, list[Mentioned]] = {}
    for line in window.lines:
        for i in range(line.first, line.last):
            if window.marks[i]:
                found.setdefault(Party(numbers[window.marks[i]]), []).append(Mentioned(line.number, i, i + 1))
    return found


def excerpt(window: Window, line: int, source: str, target: str, known: Sequence[tuple[int, int]] = ()) -> Excerpt:
    parties = mentioned(window)
    pairs: Pairs = pairs_of([line.number for line in window.lines], parties)
    row = next(r for r in range(len(pairs.rows)) if pairs.names(r) == (line, Party(source), Party(target)))
    one, other = (pairs.places[place] for place in pairs.rows[row])
    return excerpt_of(window, line, one, other, parties, known)


def words(excerpt: Excerpt, mark: int) -> int:
    return sum(m == mark for m in excerpt.marks)


def test_source_and_target_and_all_others_wear_marks_of_their_own(window: Window) -> None:
    there, back = excerpt(window, 2, "PER", "CHL"), excerpt(window, 2, "CHL", "PER")
    assert there.ids == back.ids
    assert [{SOURCE: TARGET, TARGET: SOURCE}.get(m, m) for m in there.marks] == list(back.marks)
    assert words(there, OTHER) == 1
    assert {there.marks[i] for first, last in there.source for i in range(first, last)} == {SOURCE}
    assert {there.marks[i] for first, last in there.target for i in range(first, last)} == {TARGET}


def test_the_words_of_what_is_known_wear_a_mark_and_names_among_them_keep_theirs(window: Window) -> None:
    line = next(line for line in window.lines if line.number == 2)
    plain, marked = excerpt(window, 2, "PER", "CHL"), excerpt(window, 2, "PER", "CHL", [(line.first, line.last)])
    first, last = marked.line
    assert marked.ids == plain.ids
    assert {m or KNOWN for m in plain.marks[first:last]} == set(marked.marks[first:last])
    assert words(marked, KNOWN) == plain.marks[first:last].count(0)
    assert words(plain, KNOWN) == 0


def test_a_sentence_that_has_no_room_is_left_out_unless_it_names_one_of_the_pair(window: Window) -> None:
    long = next(line for line in window.lines if line.number == 1)
    assert len(excerpt(window, 2, "PER", "CHL").ids) < len(long.pieces)
    assert len(excerpt(window, 2, "PER", "BOL").ids) > len(long.pieces)


def test_the_line_of_a_pair_is_where_its_pieces_are(window: Window) -> None:
    found = excerpt(window, 2, "PER", "BOL")
    line = next(line for line in window.lines if line.number == 2)
    first, last = found.line
    assert found.ids[first:last] == window.ids[line.first : line.last]


def answers(chances: list[list[float]], status: list[float]) -> PairAnswers:
    rows = len(chances)
    base = np.log(np.array([status] * rows, dtype=np.float32))
    table = np.array(chances, dtype=np.float32)
    none = np.zeros((1, 2), dtype=np.float32), np.zeros((rows, 1), dtype=np.float32)
    return PairAnswers(table, table[:, 1:], base, *none)


def test_answers_read_again_are_mixed_in_by_their_share() -> None:
    first = answers([[0.8, 0.2], [0.5, 0.5]], [0.9, 0.1])
    mixed = first.with_reread(answers([[0.1, 0.9]], [0.1, 0.9]), [1], 0.25)

    # The odds of the second row: 1 : 1 at first, 9 : 1 when read again, so the fourth root of 9 : 1.
    assert mixed.chances[:, 1].tolist() == pytest.approx([0.2, 0.634], abs=1e-3)
    assert mixed.done[:, 0].tolist() == pytest.approx([0.2, 0.634], abs=1e-3)
    assert mixed.statuses(0)[0].tolist() == pytest.approx([0.9, 0.1])
    assert mixed.statuses(1)[0].tolist() == pytest.approx([0.7, 0.3])
    assert first.chances[1].tolist() == [0.5, 0.5], "the first answers stay as they were"


def test_an_act_that_runs_both_ways_is_as_sure_as_from_its_less_sure_side() -> None:
    both = answers([[0.1, 0.9, 0.8], [0.7, 0.3, 0.2]], [0.5, 0.5]).as_sure_as([1, 0], [0])

    assert both.done.tolist() == pytest.approx(np.array([[0.3, 0.8], [0.3, 0.2]]))

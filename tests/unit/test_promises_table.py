"""The table of docs/promises.md is written from the figures of the proofs."""

from dataclasses import replace

import pytest

from tests.prove.figures import Figure
from tests.prove.table import BEGIN, DOCUMENT, END, HEAD, written

SMALL = Figure("6", "no stale writer", "tests/a.py::test_a", "0 of 10", "0", True, False, "2 cores, x", "2026-11-30")
FULL = replace(SMALL, figure="0 of 1000", full=True)
EMPTY = f"Prose.\n\n{BEGIN}\n{END}\n\nMore prose.\n"


def rows(document: str) -> list[list[str]]:
    lines = [line for line in document.splitlines() if line.startswith("|")][2:]
    return [[cell.strip() for cell in line[1:-2].split("|")] for line in lines]


def test_prose_around_the_table_stays() -> None:
    document = written(EMPTY, [SMALL])
    assert document.startswith("Prose.\n")
    assert document.endswith("\n\nMore prose.\n")
    assert len(rows(document)) == 1


def test_a_figure_that_is_recorded_again_replaces_the_old_one_and_others_stay() -> None:
    other = replace(SMALL, promise="3", shown_by="tests/b.py::test_b")
    first = written(EMPTY, [SMALL, other])
    again = written(first, [replace(SMALL, figure="1 of 10", held=False)])
    assert [row[4] for row in rows(again)] == ["0 of 10", "1 of 10"]
    assert [row[6] for row in rows(again)] == ["yes", "**no**"]
    assert written(again, []) == again


def test_a_small_run_does_not_replace_a_full_one() -> None:
    document = written(EMPTY, [FULL])
    assert written(document, [SMALL]) == document
    assert [row[4] for row in rows(written(written(EMPTY, [SMALL]), [FULL]))] == ["0 of 1000"]


def test_what_has_no_number_comes_last() -> None:
    unnumbered = replace(SMALL, promise="", shown_by="tests/0.py::test_0")
    twelfth = replace(SMALL, promise="12", shown_by="tests/c.py::test_c")
    assert [row[0] for row in rows(written(EMPTY, [unnumbered, twelfth, SMALL]))] == ["6", "12", ""]


def test_a_document_without_markers_is_refused() -> None:
    with pytest.raises(ValueError, match="put the two around its table"):
        written("Prose.", [SMALL])


def test_every_row_of_the_document_is_whole() -> None:
    document = DOCUMENT.read_text(encoding="utf-8")
    table = document.partition(BEGIN)[2].partition(END)[0]
    assert written(document, []) == document
    assert {len(row) for row in rows(table)} == {len(HEAD)}

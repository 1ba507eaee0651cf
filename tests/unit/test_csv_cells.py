"""CSV lines: no text in them is run by a spreadsheet, and none is lost."""

import csv
import io
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.table_columns import batches
from schemas.table_texts import csv_texts

STARTS = "=+-@\t\r\n＝＋－＠"

texts = st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from(STARTS + "'\";,"))
rows = st.lists(st.lists(texts, min_size=2, max_size=2), max_size=4)


def read_back(table: Sequence[Sequence[object]], *, raw_cells: bool = False) -> list[list[str]]:
    columns = dict.fromkeys("ab", "string")
    rows = [dict(zip("ab", row, strict=True)) for row in table]
    lines = csv_texts(columns, batches(columns, rows), raw_cells=raw_cells)
    return list(csv.reader(io.StringIO("".join(lines), newline="")))[1:]


@given(rows)
def test_a_text_is_read_back_as_it_was_but_for_an_apostrophe(table: list[list[str]]) -> None:
    expected = [[f"'{cell}" if cell[:1] in {*STARTS} else cell for cell in row] for row in table]
    assert read_back(table) == expected
    assert not [cell for row in read_back(table) for cell in row if cell.startswith(tuple(STARTS))]


@given(rows)
def test_with_raw_cells_a_text_is_read_back_as_it_was(table: list[list[str]]) -> None:
    assert read_back(table, raw_cells=True) == table


@pytest.mark.parametrize("number", [-7, -0.5, 0, 3, 1e300])
def test_a_number_stays_a_number(number: float) -> None:
    assert read_back([[number, str(number)]]) == [[str(number), f"'{number}" if number < 0 else str(number)]]


def test_an_empty_cell_stays_empty() -> None:
    assert read_back([[None, ""]]) == [["", ""]]

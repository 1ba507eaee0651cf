"""Lines of CSV and JSON: no text in CSV is run by a spreadsheet, and none is lost."""

import csv
import io
import itertools
import json
import math
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.table_columns import batches
from schemas.table_texts import csv_texts, ndjson_texts

STARTS = "=+-@\t\r\n＝＋－＠"

texts = st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from(STARTS + "'\";,"))
numbers = st.none() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
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


@given(st.lists(st.lists(st.none() | texts, min_size=3, max_size=3), max_size=4))
def test_raw_cells_are_spelt_as_the_csv_module_spells_them(table: list[list[str | None]]) -> None:
    for width, kind in itertools.product((1, 3), ("string", "code")):
        columns = dict.fromkeys("abc"[:width], kind)
        expected = io.StringIO()
        csv.writer(expected).writerows([columns, *(row[:width] for row in table)])
        batch = [[row[n] for row in table] for n in range(width)]
        assert "".join(csv_texts(columns, [batch], raw_cells=True)) == expected.getvalue()


@given(st.lists(st.tuples(st.none() | texts, st.none() | texts, st.none() | st.integers(), numbers), max_size=4))
def test_a_line_of_json_is_what_the_json_module_writes_of_its_row(table: list[tuple[object, ...]]) -> None:
    columns = {"100%": "string", 'co"de': "code", "n": "integer", "x": "number"}
    lines = [
        json.dumps(dict(zip(columns, row, strict=True)), ensure_ascii=False, separators=(",", ":")) for row in table
    ]
    batch = [[row[n] for row in table] for n in range(len(columns))]
    assert "".join(ndjson_texts(columns, [batch])) == "".join(f"{line}\n" for line in lines)


def test_no_line_of_json_has_a_number_that_json_does_not_know() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        list(ndjson_texts({"x": "number"}, [[[math.nan]]]))


@pytest.mark.parametrize("number", [-7, -0.5, 0, 3, 1e300])
def test_a_number_stays_a_number(number: float) -> None:
    assert read_back([[number, str(number)]]) == [[str(number), f"'{number}" if number < 0 else str(number)]]


def test_an_empty_cell_stays_empty() -> None:
    assert read_back([[None, ""]]) == [["", ""]]

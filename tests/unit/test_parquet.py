"""Parquet: cells of every type are read back as they were, null where they are empty."""

import io
import subprocess
import sys
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.parquet import GROUP, parquet_chunks
from schemas.table_columns import Cell

pyarrow = pytest.importorskip("pyarrow")
parquet = pytest.importorskip("pyarrow.parquet")

COLUMNS = {"t": "string", "c": "code", "i": "integer", "x": "number", "d": "date", "m": "month", "at": "instant"}

texts = st.text(st.characters(exclude_categories=["Cs"]))
#: A row, and what is read back of it.
rows = st.tuples(
    st.none() | texts,
    st.none() | st.sampled_from(["", "RUS", "Türkiye"]),
    st.none() | st.integers(-(2**63), 2**63 - 1),
    st.none() | st.floats(allow_nan=False),
    st.none() | st.dates(),
    st.none() | st.sampled_from(["2024-12", ""]),
    st.none() | st.datetimes(timezones=st.just(UTC)),
)


def read_back(batches: list[list[list[Cell]]]) -> list[tuple[object, ...]]:
    file = io.BytesIO(b"".join(parquet_chunks(COLUMNS, batches)))
    return [tuple(row.values()) for row in parquet.read_table(file).to_pylist()]


def cells(row: tuple[object, ...]) -> list[Cell]:
    *told, day, month, at = row
    spelt = day.isoformat() if isinstance(day, date) else day
    instant = at.isoformat().replace("+00:00", "Z") if isinstance(at, datetime) else at
    return [*told, spelt, month, instant]  # type: ignore[list-item]  # a row of `rows`


@given(st.lists(st.lists(rows, min_size=1, max_size=3), max_size=3))
def test_cells_are_read_back_as_they_were(table: list[list[tuple[object, ...]]]) -> None:
    batches = [[list(column) for column in zip(*map(cells, some), strict=True)] for some in table]
    assert read_back(batches) == [row for some in table for row in some]


def test_an_empty_text_of_a_date_or_an_instant_is_null() -> None:
    assert read_back([[[""], [""], [None], [None], [""], [""], [""]]]) == [("", "", None, None, None, "", None)]


def test_more_rows_than_a_row_group_holds_have_a_dictionary_each() -> None:
    batch: list[list[Cell]] = [["t"], ["RUS"], [1], [0.5], ["2024-12-31"], ["2024-12"], ["2024-12-31T00:00:00Z"]]
    many = [[column * (GROUP // 2) for column in batch] for _ in range(3)]
    file = parquet.ParquetFile(io.BytesIO(b"".join(parquet_chunks(COLUMNS, many))))
    assert [file.metadata.row_group(n).num_rows for n in range(file.num_row_groups)] == [GROUP, GROUP // 2]
    assert file.read().column("c").unique().to_pylist() == ["RUS"]


def test_writing_does_not_load_pandas() -> None:
    told = (
        "import sys; from schemas.parquet import parquet_chunks;"
        "list(parquet_chunks({'a': 'string', 'b': 'code', 'c': 'date'}, [[['x'], ['y'], ['2024-12-31']]]));"
        "sys.exit('pandas' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", told], check=False).returncode == 0

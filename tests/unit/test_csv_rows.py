"""A quotation mark that is not closed is told of by its line, and swallows no other row."""

import csv
import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entente.services.csv_rows import TooLong, Unclosed, csv_rows


def read(text: str, **dialect: Any) -> list[object]:
    return list(csv_rows(io.StringIO(text, newline=""), **dialect))


CLEAN = "1,a,x\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('2,"open,y\n', [Unclosed(2)]),
        ('2,"open,y', [Unclosed(2)]),
        ('2,"', [Unclosed(2)]),
        ('2,"open,y\n3,c,z\n', [Unclosed(2), (3, ["3", "c", "z"])]),
        ('2,"open,y\r\n3,c,z\r\n', [Unclosed(2), (3, ["3", "c", "z"])]),
        ('2,"open,y\r3,c,z\r', [Unclosed(2), (3, ["3", "c", "z"])]),
        ('2,"open,y\n3,"c, d",z\n4,e,w\n', [Unclosed(2), (3, ["3", "c, d", "z"]), (4, ["4", "e", "w"])]),
        ('2,"open,y\n3,"",z\n', [Unclosed(2), (3, ["3", "", "z"])]),
        ('2,"open,y\n"3","c"\n', [Unclosed(2), (3, ["3", "c"])]),
        ('"2,b\n"3,c\n"4,d\n5,e\n', [Unclosed(2), Unclosed(3), Unclosed(4), (5, ["5", "e"])]),
        ('2,"two\nlines","open\n3,c,z\n', [Unclosed(3), (4, ["3", "c", "z"])]),
        ('2,"two\nlines",y\n3,"open\n', [(3, ["2", "two\nlines", "y"]), Unclosed(4)]),
    ],
)
def test_the_line_of_the_mark_is_named_and_what_follows_it_is_read(text: str, expected: list[object]) -> None:
    assert read(CLEAN + text) == [(1, ["1", "a", "x"]), *expected]


@pytest.mark.parametrize(
    "text",
    [
        '1,"two\nlines",x\n',
        '1,"two\nlines\n",x\n',
        '1,"a ""quoted"" word\nand a line",x',
        '1,"two\nlines"',
        '1,"two\nlines" ,x\n',
        '"","",""\n',
        '1,5" nails,x\n',
        '1,"he said "hello" there",x\n',
        '1,"two lines\nand "words" in them",x\n',
        "\n\n1,a\n\n",
        "",
    ],
)
def test_what_the_csv_module_reads_as_it_was_meant_is_read_alike(text: str) -> None:
    assert [row[1] for row in read(text) if isinstance(row, tuple)] == [
        row for row in csv.reader(io.StringIO(text, newline="")) if row
    ]
    assert not any(isinstance(row, Unclosed) for row in read(text))


CELLS = st.text(st.sampled_from('ab" ,;\t\n\r'), max_size=8)


@given(st.lists(st.lists(CELLS, min_size=2, max_size=4), max_size=5), st.sampled_from(",;\t"))
def test_what_the_csv_module_writes_is_read_as_it_was(rows: list[list[str]], delimiter: str) -> None:
    written = io.StringIO(newline="")
    csv.writer(written, delimiter=delimiter).writerows(rows)

    assert [row[1] for row in read(written.getvalue(), delimiter=delimiter) if isinstance(row, tuple)] == rows


@given(st.lists(st.text(st.sampled_from("ab ;"), min_size=1, max_size=5), min_size=1, max_size=6), st.data())
def test_one_mark_too_many_costs_one_row_wherever_it_stands(cells: list[str], data: st.DataObject) -> None:
    broken = data.draw(st.integers(0, len(cells) - 1))
    lines = [f"{n},{'' if n != broken else chr(34)}{cell}\n" for n, cell in enumerate(cells)]

    found = read("".join(lines))

    assert [row for row in found if isinstance(row, Unclosed)] == [Unclosed(broken + 1)]
    assert [row[1] for row in found if isinstance(row, tuple)] == [
        [str(n), cell] for n, cell in enumerate(cells) if n != broken
    ]


def test_a_cell_that_is_too_long_is_told_of_and_the_next_rows_are_read() -> None:
    before = csv.field_size_limit(100)
    try:
        assert read(f"1,{'a' * 200}\n2,b\n") == [TooLong(1), (2, ["2", "b"])]
        assert read('1,"open\n' + "2,b\n" * 100) == [Unclosed(1), *[(n + 2, ["2", "b"]) for n in range(100)]]
    finally:
        csv.field_size_limit(before)


def test_where_marks_quote_nothing_none_is_missed() -> None:
    found = read('1\t"a\n2\tb"\n', delimiter="\t", quoting=csv.QUOTE_NONE)

    assert found == [(1, ["1", '"a']), (2, ["2", 'b"'])]

"""Tables as text: CSV and lines of JSON, a piece for each batch of rows.

Cells are spelt a column at a time: the kind of a column is asked for once, and what all its cells have in common too.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from schemas.table_columns import Batch, Cell, Columns

#: A text that begins with one of these may be run as a formula (OWASP, CSV Injection). The last four are full-width.
_FORMULA_STARTS = frozenset("=+-@\t\r\n＝＋－＠")

#: Types of columns whose cells are never a text from outside.
_NO_TEXT = frozenset({"integer", "number", "date", "month", "instant"})

_NUMBERS = frozenset({"integer", "number"})
_TEXTS = frozenset({str, type(None)})

#: What makes a cell of CSV need quotes, as `csv.QUOTE_MINIMAL` has it.
_NEEDS_QUOTES = re.compile(r'[",\r\n]').search

#: Between two items stands a line break, which no spelt item holds.
_encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False, check_circular=False, separators=("\n", ":")).encode


def csv_texts(columns: Columns, found: Iterable[Batch], *, raw_cells: bool = False) -> Iterator[str]:
    """CSV (RFC 4180): the header, then the lines of each batch.

    A text that a spreadsheet would take for a formula gets a leading apostrophe, unless `raw_cells`.
    """
    yield f"{','.join(map(_quoted, columns))}\r\n"
    for batch in found:
        told = zip(batch, columns.values(), strict=True)
        cells = [_csv_cells(column, kind, _quoted if raw_cells else _inert) for column, kind in told]
        if len(cells) == 1:
            # An empty line would be no row.
            cells = [[cell or '""' for cell in cells[0]]]
        # The last line ends as the others do.
        yield "\r\n".join([*map(",".join, zip(*cells, strict=True)), ""])


def ndjson_texts(columns: Columns, found: Iterable[Batch]) -> Iterator[str]:
    """A JSON object a line, in UTF-8, without spaces; an empty cell is null. Raises ValueError on NaN."""
    names = (_encode(name).replace("%", "%%") for name in columns)
    line = f"{{{','.join(f'{name}:%s' for name in names)}}}\n"
    for batch in found:
        cells = [_json_cells(*told) for told in zip(batch, columns.values(), strict=True)]
        yield "".join([line % row for row in zip(*cells, strict=True)])


def _csv_cells(column: Sequence[Cell], kind: str, spelt: Callable[[str], str]) -> list[str]:
    if kind in _NUMBERS:
        return ["" if cell is None else str(cell) for cell in column]
    if kind == "code":
        made = {cell: _plain(cell, spelt) for cell in set(column)}
        return [made[cell] for cell in column]
    if not set(map(type, column)) <= _TEXTS:
        return [_plain(cell, spelt) for cell in column]
    cells: list[str] = ["" if cell is None else cell for cell in column]  # type: ignore[misc]  # all are texts
    if kind in _NO_TEXT or not (_NEEDS_QUOTES("".join(cells)) or _may_be_formulas(cells)):
        return cells
    return [spelt(cell) for cell in cells]


def _may_be_formulas(cells: Iterable[str]) -> bool:
    return not _FORMULA_STARTS.isdisjoint({cell[:1] for cell in cells})


def _plain(cell: Cell, spelt: Callable[[str], str]) -> str:
    """A text as it is `spelt`; a number is no formula, whatever its sign."""
    return spelt(cell) if isinstance(cell, str) else "" if cell is None else str(cell)


def _inert(text: str) -> str:
    """The text as a cell of CSV that no spreadsheet runs."""
    return _quoted(f"'{text}" if text[:1] in _FORMULA_STARTS else text)


def _quoted(text: str) -> str:
    return '"{}"'.format(text.replace('"', '""')) if _NEEDS_QUOTES(text) else text


def _json_cells(column: Sequence[Cell], kind: str) -> list[str]:
    if kind == "code":
        made = {cell: _encode(cell) for cell in set(column)}
        return [made[cell] for cell in column]
    # All are spelt by one call.
    return _encode(column)[1:-1].split("\n") if column else []

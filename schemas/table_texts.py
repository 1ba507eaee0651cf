"""Tables as text: CSV and lines of JSON, a piece for each batch of rows."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence

from schemas.table_columns import Batch, Cell, Columns

#: A text that begins with one of these may be run as a formula (OWASP, CSV Injection). The last four are full-width.
_FORMULA_STARTS = frozenset("=+-@\t\r\n＝＋－＠")

#: Types of columns whose cells are never a text from outside.
_NO_TEXT = frozenset({"integer", "number", "date", "month", "instant"})

_encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False, check_circular=False, separators=(",", ":")).encode


def csv_texts(columns: Columns, found: Iterable[Batch], *, raw_cells: bool = False) -> Iterator[str]:
    """CSV (RFC 4180): the header, then the lines of each batch.

    A text that a spreadsheet would take for a formula gets a leading apostrophe, unless `raw_cells`.
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(columns)
    yield buffer.getvalue()
    for batch in found:
        buffer.seek(0)
        buffer.truncate()
        cells = batch if raw_cells else [_inert(*told) for told in zip(batch, columns.values(), strict=True)]
        writer.writerows(zip(*cells, strict=True))
        yield buffer.getvalue()


def ndjson_texts(columns: Columns, found: Iterable[Batch]) -> Iterator[str]:
    """A JSON object a line, in UTF-8, without spaces; an empty cell is null. Raises ValueError on NaN."""
    for batch in found:
        rows = zip(*batch, strict=True)
        yield "".join([f"{_encode(dict(zip(columns, row, strict=True)))}\n" for row in rows])


def _inert(column: Sequence[Cell], kind: str) -> Sequence[Cell]:
    if kind in _NO_TEXT:
        return column
    if kind == "code" and not any(_is_formula(cell) for cell in set(column)):
        return column
    return [f"'{cell}" if _is_formula(cell) else cell for cell in column]


def _is_formula(cell: Cell) -> bool:
    return isinstance(cell, str) and cell[:1] in _FORMULA_STARTS

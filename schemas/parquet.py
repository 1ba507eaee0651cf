"""Tables as Apache Parquet, typed, in constant memory. Needs pyarrow.

Arrays are made of buffers, not by `pyarrow.array`: that imports pandas wherever it is installed, which takes 50 MB.
"""

import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from importlib.util import find_spec
from itertools import chain
from typing import TYPE_CHECKING, Any

from schemas.table_columns import Batch, Cell, Columns, n_rows

if TYPE_CHECKING:
    import pyarrow

#: Rows of a row group, which is held in memory.
GROUP = 10_000

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def is_available() -> bool:
    """True if pyarrow is installed."""
    return find_spec("pyarrow") is not None


def parquet_chunks(columns: Columns, found: Iterable[Batch]) -> Iterator[bytes]:
    """The bytes of a Parquet file, a row group at a time. An empty text of a date or an instant is null."""
    import pyarrow
    from pyarrow import parquet

    schema = pyarrow.schema([(name, _type(kind, pyarrow)) for name, kind in columns.items()])
    sink = io.BytesIO()
    with parquet.ParquetWriter(pyarrow.PythonFile(_AppendOnly(sink), mode="w"), schema, compression="zstd") as writer:
        waiting: list[Sequence[Any]] = []
        rows = 0
        for batch in found:
            waiting.append([_part(*told, pyarrow) for told in zip(batch, columns.values(), strict=True)])
            rows += n_rows(batch)
            if rows >= GROUP:
                writer.write_table(_table(waiting, columns, schema, pyarrow))
                waiting, rows = [], 0
                yield _drained(sink)
        if waiting:
            writer.write_table(_table(waiting, columns, schema, pyarrow))
    yield _drained(sink)


class _AppendOnly:
    """A file that is drained while it is written: it counts its position itself."""

    closed = False

    def __init__(self, sink: io.BytesIO) -> None:
        self._sink = sink
        self._position = 0

    def write(self, data: bytes) -> int:
        self._position += len(data)
        return self._sink.write(data)

    def tell(self) -> int:
        return self._position

    def flush(self) -> None:
        """Nothing waits here."""

    def close(self) -> None:
        """The sink is kept: its end is drained after the writer has closed."""


def _drained(sink: io.BytesIO) -> bytes:
    data = sink.getvalue()
    sink.seek(0)
    sink.truncate()
    return data


def _type(kind: str, pyarrow: Any) -> "pyarrow.DataType":
    types = {
        "code": pyarrow.dictionary(pyarrow.int32(), pyarrow.string()),
        "integer": pyarrow.int64(),
        "number": pyarrow.float64(),
        "date": pyarrow.date32(),
        "instant": pyarrow.timestamp("us", tz="UTC"),
    }
    return types.get(kind, pyarrow.string())


def _table(parts: Sequence[Sequence[Any]], columns: Columns, schema: Any, pyarrow: Any) -> Any:
    arrays = [
        _codes(list(chain.from_iterable(own)), pyarrow) if kind == "code" else pyarrow.concat_arrays(own)
        for own, kind in zip(zip(*parts, strict=True), columns.values(), strict=True)
    ]
    return pyarrow.Table.from_arrays(arrays, schema=schema)


def _part(cells: Sequence[Cell], kind: str, pyarrow: Any) -> Any:
    """The cells of a column of a batch as an array; codes as they are: a row group has one dictionary of them."""
    if kind == "code":
        return cells
    if kind == "integer":
        return _fixed(cells, "int64", pyarrow.int64(), pyarrow)
    if kind == "number":
        return _fixed(cells, "float64", pyarrow.float64(), pyarrow)
    if kind == "date":
        return _fixed(_each(cells, _days), "int32", pyarrow.date32(), pyarrow)
    if kind == "instant":
        return _fixed(_each(cells, _microseconds), "int64", _type(kind, pyarrow), pyarrow)
    return _texts(cells, pyarrow)


def _codes(cells: Sequence[Cell], pyarrow: Any) -> Any:
    texts = [cell for cell in dict.fromkeys(cells) if cell is not None]
    places: dict[Cell, int | None] = {None: None, **{text: place for place, text in enumerate(texts)}}
    indices = _fixed([places[cell] for cell in cells], "int32", pyarrow.int32(), pyarrow)
    return pyarrow.DictionaryArray.from_arrays(indices, _texts(texts, pyarrow))


def _each(cells: Sequence[Cell], number: Callable[[str], int]) -> list[int | None]:
    """The number of each text, asked for once of those that are the same; None of an empty one."""
    made = {cell: number(str(cell)) if cell else None for cell in set(cells)}
    return [made[cell] for cell in cells]


def _days(day: str) -> int:
    return date.fromisoformat(day).toordinal() - _EPOCH.toordinal()


def _microseconds(instant: str) -> int:
    return (datetime.fromisoformat(instant) - _EPOCH) // _MICROSECOND


def _fixed(cells: Sequence[Any], width: str, type: "pyarrow.DataType", pyarrow: Any) -> Any:
    """Numbers as an array of a type that stores them in this width."""
    import numpy

    filled = [0 if cell is None else cell for cell in cells] if None in cells else cells
    buffer = pyarrow.py_buffer(numpy.array(filled, width))
    return pyarrow.Array.from_buffers(type, len(cells), [_valid(cells, pyarrow), buffer])


def _texts(cells: Sequence[Any], pyarrow: Any) -> Any:
    import numpy

    encoded = [cell.encode() if cell else b"" for cell in cells]
    ends = numpy.zeros(len(cells) + 1, "int32")
    numpy.cumsum(numpy.fromiter(map(len, encoded), "int32", len(encoded)), out=ends[1:])
    buffers = [_valid(cells, pyarrow), pyarrow.py_buffer(ends), pyarrow.py_buffer(b"".join(encoded))]
    return pyarrow.Array.from_buffers(pyarrow.string(), len(cells), buffers)


def _valid(cells: Sequence[Any], pyarrow: Any) -> Any:
    """The bits of the cells that are not null; None if all are."""
    import numpy

    if None not in cells:
        return None
    present = numpy.fromiter((cell is not None for cell in cells), bool, len(cells))
    return pyarrow.py_buffer(numpy.packbits(present, bitorder="little"))

"""Tables as Apache Parquet, typed, in constant memory. Needs pyarrow."""

import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from schemas.table_columns import Batch, Cell, Columns, n_rows

if TYPE_CHECKING:
    import pyarrow

#: Rows of a row group, which is held in memory.
GROUP = 20_000


def is_available() -> bool:
    """True if pyarrow is installed."""
    try:
        import pyarrow  # noqa: F401
    except ImportError:
        return False
    return True


def parquet_chunks(columns: Columns, found: Iterable[Batch]) -> Iterator[bytes]:
    """The bytes of a Parquet file, a row group at a time. An empty text of a date or an instant is null."""
    import pyarrow
    from pyarrow import parquet

    schema = pyarrow.schema([(name, _type(kind, pyarrow)) for name, kind in columns.items()])
    sink = io.BytesIO()
    with parquet.ParquetWriter(pyarrow.PythonFile(_AppendOnly(sink), mode="w"), schema, compression="zstd") as writer:
        waiting: list[Any] = []
        for batch in found:
            waiting.append([_array(cells, kind, pyarrow) for cells, kind in zip(batch, columns.values(), strict=True)])
            if sum(map(n_rows, waiting)) >= GROUP:
                writer.write_table(_table(waiting, schema, pyarrow))
                waiting = []
                yield _drained(sink)
        if waiting:
            writer.write_table(_table(waiting, schema, pyarrow))
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


def _array(cells: Sequence[Cell], kind: str, pyarrow: Any) -> Any:
    """The cells of a column as an array, codes not yet in a dictionary: it is to be one for the whole row group."""
    if kind == "date":
        return pyarrow.array([cell or None for cell in cells], pyarrow.string()).cast(pyarrow.date32())
    if kind == "instant":
        told = [datetime.fromisoformat(str(cell)) if cell else None for cell in cells]
        return pyarrow.array(told, _type(kind, pyarrow))
    return pyarrow.array(cells, pyarrow.string() if kind == "code" else _type(kind, pyarrow))


def _table(batches: list[Any], schema: Any, pyarrow: Any) -> Any:
    columns = [pyarrow.concat_arrays(parts) for parts in zip(*batches, strict=True)]
    arrays = [
        column.dictionary_encode() if pyarrow.types.is_dictionary(kind) else column
        for column, kind in zip(columns, schema.types, strict=True)
    ]
    return pyarrow.Table.from_arrays(arrays, schema=schema)

"""Tables as Apache Parquet, typed, in constant memory. Needs pyarrow."""

import io
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from itertools import islice
from typing import TYPE_CHECKING, Any

from schemas.table_columns import Cell, Columns

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


def parquet_chunks(columns: Columns, rows: Iterable[Mapping[str, Cell]]) -> Iterator[bytes]:
    """The bytes of a Parquet file, a row group at a time. An empty text of a date or an instant is null."""
    import pyarrow
    from pyarrow import parquet

    schema = pyarrow.schema([(name, _type(kind, pyarrow)) for name, kind in columns.items()])
    sink = io.BytesIO()
    waiting = iter(rows)
    with parquet.ParquetWriter(pyarrow.PythonFile(_AppendOnly(sink), mode="w"), schema, compression="zstd") as writer:
        while some := list(islice(waiting, GROUP)):
            writer.write_table(_table(columns, some, schema, pyarrow))
            yield _drained(sink)
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


def _table(columns: Columns, rows: list[Mapping[str, Cell]], schema: Any, pyarrow: Any) -> Any:
    arrays = [
        pyarrow.array([_cell(row[name], kind) for row in rows], schema.field(name).type)
        for name, kind in columns.items()
    ]
    return pyarrow.Table.from_arrays(arrays, schema=schema)


def _cell(cell: Cell, kind: str) -> Any:
    if kind == "date":
        return date.fromisoformat(str(cell)) if cell else None
    if kind == "instant":
        return datetime.fromisoformat(str(cell)) if cell else None
    return cell

"""Tables written to files or to standard output, a batch at a time: CSV, NDJSON and Parquet."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import Any

import click

from schemas.tables import Cell, csv_lines

Row = Mapping[str, Cell]

#: Rows of one Parquet row group, and the most that are in memory at once.
GROUP = 20_000


def write_csv(path: Path, header: Sequence[str], rows: Iterable[Row]) -> None:
    """RFC 4180 in UTF-8."""
    with click.open_file(str(path), "w", encoding="utf-8") as file:
        file.writelines(csv_lines(header, rows))


def write_ndjson(path: Path, _header: Sequence[str], rows: Iterable[Row]) -> None:
    """A JSON object a line."""
    with click.open_file(str(path), "w", encoding="utf-8") as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def write_parquet(path: Path, header: Sequence[str], rows: Iterable[Row]) -> None:
    """Apache Parquet; a column's type is that of its first row's cell. Raises click.UsageError without pyarrow."""
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError:
        raise click.UsageError("Parquet needs the extra: pip install 'entente[export]'; or take csv, ndjson") from None
    if str(path) == "-":
        raise click.UsageError("Parquet is no stream of text: name a file with --output")
    waiting = iter(rows)
    first = list(islice(waiting, 1))
    types = {str: pyarrow.string(), int: pyarrow.int64(), float: pyarrow.float64()}
    sample = first[0] if first else {}
    schema = pyarrow.schema([(name, types[type(sample.get(name, ""))]) for name in header])
    with parquet.ParquetWriter(path, schema, compression="zstd") as writer:
        for some in _groups(chain(first, waiting)):
            writer.write_table(pyarrow.Table.from_pylist(some, schema))


#: Format → what writes it, given a path ("-" is standard output), the columns' names and the rows.
WRITERS: Mapping[str, Callable[[Path, Sequence[str], Iterable[Row]], None]] = {
    "csv": write_csv,
    "ndjson": write_ndjson,
    "parquet": write_parquet,
}


def _groups(rows: Iterable[Row]) -> Iterator[list[Any]]:
    waiting = iter(rows)
    while some := list(islice(waiting, GROUP)):
        yield some

"""Write tables as CSV, NDJSON or Parquet, to a file or standard output, in constant memory."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import Any

import click

from schemas.tables import Cell, csv_lines

Row = Mapping[str, Cell]

#: Rows of a Parquet row group, which is held in memory.
GROUP = 20_000


def write_csv(path: Path, header: Sequence[str], rows: Iterable[Row]) -> None:
    """Write CSV (RFC 4180) in UTF-8, its texts inert in a spreadsheet (`csv_lines`)."""
    with click.open_file(str(path), "w", encoding="utf-8") as file:
        file.writelines(csv_lines(header, rows))


def write_raw_csv(path: Path, header: Sequence[str], rows: Iterable[Row]) -> None:
    """Write CSV (RFC 4180) in UTF-8, with every text as it is."""
    with click.open_file(str(path), "w", encoding="utf-8") as file:
        file.writelines(csv_lines(header, rows, raw_cells=True))


def write_ndjson(path: Path, _header: Sequence[str], rows: Iterable[Row]) -> None:
    """Write one JSON object a line, in UTF-8."""
    with click.open_file(str(path), "w", encoding="utf-8") as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def write_parquet(path: Path, header: Sequence[str], rows: Iterable[Row]) -> None:
    """Write Apache Parquet; a column has the type of its first row's cell.

    Raises click.UsageError without pyarrow or for standard output.
    """
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError:
        raise click.UsageError("Parquet needs pyarrow: pip install pyarrow; or use csv or ndjson") from None
    if str(path) == "-":
        raise click.UsageError("Parquet can't be written to standard output: name a file with --output")
    waiting = iter(rows)
    first = list(islice(waiting, 1))
    types = {str: pyarrow.string(), int: pyarrow.int64(), float: pyarrow.float64()}
    sample = first[0] if first else {}
    schema = pyarrow.schema([(name, types[type(sample.get(name, ""))]) for name in header])
    with parquet.ParquetWriter(path, schema, compression="zstd") as writer:
        for some in _groups(chain(first, waiting)):
            writer.write_table(pyarrow.Table.from_pylist(some, schema))


#: Format → writer, called with a path ("-" is standard output), the column names and the rows.
WRITERS: Mapping[str, Callable[[Path, Sequence[str], Iterable[Row]], None]] = {
    "csv": write_csv,
    "ndjson": write_ndjson,
    "parquet": write_parquet,
}


def _groups(rows: Iterable[Row]) -> Iterator[list[Any]]:
    waiting = iter(rows)
    while some := list(islice(waiting, GROUP)):
        yield some

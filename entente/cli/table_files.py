"""Write tables as CSV, NDJSON or Parquet, to a file or standard output, in constant memory."""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import click

from schemas.data_packages import PACKAGE, is_nameable, packaged
from schemas.parquet import is_available, parquet_chunks
from schemas.table_columns import Batch, Columns
from schemas.table_texts import csv_texts, ndjson_texts


def write_csv(path: Path, columns: Columns, found: Iterable[Batch]) -> None:
    """Write CSV (RFC 4180) in UTF-8, its texts inert in a spreadsheet (`csv_texts`), and its data package."""
    with click.open_file(str(path), "w", encoding="utf-8") as file:
        file.writelines(csv_texts(columns, found))
    _describe(path, columns)


def write_raw_csv(path: Path, columns: Columns, found: Iterable[Batch]) -> None:
    """Write CSV (RFC 4180) in UTF-8, with every text as it is, and its data package."""
    with click.open_file(str(path), "w", encoding="utf-8") as file:
        file.writelines(csv_texts(columns, found, raw_cells=True))
    _describe(path, columns)


def write_ndjson(path: Path, columns: Columns, found: Iterable[Batch]) -> None:
    """Write one JSON object a line, in UTF-8."""
    with click.open_file(str(path), "w", encoding="utf-8") as file:
        file.writelines(ndjson_texts(columns, found))


def write_parquet(path: Path, columns: Columns, found: Iterable[Batch]) -> None:
    """Write Apache Parquet, each column in its type. Raises click.UsageError without pyarrow."""
    if not is_available():
        raise click.UsageError("Parquet needs pyarrow: pip install pyarrow; or use csv or ndjson")
    if str(path) == "-":
        raise click.UsageError("Parquet can't be written to standard output: name a file with --output")
    with path.open("wb") as file:
        file.writelines(parquet_chunks(columns, found))


def write_shape(path: Path, lines: Iterable[str]) -> None:
    """Write the lines of another project's layout, in UTF-8."""
    with click.open_file(str(path), "w", encoding="utf-8") as file:
        file.writelines(lines)


#: Format → writer, called with a path ("-" is standard output), the columns with their types, and the batches of rows.
WRITERS: Mapping[str, Callable[[Path, Columns, Iterable[Batch]], None]] = {
    "csv": write_csv,
    "ndjson": write_ndjson,
    "parquet": write_parquet,
}


#: Suffix of a file, in lower case, with the format that it is written in unless --format names one.
_SUFFIXES: Mapping[str, str] = {
    "": "csv",
    ".csv": "csv",
    ".ndjson": "ndjson",
    ".jsonl": "ndjson",
    ".parquet": "parquet",
}


def format_of(output: Path) -> str:
    """The format that a file's suffix names. Raises UsageError for a suffix that names none."""
    form = _SUFFIXES.get(output.suffix.lower())
    if form is None:
        known = ", ".join(suffix for suffix in _SUFFIXES if suffix)
        raise click.UsageError(
            f"--output {output}: no format has the suffix {output.suffix}; name the file with one of {known}, or give "
            "--format"
        )
    return form


@contextmanager
def writing(output: Path) -> Iterator[None]:
    """Raise ClickException where the file can't be written. A reader that closes the pipe is click's to handle."""
    try:
        yield
    except OSError as error:
        if str(output) == "-":
            raise
        path = Path(os.fsdecode(error.filename)) if error.filename else output
        if isinstance(error, FileNotFoundError):
            raise click.ClickException(
                f"--output {output}: there is no directory {path.parent}; create it, or name another"
            ) from None
        reason = os.strerror(error.errno) if error.errno else str(error)
        raise click.ClickException(f"--output {output}: can't write {path}: {reason}") from None


def _describe(path: Path, columns: Columns) -> None:
    """Name the file and the types of its columns in the data package of its folder."""
    if str(path) == "-":
        return
    if not is_nameable(path.name):
        click.echo(f"{path.name} is not in {PACKAGE}, which can't name such a file: use letters and digits", err=True)
        return
    package = path.with_name(PACKAGE)
    before = package.read_text(encoding="utf-8") if package.exists() else ""
    try:
        described = packaged(path.name, columns, before)
    except ValueError:
        raise click.ClickException(f"{package} is not a data package: move it, or write to another folder") from None
    package.write_text(described, encoding="utf-8")

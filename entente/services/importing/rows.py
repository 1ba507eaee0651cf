"""Rows of a file: its cells by column, whatever the layout."""

import csv
import io
import json
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TextIO

from entente.services.csv_rows import REMEDY, TooLong, Unclosed, csv_rows
from entente.services.importing.errors import BadRow, WrongFile
from entente.services.importing.formats import (
    BYTE_ORDER_MARK,
    CONSTANT,
    DELIMITERS,
    Format,
    first_line,
    names,
    recognised,
)

#: Characters of a file that its format is recognised by.
START = 65_536

#: Most characters of a cell.
_LONGEST_CELL = 1_000_000

#: Numbers are less than this, as 32-bit integers are.
_LARGEST = 2**31

#: Columns that a message lists.
_SHOWN = 20

#: Stands for the cells of a row with a quotation mark that is not closed.
_UNCLOSED: Sequence[str] = ("",)

#: A row: the number of its last line, and its cells.
Row = tuple[int, Sequence[str]]

Getter = Callable[[Sequence[str]], str]


class Rows:
    """The rows of a text file of a format. Raises WrongFile if it is of another."""

    def __init__(self, name: str, text: TextIO, form: Format, formats: Mapping[str, Format]) -> None:
        start = text.read(START)
        text.seek(0)
        if start.startswith(BYTE_ORDER_MARK):
            start = start.removeprefix(text.read(1))
        self._name = name
        self._form = form
        self._text = text
        self._has_header = not form.columns
        self._delimiter = form.delimiter
        self._is_json = form.json and start.lstrip()[:1] in ("{", "[")
        self._objects: list[dict[str, Any]] = []
        self.columns = self._columns(name, start, formats)
        self._places = {column.strip().lower(): place for place, column in reversed([*enumerate(self.columns)])}
        if lacking := self._lacking():
            raise WrongFile(f"{name}: no column {', '.join(lacking)}; there are {', '.join(self.columns[:_SHOWN])}")

    def __iter__(self) -> Iterator[Row]:
        if self._is_json:
            yield from self._bindings()
            return
        csv.field_size_limit(_LONGEST_CELL)
        rows = csv_rows(self._text, **self._form.dialect(self._delimiter, self._has_header))
        if self._has_header:
            next(rows, None)
        for row in rows:
            if isinstance(row, Unclosed):
                yield row.line, _UNCLOSED
            elif isinstance(row, TooLong):
                # A row of no cells is refused for its length.
                yield row.line, []
            else:
                yield row

    def getter(self, field: str, default: str | None = None) -> Getter | None:
        """What reads a field of a row: a column, a constant, or columns of year, month and day as `2025-7-4`.

        None where the format has no such field and there is no default.
        """
        said = self._form.fields.get(field)
        if said is None:
            return None if default is None else lambda _cells: default
        if isinstance(said, str):
            return self.column(said)
        parts = [self.column(named) for named in said]
        return lambda cells: "-".join(part(cells).strip() for part in parts)

    def column(self, named: str) -> Getter:
        """What reads a column, or any of several: `Intensity|Event Intensity`. Raises WrongFile if there is none."""
        if named.startswith(CONSTANT):
            constant = named.removeprefix(CONSTANT)
            return lambda _cells: constant
        places = [self._places.get(one.strip().lower()) for one in named.split("|")]
        found = next((place for place in places if place is not None), None)
        if found is None:
            raise WrongFile(f"{self._name}: no column {named}; there are {', '.join(self.columns[:_SHOWN])}")
        place = found
        return lambda cells: cells[place]

    def has(self, named: str) -> bool:
        """Whether there is such a column, or one of several."""
        return any(one.strip().lower() in self._places for one in named.split("|"))

    def check(self, cells: Sequence[str]) -> None:
        """Raises BadRow if a row has another number of cells than there are columns, or one that is not closed."""
        if cells is _UNCLOSED:
            raise BadRow("a quotation mark that is not closed", REMEDY)
        if len(cells) != len(self.columns):
            raise BadRow("another number of columns", f"{len(cells)}, not {len(self.columns)}")

    def _columns(self, name: str, start: str, formats: Mapping[str, Format]) -> Sequence[str]:
        if not start.strip():
            raise WrongFile(f"{name} is empty")
        form = self._form
        first = self._first_row(start)
        if self._has_header and not self._is_json:
            self._check_header(start)
        known = recognised(start, [form, *formats.values()])
        if known is not None and known.name != form.name and not (form.has(first)):
            raise WrongFile(f"{name}: this looks like {known.title}; you said {form.name}")
        if self._is_json:
            return self._names(name)
        if instead := next((form.other_units[one] for one in form.other_units if one in names(first)), ""):
            raise WrongFile(f"{name}: another file of {form.title}: {instead}")
        if form.columns and not self._has_header:
            if not form.has(first):
                widths = ", ".join(str(len(names)) for names in form.columns)
                raise WrongFile(
                    f"{name}: this does not look like {form.title}, which has {widths} columns and no header"
                )
            return next(names for names in form.columns if len(names) == len(first))
        if form.needs and not form.has(first):
            lacking = form.needs - names(first)
            raise WrongFile(f"{name}: this does not look like {form.title}: no column {', '.join(sorted(lacking))}")
        return [cell.strip() for cell in first]

    def _first_row(self, start: str) -> list[str]:
        """The first row's cells; whether they are a header, and what stands between them, is known after."""
        line = first_line(start)
        for delimiter in (self._form.delimiter, *DELIMITERS):
            found = self._cells(line, delimiter, has_header=True)
            if self._form.has_header(found):
                self._delimiter, self._has_header = delimiter, True
                return found
        return self._cells(line, self._delimiter, self._has_header)

    def _cells(self, line: str, delimiter: str, has_header: bool) -> list[str]:
        return next(csv.reader([line], **self._form.dialect(delimiter, has_header)), [])

    def _check_header(self, start: str) -> None:
        """Raises WrongFile if the header has a quotation mark that is not closed."""
        dialect = self._form.dialect(self._delimiter, self._has_header)
        first = next(csv_rows(io.StringIO(start, newline=""), **dialect), None)
        if isinstance(first, Unclosed):
            raise WrongFile(
                f"{self._name}: a quotation mark in line {first.line}, of the header, is not closed: {REMEDY}"
            )

    def _lacking(self) -> list[str]:
        """The columns that the format reads and a table lacks. (Results of a query lack those that no row has.)"""
        if self._form.json:
            return []
        said = [one for each in self._form.fields.values() for one in ([each] if isinstance(each, str) else each)]
        said += [rule.column for rule in self._form.facts if rule.column != "*"]
        return [one for one in dict.fromkeys(said) if not one.startswith(CONSTANT) and not self.has(one)]

    def _names(self, name: str) -> Sequence[str]:
        """Read the results of a SPARQL query in JSON (application/sparql-results+json); the names of their columns."""
        try:
            found: Any = json.load(self._text)
            self._objects = found["results"]["bindings"] if isinstance(found, dict) else found
            names = {column for row in self._objects for column in row}
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise WrongFile(f"{name}: no results of a query in JSON: {error}") from None
        if lacking := self._form.needs - names:
            raise WrongFile(f"{name}: this does not look like {self._form.title}: no {', '.join(sorted(lacking))}")
        return sorted(names)

    def _bindings(self) -> Iterator[Row]:
        """Rows of JSON, numbered from 1."""
        for number, row in enumerate(self._objects, start=1):
            yield number, [_value(row.get(column, "")) for column in self.columns]


def _value(said: Any) -> str:
    return str(said.get("value", "")) if isinstance(said, dict) else str(said)


def number(written: str) -> float:
    """A number that both databases store. Raises BadRow."""
    try:
        found = float(written)
    except ValueError:
        found = math.nan
    if not abs(found) < _LARGEST:
        raise BadRow("no number", repr(written[:40]))
    return found

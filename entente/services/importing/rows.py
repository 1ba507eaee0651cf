"""Rows of a file: its cells by column, whatever the layout."""

import csv
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TextIO

from entente.services.importing.errors import BadRow, WrongFile
from entente.services.importing.formats import CONSTANT, Format, recognised

#: Characters of a file that its format is recognised by.
START = 65_536

#: Most characters of a cell.
_LONGEST_CELL = 1_000_000

#: A row: the number of its last line, and its cells.
Row = tuple[int, Sequence[str]]

Getter = Callable[[Sequence[str]], str]


class Rows:
    """The rows of a text file of a format. Raises WrongFile if it is of another."""

    def __init__(self, name: str, text: TextIO, form: Format, formats: Mapping[str, Format]) -> None:
        start = text.read(START)
        text.seek(0)
        self._form = form
        self._text = text
        self._is_json = form.json and start.lstrip()[:1] in ("{", "[")
        self._objects: list[dict[str, Any]] = []
        self.columns = self._columns(name, start, formats)
        self._places = {column.strip().lower(): place for place, column in reversed([*enumerate(self.columns)])}

    def __iter__(self) -> Iterator[Row]:
        if self._is_json:
            yield from self._bindings()
            return
        csv.field_size_limit(_LONGEST_CELL)
        reader = csv.reader(self._text, **self._form.dialect)
        if not self._form.columns:
            next(reader, None)
        while True:
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error:
                # The reader goes on with the next line; a row of no cells is refused for its length.
                cells = []
                yield reader.line_num, cells
                continue
            if cells:
                yield reader.line_num, cells

    def getter(self, field: str, default: str | None = None) -> Getter | None:
        """What reads a field of a row: a column, or a constant; None where the format has none and no default."""
        said = self._form.fields.get(field)
        if said is None:
            return None if default is None else lambda _cells: default
        named = [said] if isinstance(said, str) else said
        return self.column(named[0])

    def column(self, named: str) -> Getter:
        """What reads a column, or any of several: `Intensity|Event Intensity`. Raises WrongFile if there is none."""
        if named.startswith(CONSTANT):
            constant = named.removeprefix(CONSTANT)
            return lambda _cells: constant
        places = [self._places.get(one.strip().lower()) for one in named.split("|")]
        found = next((place for place in places if place is not None), None)
        if found is None:
            raise WrongFile(f"no column {named!r}; there are {', '.join(self.columns[:20])}")
        place = found
        return lambda cells: cells[place]

    def has(self, named: str) -> bool:
        """Whether there is such a column, or one of several."""
        return any(one.strip().lower() in self._places for one in named.split("|"))

    def check(self, cells: Sequence[str]) -> None:
        """Raises BadRow if a row has another number of cells than there are columns."""
        if len(cells) != len(self.columns):
            raise BadRow("another number of columns", f"{len(cells)}, not {len(self.columns)}")

    def _columns(self, name: str, start: str, formats: Mapping[str, Format]) -> Sequence[str]:
        if not start.strip():
            raise WrongFile(f"{name} is empty")
        form = self._form
        first = next(csv.reader([start.partition("\n")[0].rstrip("\r")], **form.dialect), [])
        known = recognised(start, [form, *formats.values()])
        if known is not None and known.name != form.name and not (form.has(first)):
            raise WrongFile(f"{name}: this looks like {known.title}; you said {form.name}")
        if self._is_json:
            return self._names(name)
        if form.columns:
            if not form.has(first):
                widths = ", ".join(str(len(names)) for names in form.columns)
                raise WrongFile(
                    f"{name}: this does not look like {form.title}, which has {widths} columns and no header"
                )
            return next(names for names in form.columns if len(names) == len(first))
        if form.needs and not form.has(first):
            lacking = form.needs - {cell.strip().lower() for cell in first}
            raise WrongFile(f"{name}: this does not look like {form.title}: no column {', '.join(sorted(lacking))}")
        return [cell.strip().removeprefix("\ufeff") for cell in first]

    def _names(self, name: str) -> Sequence[str]:
        """Read the results of a SPARQL query in JSON (application/sparql-results+json); the names of their columns."""
        try:
            found: Any = json.load(self._text)
            self._objects = found["results"]["bindings"] if isinstance(found, dict) else found
            names = {column for row in self._objects for column in row}
        except (ValueError, KeyError, TypeError) as error:
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

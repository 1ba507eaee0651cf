"""Rows of scores of pairs, such as distances of ideal points: (pair, year, name) → value."""

from collections.abc import Sequence

from entente.services.importing.dates import year_of
from entente.services.importing.errors import BadRow
from entente.services.importing.formats import Format
from entente.services.importing.parties import Parties
from entente.services.importing.rows import Rows, number
from entente.services.ports.imports import ImportedScore


class ScoreRows:
    """Reads rows of one file. Columns of `measures` that the file lacks are passed over."""

    def __init__(self, form: Format, rows: Rows, parties: Parties) -> None:
        self._form = form
        self._rows = rows
        self._parties = parties
        self._source = rows.getter("source", "")
        self._target = rows.getter("target", "")
        self._year = rows.getter("year", "")
        self._offset = int(str(form.fields.get("year_offset", "=0")).removeprefix("="))
        self._measures = [(name.partition("|")[0], rows.column(name)) for name in form.measures if rows.has(name)]

    def read(self, line: int, cells: Sequence[str]) -> list[ImportedScore]:
        """The scores of a row, the pair in alphabetical order. Raises BadRow."""
        assert self._source
        assert self._target
        assert self._year
        self._rows.check(cells)
        year = year_of(self._year(cells)) + self._offset
        written = self._source(cells), self._target(cells)
        keys = [self._parties.key(one, year) for one in written]
        if not all(keys):
            raise BadRow("a party that is no country", repr(written[0 if not keys[0] else 1][:60]))
        if keys[0] == keys[1]:
            raise BadRow("both parties are of one country")
        a, b = sorted(keys)
        found = [(name, get(cells)) for name, get in self._measures]
        return [
            ImportedScore(a, b, year, name, number(value), line)
            for name, value in found
            if value not in self._form.missing
        ]

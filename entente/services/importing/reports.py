"""Rows of mentions that count as further reports of events that another file gave."""

from collections.abc import Sequence
from typing import NamedTuple

from entente.services.importing.errors import BadRow
from entente.services.importing.formats import Format
from entente.services.importing.rows import Rows


class FurtherReport(NamedTuple):
    """One more report of the event of this number."""

    number: str
    line: int


class ReportRows:
    """Reads rows of one file."""

    def __init__(self, form: Format, rows: Rows) -> None:
        assert form.of, "formats are checked when they are loaded"
        self._rows = rows
        self._number, self._first, self._seen = (rows.getter(name, "") for name in ("number", "first", "seen"))

    def read(self, line: int, cells: Sequence[str]) -> FurtherReport:
        """The report of a row. Raises BadRow."""
        assert self._number
        assert self._first
        assert self._seen
        self._rows.check(cells)
        if self._first(cells) == self._seen(cells):
            raise BadRow("counted with its event already")
        return FurtherReport(self._number(cells), line)

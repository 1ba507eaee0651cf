"""Rows of event data as imported events: dyad, day, code, quad class, intensity, reports."""

from collections.abc import Sequence
from functools import cache

from entente.services.importing.dates import Days
from entente.services.importing.errors import BadRow
from entente.services.importing.formats import Format
from entente.services.importing.parties import Parties
from entente.services.importing.rows import Getter, Rows, number
from entente.services.ports.imports import ImportedEvent

#: Quad class by the root of a CAMEO code.
_QUADS = {**dict.fromkeys(range(1, 6), 1), **dict.fromkeys(range(6, 9), 2), **dict.fromkeys(range(9, 14), 3)}

#: Most characters of a code or a number of an event, which are in an index.
_LONGEST_CODE = 200


class EventRows:
    """Reads rows of one file. What each party, day and code mean is looked up once."""

    def __init__(self, form: Format, rows: Rows, parties: Parties) -> None:
        self._form = form
        self._rows = rows
        self._parties = parties
        self._days = Days(form.dates)
        self._get = {name: _needed(rows, name) for name in ("day", "source", "target", "code")}
        self._mode = rows.getter("mode")
        self._quad = rows.getter("quad")
        self._intensity = rows.getter("intensity")
        self._reports = rows.getter("reports")
        self._deaths = rows.getter("deaths")
        self._number = rows.getter("number")
        self._sectors = [rows.getter("source_sectors"), rows.getter("target_sectors")]
        self._is_official = cache(self._official)
        self._quad_of = cache(self._read_quad)

    def read(self, line: int, cells: Sequence[str]) -> ImportedEvent:
        """The event of a row. Raises BadRow."""
        get = self._get
        self._rows.check(cells)
        day = self._days.read(get["day"](cells))
        source = self._parties.key(get["source"](cells), day.year)
        target = self._parties.key(get["target"](cells), day.year)
        if not source or not target:
            raise BadRow("a party that is no country", repr(get["source" if not source else "target"](cells)[:60]))
        if source == target:
            raise BadRow("both parties are of one country")
        code = get["code"](cells).strip()
        if self._mode and (mode := self._mode(cells).strip()) not in self._form.missing:
            code = f"{code}:{mode}"
        if not _fits(code):
            raise BadRow("no code", repr(code[:40]) if code else "")
        id_ = self._number(cells) if self._number else ""
        if id_ and not _fits(id_):
            raise BadRow("no number of the event", repr(id_[:40]))
        return ImportedEvent(
            source=source,
            target=target,
            day=day,
            code=code,
            between_states=all(get is None or self._is_official(get(cells)) for get in self._sectors),
            quad=self._quad_of(self._quad(cells) if self._quad else code),
            intensity=self._number_in(self._intensity, cells),
            n_reports=max(1, int(self._number_in(self._reports, cells) or 1)),
            deaths=int(deaths) if (deaths := self._number_in(self._deaths, cells)) is not None else None,
            number=id_,
            line=line,
        )

    def _official(self, sectors: str) -> bool:
        """Whether who has these sectors acts for the state: those of none do, and whom one of them names official."""
        named = {sector.strip() for sector in sectors.replace("|", ",").replace(";", ",").split(",")}
        named -= self._form.missing
        return not named or bool(named & self._form.official)

    def _read_quad(self, written: str) -> int | None:
        text = written.strip()
        if self._form.quads:
            return self._form.quads.get(text) or self._form.quads.get(text.upper())
        if self._quad:
            return int(text) if text in ("1", "2", "3", "4") else None
        root = text[:2]
        return _QUADS.get(int(root), 4) if root.isdigit() and 1 <= int(root) <= 20 else None

    def _number_in(self, get: Getter | None, cells: Sequence[str]) -> float | None:
        if get is None:
            return None
        written = get(cells)
        if written in self._form.missing:
            return None
        return number(written)


def _fits(written: str) -> bool:
    """Whether a code can be stored: it is short, and has no zero character, which PostgreSQL's texts can't have."""
    return 0 < len(written) <= _LONGEST_CODE and "\0" not in written


def _needed(rows: Rows, name: str) -> Getter:
    found = rows.getter(name)
    assert found, "formats are checked when they are loaded"
    return found

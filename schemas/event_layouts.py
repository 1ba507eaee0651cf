"""Events as files of GDELT, ICEWS and POLECAT: every column of theirs in their order, tabs, their header or none.

The columns are data (seeds/layouts/). What Entente does not know is empty.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files

from entente.relations.events import Event
from schemas.table_columns import Cell
from schemas.tables import GDELT, ICEWS, POLECAT, EventRow
from schemas.vocabulary import Vocabulary

#: An event with the address of its article, "" without one.
Addressed = tuple[Event, str]

_Cells = Mapping[str, Callable[[EventRow, str], Cell]]

#: Text names of quad classes in POLECAT.
_QUADS = ("VERBAL COOPERATION", "MATERIAL COOPERATION", "VERBAL CONFLICT", "MATERIAL CONFLICT")


@dataclass(frozen=True)
class Layout:
    """Columns in order, the cells that Entente fills, whether the file has a header, and what an empty cell is."""

    columns: tuple[str, ...]
    cells: _Cells
    has_header: bool
    empty: str = ""


def _number(row: EventRow) -> int:
    """The event's number: 52 bits of its id's SHA-256, which a floating-point number holds exactly."""
    return int(hashlib.sha256(row.event.id.encode()).hexdigest()[:13], 16)


def _fraction(row: EventRow) -> Cell:
    """The year and the part of it that has passed, by months of 30 days, as in GDELT."""
    return f"{row.day.year + (row.day.month * 30 + row.day.day) / 365:.4f}" if row.day else None


def _added(row: EventRow) -> int:
    """When its first mention was recorded, as YYYYMMDDHHMMSS."""
    first = min(mention.recorded_at for mention in row.event.mentions)
    return int(datetime.fromisoformat(first).strftime("%Y%m%d%H%M%S"))


def _plain(cells: Mapping[str, Callable[[EventRow], Cell]]) -> _Cells:
    return {name: _without_address(cell) for name, cell in cells.items()}


def _without_address(cell: Callable[[EventRow], Cell]) -> Callable[[EventRow, str], Cell]:
    return lambda row, _: cell(row)


_GDELT_1: _Cells = {
    **_plain(GDELT),
    "GLOBALEVENTID": lambda row, _: _number(row),
    "FractionDate": lambda row, _: _fraction(row),
    "SOURCEURL": lambda row, address: address or row.best.publisher,
}

_ICEWS: _Cells = {
    **_plain(ICEWS),
    "Event ID": lambda row, _: _number(row),
    "Event Text": lambda row, _: row.event.act.replace("_", " ").capitalize(),
    "Source Sectors": lambda row, _: row.sector("source"),
}

_POLECAT: _Cells = {
    **_plain(POLECAT),
    "Intensity": lambda row, _: row.codes.intensity,
    "Quad Code": lambda row, _: _QUADS[row.codes.quad - 1],
    "Actor Sectors": lambda row, _: row.sector("source"),
    "Recipient Sectors": lambda row, _: row.sector("target"),
    "Actor Name Raw": lambda row, _: row.best.event.source.text,
    "Recipient Name Raw": lambda row, _: row.best.event.target.text,
    "Source": lambda row, _: row.best.publisher,
    "Version": lambda row, _: row.best.coder_version,
}


def _layout(name: str, cells: _Cells, *, has_header: bool, empty: str = "") -> Layout:
    columns = (files("seeds") / "layouts" / f"{name}.txt").read_text(encoding="utf-8").split("\n")
    return Layout(tuple(filter(None, columns)), cells, has_header, empty)


LAYOUTS: Mapping[str, Layout] = {
    "gdelt": _layout("gdelt", {**_GDELT_1, "DATEADDED": lambda row, _: _added(row)}, has_header=False),
    "gdelt1": _layout("gdelt1", _GDELT_1, has_header=False),
    "icews": _layout("icews", _ICEWS, has_header=True, empty="NA"),
    "polecat": _layout("polecat", _POLECAT, has_header=True),
}


def layout_lines(events: Iterable[Addressed], vocabulary: Vocabulary, layout: Layout) -> Iterator[str]:
    """The lines of the file. Tabs and line breaks in a text become spaces."""
    if layout.has_header:
        yield "\t".join(layout.columns) + "\n"
    cells = [layout.cells.get(name) for name in layout.columns]
    for event, address in events:
        row = EventRow(event, vocabulary)
        yield "\t".join(_text(cell(row, address) if cell else None, layout.empty) for cell in cells) + "\n"


def _text(cell: Cell, empty: str) -> str:
    text = "" if cell is None else " ".join(str(cell).split())
    return text or empty

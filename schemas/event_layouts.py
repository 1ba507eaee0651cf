"""Events as files of GDELT, ICEWS and POLECAT: every column of theirs in their order, tabs, their header or none.

The columns are data (seeds/layouts/). What Entente does not know is empty.
"""

import csv
import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from importlib.resources import files

from entente.services.ports.event_tables import TabledEvents
from schemas.table_columns import Cell
from schemas.tables import GDELT, ICEWS, POLECAT, EventBatch, EventColumns
from schemas.vocabulary import Vocabulary

#: Events with the addresses of their articles, "" without one.
Addressed = tuple[TabledEvents, Sequence[str]]

_Cells = Mapping[str, Callable[[EventBatch, Sequence[str]], Sequence[Cell]]]

#: Text names of quad classes in POLECAT.
_QUADS = ("VERBAL COOPERATION", "MATERIAL COOPERATION", "VERBAL CONFLICT", "MATERIAL CONFLICT")


@dataclass(frozen=True)
class Layout:
    """Columns in order, the cells that Entente fills, whether the file has a header, and what an empty cell is."""

    columns: tuple[str, ...]
    cells: _Cells
    has_header: bool
    empty: str = ""


def _numbers(batch: EventBatch) -> Sequence[int]:
    """The events' numbers: 52 bits of the SHA-256 of an id, which a floating-point number holds exactly."""
    return [int(hashlib.sha256(id.encode()).hexdigest()[:13], 16) for id in batch.events.id]


def _fractions(batch: EventBatch) -> Sequence[Cell]:
    """The year and the part of it that has passed, by months of 30 days, as in GDELT."""
    days = [date.fromisoformat(day) if day else None for day in batch.days]
    return [f"{day.year + (day.month * 30 + day.day) / 365:.4f}" if day else None for day in days]


def _added(batch: EventBatch) -> Sequence[int]:
    """When the first mention of each was recorded, as YYYYMMDDHHMMSS."""
    return [int(datetime.fromisoformat(at).strftime("%Y%m%d%H%M%S")) for at in batch.events.first_recorded_at]


def _plain(cells: EventColumns) -> _Cells:
    return {name: _without_address(cell) for name, cell in cells.items()}


def _without_address(cells: Callable[[EventBatch], Sequence[Cell]]) -> Callable[..., Sequence[Cell]]:
    return lambda batch, _: cells(batch)


_GDELT_1: _Cells = {
    **_plain(GDELT),
    "GLOBALEVENTID": lambda batch, _: _numbers(batch),
    "FractionDate": lambda batch, _: _fractions(batch),
    "SOURCEURL": lambda batch, addresses: [
        address or publisher for address, publisher in zip(addresses, batch.events.publisher, strict=True)
    ],
}


def _sector_names() -> Mapping[str, str]:
    """ICEWS' names of sectors (seeds/layouts/icews_sectors.csv), by ours."""
    with (files("seeds") / "layouts" / "icews_sectors.csv").open(encoding="utf-8") as file:
        return {row["sector"]: row["name"] for row in csv.DictReader(file)}


_ICEWS_SECTORS = _sector_names()

_ICEWS: _Cells = {
    **_plain(ICEWS),
    "Source Sectors": lambda batch, _: [_ICEWS_SECTORS.get(sector, sector) for sector in batch.sectors("source")],
    "Target Sectors": lambda batch, _: [_ICEWS_SECTORS.get(sector, sector) for sector in batch.sectors("target")],
    "Event ID": lambda batch, _: _numbers(batch),
    "Event Text": lambda batch, _: [act.replace("_", " ").capitalize() for act in batch.events.act],
}

_POLECAT: _Cells = {
    **_plain(POLECAT),
    "Intensity": lambda batch, _: [codes.intensity for codes in batch.codes],
    "Quad Code": lambda batch, _: [_QUADS[codes.quad - 1] for codes in batch.codes],
    "Actor Sectors": lambda batch, _: batch.sectors("source"),
    "Recipient Sectors": lambda batch, _: batch.sectors("target"),
    "Actor Name Raw": lambda batch, _: batch.events.source_text,
    "Recipient Name Raw": lambda batch, _: batch.events.target_text,
    "Source": lambda batch, _: batch.events.publisher,
    "Version": lambda batch, _: batch.events.coder,
}


def _layout(name: str, cells: _Cells, *, has_header: bool, empty: str = "") -> Layout:
    columns = (files("seeds") / "layouts" / f"{name}.txt").read_text(encoding="utf-8").split("\n")
    return Layout(tuple(filter(None, columns)), cells, has_header, empty)


LAYOUTS: Mapping[str, Layout] = {
    "gdelt": _layout("gdelt", {**_GDELT_1, "DATEADDED": lambda batch, _: _added(batch)}, has_header=False),
    "gdelt1": _layout("gdelt1", _GDELT_1, has_header=False),
    "icews": _layout("icews", _ICEWS, has_header=True, empty="NA"),
    "polecat": _layout("polecat", _POLECAT, has_header=True),
}


def layout_lines(events: Iterable[Addressed], vocabulary: Vocabulary, layout: Layout) -> Iterator[str]:
    """The lines of the file, many at a time.

    In a text, tabs and line breaks become spaces and quotation marks apostrophes, so that every reader finds the same
    cells, whether or not it takes quotation marks for those around a cell.
    """
    if layout.has_header:
        yield "\t".join(layout.columns) + "\n"
    for told, addresses in events:
        batch = EventBatch(told, vocabulary)
        unknown = [layout.empty] * len(told)
        columns = [
            [_text(cell, layout.empty) for cell in layout.cells[name](batch, addresses)]
            if name in layout.cells
            else unknown
            for name in layout.columns
        ]
        yield "".join(["\t".join(row) + "\n" for row in zip(*columns, strict=True)])


def _text(cell: Cell, empty: str) -> str:
    text = "" if cell is None else " ".join(str(cell).split()).replace('"', "'")
    return text or empty

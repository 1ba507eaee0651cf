"""Events as rows of a table, with the columns of Entente, GDELT, ICEWS or POLECAT.

`docs/export.md` gives the origin of every column.
"""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from entente.relations.codebook import Codes
from entente.relations.dyads import entity_of
from entente.relations.entities import Entity
from entente.relations.events import Event, Mention
from entente.relations.floor import is_unconfirmed
from schemas.vocabulary import Vocabulary, instant_text

#: A cell: text, integer, float, or empty.
Cell = str | int | float | None

#: A text that begins with one of these may be run as a formula (OWASP, CSV Injection). The last four are full-width.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


class EventRow:
    """One event with what its columns are computed from: its codes and the mention that tells most of it."""

    def __init__(self, event: Event, vocabulary: Vocabulary) -> None:
        self.event = event
        self.codes: Codes = vocabulary.codebook.codes(event.act, event.status)
        self.best: Mention = event.mentions[0]
        self._vocabulary = vocabulary

    @property
    def is_unconfirmed(self) -> bool:
        """True if the event would move a facet and is below the floor."""
        return is_unconfirmed(self.event, self._vocabulary.codebook)

    @property
    def day(self) -> date:
        """The event's first day; for an undated one, the first on which it is known to have happened."""
        return self.event.starts_on

    def key(self, side: str) -> str:
        """Entity key of the source or the target."""
        return entity_of(self._party(side))

    def sector(self, side: str) -> str:
        """The sector of the party, else that in the first mention; "" for the bare country."""
        actor = self.best.event.source if side == "source" else self.best.event.target
        return self._party(side).partition(":")[2] or actor.sector

    def name(self, side: str) -> str:
        """English short name."""
        return self._vocabulary.entities.name(self.key(side))

    def code(self, side: str, scheme: str) -> str:
        """The code of the source or target in a scheme, or "" where it has none."""
        entity: Entity | None = self._vocabulary.entities.get(self.key(side))
        return entity.codes.get(scheme, "") if entity else ""

    def cameo_actor(self, side: str) -> str:
        """CAMEO's actor code: the country's, with the sector where one acts, e.g. RUSGOV."""
        return (self.code(side, "cameo") or self.key(side)) + self.sector(side)

    def _party(self, side: str) -> str:
        return self.event.source if side == "source" else self.event.target


Columns = Mapping[str, Callable[[EventRow], Cell]]


def _both(name: str, make: Callable[[str], Callable[[EventRow], Cell]], sides: Mapping[str, str]) -> Columns:
    return {name.format(spelt): make(side) for side, spelt in sides.items()}


_SIDES = {"source": "source", "target": "target"}
_ACTORS = {"source": "Actor1", "target": "Actor2"}
_POLECAT = {"source": "Actor", "target": "Recipient"}

ENTENTE: Columns = {
    "id": lambda row: row.event.id,
    "date": lambda row: row.event.period.label if row.event.period else "",
    "precision": lambda row: row.event.period.precision if row.event.period else "unknown",
    "dated_by": lambda row: row.event.dated_by,
    "known_by": lambda row: row.event.known_by.isoformat(),
    **_both("{}", lambda side: lambda row: row.key(side), _SIDES),
    **_both("{}_name", lambda side: lambda row: row.name(side), _SIDES),
    **_both("{}_sector", lambda side: lambda row: row.sector(side), _SIDES),
    "act": lambda row: row.event.act,
    "status": lambda row: row.event.status,
    "root": lambda row: row.codes.root,
    "mode": lambda row: row.codes.mode,
    "cameo": lambda row: row.codes.cameo,
    "quad": lambda row: row.codes.quad,
    "intensity": lambda row: row.codes.intensity,
    "scale": lambda row: row.codes.scale,
    "scale_version": lambda row: row.codes.scale_version,
    "confidence": lambda row: row.event.confidence,
    "n_mentions": lambda row: len(row.event.mentions),
    "n_sources": lambda row: row.event.n_sources,
    "first_recorded_at": lambda row: instant_text(min(m.recorded_at for m in row.event.mentions)),
    "article": lambda row: row.best.article_id,
    "quote": lambda row: " ".join(row.best.event.quote.text.split()),
    "unconfirmed": lambda row: int(row.is_unconfirmed),
}

#: The columns of GDELT 1.0 that Entente can fill, in GDELT's order.
GDELT: Columns = {
    "GLOBALEVENTID": lambda row: row.event.id,
    "SQLDATE": lambda row: int(row.day.strftime("%Y%m%d")),
    "MonthYear": lambda row: int(row.day.strftime("%Y%m")),
    "Year": lambda row: row.day.year,
    **_both("{}Code", lambda side: lambda row: row.cameo_actor(side), _ACTORS),
    **_both("{}Name", lambda side: lambda row: row.name(side).upper(), _ACTORS),
    **_both("{}CountryCode", lambda side: lambda row: row.code(side, "cameo"), _ACTORS),
    **_both("{}Type1Code", lambda side: lambda row: row.sector(side), _ACTORS),
    "EventCode": lambda row: row.codes.cameo,
    "EventBaseCode": lambda row: row.codes.cameo[:3],
    "EventRootCode": lambda row: row.codes.cameo[:2],
    "QuadClass": lambda row: row.codes.quad,
    "GoldsteinScale": lambda row: row.codes.intensity,
    "NumMentions": lambda row: len(row.event.mentions),
    "NumSources": lambda row: row.event.n_sources,
    "NumArticles": lambda row: len({m.article_id for m in row.event.mentions}),
    "DATEADDED": lambda row: int(min(m.recorded_at for m in row.event.mentions)[:10].replace("-", "")),
}

#: The columns of ICEWS that Entente can fill, in ICEWS' order.
ICEWS: Columns = {
    "Event ID": lambda row: row.event.id,
    "Event Date": lambda row: row.day.isoformat(),
    "Source Name": lambda row: row.name("source"),
    "Source Sectors": lambda row: row.sector("source"),
    "Source Country": lambda row: row.name("source"),
    "Event Text": lambda row: row.event.act,
    "CAMEO Code": lambda row: row.codes.cameo,
    "Intensity": lambda row: row.codes.intensity,
    "Target Name": lambda row: row.name("target"),
    "Target Sectors": lambda row: row.sector("target"),
    "Target Country": lambda row: row.name("target"),
    "Story ID": lambda row: row.best.article_id,
    "Publisher": lambda row: row.best.publisher,
}

#: The columns of POLECAT (PLOVER) that Entente can fill, in POLECAT's order.
POLECAT: Columns = {
    "Event ID": lambda row: row.event.id,
    "Event Date": lambda row: row.day.isoformat(),
    "Event Type": lambda row: row.codes.root,
    "Event Mode": lambda row: row.codes.mode,
    "Event Intensity": lambda row: row.codes.intensity,
    "Quad Code": lambda row: row.codes.quad,
    "Contexts": lambda row: ";".join(row.best.event.context),
    **_both("{} Name", lambda side: lambda row: row.name(side), _POLECAT),
    **_both("{} Country", lambda side: lambda row: row.key(side), _POLECAT),
    **_both("{} COW", lambda side: lambda row: row.code(side, "cow_number"), _POLECAT),
    **_both("Primary {} Sector", lambda side: lambda row: row.sector(side), _POLECAT),
    "Publication Date": lambda row: row.best.published_on.isoformat(),
}

SHAPES: Mapping[str, Columns] = {"entente": ENTENTE, "gdelt": GDELT, "icews": ICEWS, "polecat": POLECAT}


def event_rows(events: Iterable[Event], vocabulary: Vocabulary, columns: Columns) -> Iterator[dict[str, Cell]]:
    """One row per event."""
    for event in events:
        row = EventRow(event, vocabulary)
        yield {name: cell(row) for name, cell in columns.items()}


def csv_lines(header: Sequence[str], rows: Iterable[Mapping[str, Any]], *, raw_cells: bool = False) -> Iterator[str]:
    """CSV lines (RFC 4180): the header, then one line per row.

    A text that a spreadsheet would take for a formula gets a leading apostrophe, unless `raw_cells`.
    """
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, header)
    writer.writeheader()
    yield buffer.getvalue()
    for row in rows:
        buffer.seek(0)
        buffer.truncate()
        writer.writerow(row if raw_cells else {name: _inert(cell) for name, cell in row.items()})
        yield buffer.getvalue()


def _inert(cell: Any) -> Any:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA_STARTS) else cell

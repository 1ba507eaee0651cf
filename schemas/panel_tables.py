"""Balanced panels as rows of a table."""

from collections.abc import Iterable, Iterator, Sequence

from entente.relations.event_counts import EventCounts
from entente.relations.panels import UNITS, FacetColumn, PanelCell
from entente.services.reading.panels import PanelQuery, PanelRow
from schemas.event_count_tables import count_cells, count_columns
from schemas.table_columns import Cell, Columns
from schemas.vocabulary import Vocabulary

#: Columns that every panel has.
ALWAYS = ("first_day", "last_day", "n_articles")


class PanelTable:
    """The columns and rows of a panel.

    A count is 0 if articles of the period were read and report none, and empty if none was read. A facet is `unknown`
    where no value is known; of `FACET:VALUE` the cell is 1, 0 or, if nothing is known, empty. A number of partners is
    empty if no value is known of any.
    """

    def __init__(self, query: PanelQuery, facets: Sequence[FacetColumn], vocabulary: Vocabulary) -> None:
        self._query = query
        self._facets = facets
        self._vocabulary = vocabulary
        self._of_countries = query.unit == "country-year"
        self._period = UNITS[query.unit]

    @property
    def columns(self) -> Columns:
        """The columns and the type of each."""
        counts = count_columns(self._vocabulary)
        parties = ("country",) if self._of_countries else ("source", "target")
        found: dict[str, str] = {self._period: "month" if self._period == "month" else "integer"}
        found |= {"first_day": "date", "last_day": "date"}
        found |= dict.fromkeys([*parties, *(f"{party}_cow" for party in parties)], "code")
        found["n_articles"] = "integer"
        for prefix in self._prefixes:
            found |= {prefix + name: kind for name, kind in counts.items()}
        for facet in self._facets:
            whole = self._of_countries or facet.value is not None
            found |= dict.fromkeys(self._facet_names(facet), "integer" if whole else "code")
        return found

    def rows(self, rows: Iterable[PanelRow]) -> Iterator[dict[str, Cell]]:
        """One row per unit and period."""
        for row in rows:
            yield self._row(row)

    @property
    def _prefixes(self) -> tuple[str, ...]:
        """Of the counts: a directed country-year has those of what it did and of what was done to it."""
        return ("sent_", "received_") if self._of_countries and self._query.directed else ("",)

    def _facet_names(self, facet: FacetColumn) -> list[str]:
        name = facet.name.replace(":", "_")
        if self._of_countries:
            name = f"n_{name}"
        shared = self._vocabulary.codebook.facets[facet.facet].shared
        if shared or (self._query.directed and not self._of_countries):
            return [name]
        return (
            [f"{name}_from_source", f"{name}_from_target"]
            if not self._of_countries
            else [f"{name}_own", f"{name}_theirs"]
        )

    def _row(self, row: PanelRow) -> dict[str, Cell]:
        cow = self._vocabulary.cow
        parties: dict[str, Cell] = (
            {"country": row.source, "country_cow": cow(row.source)}
            if self._of_countries
            else {
                "source": row.source,
                "target": row.target,
                "source_cow": cow(row.source),
                "target_cow": cow(row.target),
            }
        )
        made: dict[str, Cell] = {
            self._period: row.period.label if self._period == "month" else row.period.first.year,
            "first_day": row.period.first.isoformat(),
            "last_day": row.period.last.isoformat(),
            **parties,
            "n_articles": row.n_articles,
        }
        sides = [row.forth, row.back] if len(self._prefixes) == 2 else [[*row.forth, *row.back]]
        for prefix, side in zip(self._prefixes, sides, strict=True):
            made |= {prefix + name: cell for name, cell in self._counts(side, row.n_articles).items()}
        for facet in self._facets:
            made |= self._facet(facet, row)
        return made

    def _counts(self, side: Sequence[PanelCell], n_articles: int) -> dict[str, Cell]:
        counts = _sum([cell.counts for cell in side])
        found = count_cells(counts, self._vocabulary)
        if n_articles or counts.by_status:
            return found
        return {name: cell if name == "scale" else None for name, cell in found.items()}

    def _facet(self, facet: FacetColumn, row: PanelRow) -> dict[str, Cell]:
        show = self._partners if self._of_countries else self._value
        sides = zip(self._facet_names(facet), (row.forth, row.back), strict=False)
        return {name: show(facet, side) for name, side in sides}

    def _partners(self, facet: FacetColumn, side: Sequence[PanelCell]) -> Cell:
        """The number of partners for which a value, or that value, is held; None if no value is known of any."""
        held = [values for cell in side if (values := cell.held.get(facet.facet, ()))]
        if not held:
            return None
        return sum(any(facet.value in (None, value) for _, value in values) for values in held)

    def _value(self, facet: FacetColumn, side: Sequence[PanelCell]) -> Cell:
        (cell,) = side
        held = cell.held.get(facet.facet, ())
        if facet.value is not None:
            return int(any(value == facet.value for _, value in held)) if held else None
        if self._vocabulary.codebook.facets[facet.facet].is_set:
            return ";".join(f"{item}={value}" for item, value in held) or "unknown"
        return held[0][1] if held else "unknown"


def _sum(counts: Sequence[EventCounts]) -> EventCounts:
    if len(counts) == 1:
        return counts[0]
    total = EventCounts()
    for one in counts:
        total.n_events += one.n_events
        total.n_mentions += one.n_mentions
        total.by_status += one.by_status
        total.by_quad += one.by_quad
        total.by_root += one.by_root
        total.intensities += one.intensities
    return total

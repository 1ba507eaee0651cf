"""Dyad-months as rows of a table."""

from collections.abc import Iterable, Iterator

from entente.relations.dyad_months import DyadMonth
from schemas.event_count_tables import count_cells, count_columns
from schemas.table_columns import Cell, Columns
from schemas.vocabulary import Vocabulary


def dyad_month_columns(vocabulary: Vocabulary) -> Columns:
    """The columns and the type of each."""
    fixed = dict.fromkeys(("source", "target", "source_cow", "target_cow"), "code")
    return {"month": "month", **fixed, **count_columns(vocabulary)}


def dyad_month_rows(months: Iterable[DyadMonth], vocabulary: Vocabulary) -> Iterator[dict[str, Cell]]:
    """One row per dyad-month."""
    for found in months:
        yield {
            "month": f"{found.month:%Y-%m}",
            "source": found.source,
            "target": found.target,
            "source_cow": vocabulary.cow(found.source),
            "target_cow": vocabulary.cow(found.target),
            **count_cells(found.counts, vocabulary),
        }

"""Dyad-months as rows of a table."""

from collections.abc import Iterable, Iterator

from entente.relations.dyad_months import UNFULFILLED, DyadMonth
from schemas.tables import Cell
from schemas.vocabulary import Vocabulary

_UNFULFILLED = {status: f"n_{status}" for status in UNFULFILLED}


def dyad_month_columns(vocabulary: Vocabulary) -> list[str]:
    """Names of the columns: the fixed ones, one per root of the codebook, one per status of what is not done."""
    fixed = ["month", "source", "target", "source_cow", "target_cow", "n_events", "n_mentions"]
    quads = [f"quad_{quad}" for quad in (1, 2, 3, 4)]
    return [
        *fixed,
        *quads,
        "intensity_sum",
        "intensity_mean",
        "scale",
        *vocabulary.codebook.roots,
        *_UNFULFILLED.values(),
    ]


def dyad_month_rows(months: Iterable[DyadMonth], vocabulary: Vocabulary) -> Iterator[dict[str, Cell]]:
    """One row per dyad-month."""
    book = vocabulary.codebook
    for found in months:
        row: dict[str, Cell] = {
            "month": f"{found.month:%Y-%m}",
            "source": found.source,
            "target": found.target,
            "source_cow": _cow(found.source, vocabulary),
            "target_cow": _cow(found.target, vocabulary),
            "n_events": found.n_events,
            "n_mentions": found.n_mentions,
            **{f"quad_{quad}": found.by_quad[quad] for quad in (1, 2, 3, 4)},
            "intensity_sum": found.total_intensity,
            "intensity_mean": found.mean_intensity,
            "scale": f"{book.scale} {book.scale_version}",
            **{root: found.by_root[root] for root in book.roots},
            **{column: found.by_status[status] for status, column in _UNFULFILLED.items()},
        }
        yield row


def _cow(key: str, vocabulary: Vocabulary) -> str:
    entity = vocabulary.entities.get(key)
    return entity.codes.get("cow_number", "") if entity else ""

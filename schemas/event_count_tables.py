"""Counts of events as columns of a table: dyad-months and panels have the same."""

from entente.relations.event_counts import UNFULFILLED, EventCounts
from schemas.table_columns import Cell, Columns
from schemas.vocabulary import Vocabulary

_UNFULFILLED = {status: f"n_{status}" for status in UNFULFILLED}


def count_columns(vocabulary: Vocabulary) -> Columns:
    """The fixed columns, one per root of the codebook, one per status of what is not done."""
    return {
        "n_events": "integer",
        "n_mentions": "integer",
        **{f"quad_{quad}": "integer" for quad in (1, 2, 3, 4)},
        "intensity_sum": "number",
        "intensity_mean": "number",
        "scale": "code",
        **dict.fromkeys(vocabulary.codebook.roots, "integer"),
        **dict.fromkeys(_UNFULFILLED.values(), "integer"),
    }


def count_cells(found: EventCounts, vocabulary: Vocabulary) -> dict[str, Cell]:
    """The cells of these counts."""
    book = vocabulary.codebook
    return {
        "n_events": found.n_events,
        "n_mentions": found.n_mentions,
        **{f"quad_{quad}": found.by_quad[quad] for quad in (1, 2, 3, 4)},
        "intensity_sum": found.total_intensity,
        "intensity_mean": found.mean_intensity,
        "scale": f"{book.scale} {book.scale_version}",
        **{root: found.by_root[root] for root in book.roots},
        **{column: found.by_status[status] for status, column in _UNFULFILLED.items()},
    }

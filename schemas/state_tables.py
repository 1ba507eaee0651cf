"""States (intervals of facets) as rows of a table."""

from collections.abc import Iterable, Iterator, Sequence

from entente.services.ports.state_tables import TabledStates
from schemas.table_columns import Batch, Cell, Columns
from schemas.vocabulary import Vocabulary, label_of, last_day

#: The columns and the type of each.
STATES: Columns = {
    "source": "code",
    "target": "code",
    "source_cow": "code",
    "target_cow": "code",
    "facet": "code",
    "item": "code",
    "value": "code",
    "standing": "code",
    "status": "code",
    "valid_from": "string",
    "valid_from_precision": "code",
    "valid_from_first": "date",
    "valid_from_last": "date",
    "dated_by": "code",
    "known_by": "date",
    "valid_to": "string",
    "valid_to_precision": "code",
    "valid_to_first": "date",
    "valid_to_last": "date",
    "ends": "code",
    "rule": "code",
    "n_evidence": "integer",
    "n_owners": "integer",
    "first_evidence": "string",
    "last_evidence": "string",
    "confidence": "number",
    "origin": "code",
}


def state_batches(states: Iterable[TabledStates], vocabulary: Vocabulary) -> Iterator[Batch]:
    """The rows of STATES, an interval each."""
    for told in states:
        cells = {name: getattr(told, name) for name in STATES if hasattr(told, name)}
        cells |= {f"{side}_cow": _cow(cells[side], vocabulary) for side in ("source", "target")}
        cells |= _dated("valid_from", told.first_day, told.precision, unknown="unknown")
        cells |= _dated("valid_to", told.until, told.until_precision, unknown="")
        yield [cells[name] for name in STATES]


def _cow(keys: Sequence[str], vocabulary: Vocabulary) -> list[str]:
    numbers = {key: vocabulary.cow(key) for key in set(keys)}
    return [numbers[key] for key in keys]


def _dated(
    name: str, firsts: Sequence[str | None], precisions: Sequence[str | None], unknown: str
) -> dict[str, Sequence[Cell]]:
    """Dates as they are known, their precision, first and last days; all but the precision empty if unknown."""
    dates = list(zip(firsts, precisions, strict=True))
    labels = {dated: label_of(*dated) for dated in set(dates)}
    last_days = {dated: last_day(*dated) for dated in labels}
    return {
        name: [labels[dated] for dated in dates],
        f"{name}_precision": [precision or unknown for precision in precisions],
        f"{name}_first": firsts,
        f"{name}_last": [last_days[dated] for dated in dates],
    }

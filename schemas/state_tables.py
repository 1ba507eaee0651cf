"""States (intervals of facets) as rows of a table."""

from collections.abc import Iterable, Iterator

from entente.relations.periods import Period
from entente.services.reading.state_tables import TabledState
from schemas.table_columns import Cell, Columns
from schemas.vocabulary import Vocabulary, status_on

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


def state_rows(states: Iterable[TabledState], vocabulary: Vocabulary) -> Iterator[dict[str, Cell]]:
    """One row per interval."""
    for state in states:
        held = state.interval
        yield {
            "source": held.source,
            "target": held.target,
            "source_cow": vocabulary.cow(held.source),
            "target_cow": vocabulary.cow(held.target),
            "facet": held.facet,
            "item": held.item,
            "value": held.value,
            "standing": held.standing,
            "status": status_on(held, state.as_of),
            **_dated("valid_from", held.valid_from),
            "dated_by": held.dated_by,
            "known_by": held.known_by.isoformat(),
            **_dated("valid_to", state.until),
            "ends": held.ends,
            "rule": held.rule,
            "n_evidence": held.n_evidence,
            "n_owners": len(held.owners),
            "first_evidence": held.evidence[0] if held.evidence else "",
            "last_evidence": held.evidence[-1] if held.evidence else "",
            "confidence": state.confidence,
            "origin": held.origin,
        }


def _dated(name: str, period: Period | None) -> dict[str, Cell]:
    """A date as it is known, its precision, and its first and last day; all but the precision empty if unknown."""
    return {
        name: period.label if period else "",
        f"{name}_precision": period.precision if period else ("unknown" if name == "valid_from" else ""),
        f"{name}_first": period.first.isoformat() if period else None,
        f"{name}_last": period.last.isoformat() if period else None,
    }

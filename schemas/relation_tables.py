"""Relation records as rows of a table."""

from collections.abc import Iterable, Iterator

from entente.relations.codebook import UNCONFIRMED
from entente.relations.record import Relation
from entente.relations.states import Interval, unconfirmed_change
from schemas.table_columns import Cell, Columns
from schemas.vocabulary import Vocabulary


def relation_columns(vocabulary: Vocabulary) -> Columns:
    """The columns and the type of each: the fixed ones, one per facet, what is unconfirmed.

    Set facets have `member=value` pairs joined by `;`.
    """
    counts = ("n_events", "n_mentions", "n_unfulfilled", *(f"quad_{quad}" for quad in (1, 2, 3, 4)))
    return {
        "source": "code",
        "target": "code",
        "as_of": "date",
        "label": "code",
        **dict.fromkeys(("net", "cooperation", "conflict_score", "tension"), "number"),
        **dict.fromkeys(counts, "integer"),
        "last_change": "date",
        **dict.fromkeys(vocabulary.codebook.facets, "code"),
        "unconfirmed": "string",
        "change_unconfirmed": "string",
    }


def relation_rows(records: Iterable[Relation], vocabulary: Vocabulary) -> Iterator[dict[str, Cell]]:
    """One row per directed relation; a facet without a held value is `unknown`."""
    for record in records:
        yield {
            "source": record.source,
            "target": record.target,
            "as_of": record.as_of.isoformat(),
            "label": record.label,
            "net": record.score.net,
            "cooperation": record.score.cooperation,
            "conflict_score": record.score.conflict,
            "tension": record.score.tension,
            "n_events": record.n_events,
            "n_mentions": record.n_mentions,
            "n_unfulfilled": record.n_unfulfilled,
            **{f"quad_{quad}": record.n_by_quad[quad] for quad in (1, 2, 3, 4)},
            "last_change": record.last_change.isoformat() if record.last_change else None,
            **{name: _facet(record, name, vocabulary) for name in vocabulary.codebook.facets},
            "unconfirmed": ";".join(f"{_place(i)}={i.value}" for i in _every(record) if i.standing == UNCONFIRMED),
            "change_unconfirmed": ";".join(
                f"{_place(held)}={doubt.starts_on}"
                for held in _every(record)
                if (doubt := unconfirmed_change(held, record.facets[held.facet]))
            ),
        }


def _every(record: Relation) -> Iterator[Interval]:
    return (interval for intervals in record.facets.values() for interval in intervals)


def _place(interval: Interval) -> str:
    return f"{interval.facet}[{interval.item}]" if interval.item else interval.facet


def _facet(record: Relation, name: str, vocabulary: Vocabulary) -> str:
    held = [interval for interval in record.facets[name] if interval.standing == "held"]
    if vocabulary.codebook.facets[name].is_set:
        return ";".join(f"{interval.item}={interval.value}" for interval in held) or "unknown"
    return held[0].value if held else "unknown"

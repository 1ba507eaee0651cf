"""State facts as rows of a table, with the columns of the baseline's files."""

from collections.abc import Iterable, Iterator

from entente.relations.state_facts import StateFact
from schemas.table_columns import Cell

#: Columns in order: those of seeds/baseline/, then the id and the place that records name.
STATE_FACT_COLUMNS = (
    *("source", "target", "facet", "item", "value", "from", "to"),
    *("publisher", "document", "document_date", "citation", "note", "id", "origin", "place"),
)


def state_fact_rows(facts: Iterable[StateFact]) -> Iterator[dict[str, Cell]]:
    """One row per state fact; a date that is not known or has not come is empty."""
    for fact in facts:
        yield {
            "source": fact.source,
            "target": fact.target,
            "facet": fact.facet,
            "item": fact.item,
            "value": fact.value,
            "from": fact.begins.label if fact.begins else None,
            "to": fact.ends.label if fact.ends else None,
            "publisher": fact.publisher,
            "document": fact.document,
            "document_date": fact.document_date.label if fact.document_date else None,
            "citation": fact.citation,
            "note": fact.note,
            "id": fact.id,
            "origin": fact.origin,
            "place": fact.place,
        }

"""Query plans on SQLite: projecting an event uses indexes, so its cost does not grow with the history."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest
from sqlalchemy import event

from entente.services.ports.wants import Wants
from entente.storage.ledger import SqlLedger
from tests.integration.test_incremental_projection import Newsroom
from tests.unit.builders import mention

#: The tables that grow with a dyad's history, and what a search of them has to be narrowed by.
NARROWED_BY = {
    "tallies": "level=?",
    "events": "",
    "states": "",
    "mentions": "",
    "checkpoints": "",
    "event_mentions": "",
}


@contextmanager
def questions(ledger: SqlLedger) -> Iterator[list[tuple[str, Any]]]:
    """The SELECTs that are executed meanwhile, with their parameters."""
    asked: list[tuple[str, Any]] = []

    def note(_connection: object, _cursor: object, statement: str, parameters: Any, *_: object) -> None:
        if statement.startswith("SELECT"):
            asked.append((statement, parameters))

    event.listen(ledger._engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(ledger._engine, "before_cursor_execute", note)


def plans(ledger: SqlLedger, asked: Sequence[tuple[str, Any]]) -> Iterator[tuple[str, str]]:
    """Each step of how these are answered, with the table that it looks into."""
    with ledger._engine.connect() as connection:
        for statement, parameters in dict(asked).items():
            for *_, detail in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters):
                words = detail.split()
                if words[0] in ("SCAN", "SEARCH") and words[1] in NARROWED_BY:
                    yield words[1], detail


def test_no_question_reads_all_of_a_history(sqlite_ledger: SqlLedger) -> None:
    room = Newsroom(sqlite_ledger)
    for year in (2001, 2012, 2024):
        room.publish([mention("recall_ambassador", f"{year}-03-01").event], date(2025, 1, 1), "agency")

    with questions(sqlite_ledger) as asked:
        room.publish([mention("return_ambassador", "2024-05-01").event], date(2025, 1, 2), "agency")
        with sqlite_ledger.read() as unit:
            unit.derived.pasts([("RUS", "AFG"), ("AFG", "RUS")], date(2025, 7, 1))

    steps = list(plans(sqlite_ledger, asked))
    assert {table for table, _ in steps} >= {"tallies", "events", "states", "mentions"}
    assert not [detail for table, detail in steps if detail.startswith("SCAN") or NARROWED_BY[table] not in detail]


@pytest.mark.parametrize(
    "filters",
    [
        Wants(),
        Wants(historic=True),
        Wants(countries=["RUS"], to_values=["severed"]),
        Wants(pairs=[("RUS", "AFG")], unconfirmed=True),
        Wants(facets=["relations"]),
    ],
)
def test_the_newest_changes_are_ranges_of_an_index(sqlite_ledger: SqlLedger, filters: Wants) -> None:
    with questions(sqlite_ledger) as asked, sqlite_ledger.read() as unit:
        unit.changes.newest(filters, 50)

    (plan,) = ["; ".join(steps) for steps in whole_plans(sqlite_ledger, asked)]
    assert "SEARCH changes USING COVERING INDEX ix_changes_" in plan or "SEARCH changes USING INDEX ix_changes_" in plan
    assert "SCAN changes" not in plan


def whole_plans(ledger: SqlLedger, asked: Sequence[tuple[str, Any]]) -> Iterator[list[str]]:
    with ledger._engine.connect() as connection:
        for statement, parameters in dict(asked).items():
            steps = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
            yield [step[-1] for step in steps]

"""What one article moves is read and written in a bounded number of statements, on SQLite and PostgreSQL."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import Date, Integer, Text, event, select, text
from sqlalchemy.exc import IntegrityError

from entente.bootstrap.absent import AbsentCache
from entente.bootstrap.seeds import load_codebook, load_entities
from entente.relations.events import CodedEvent
from entente.services.projecting.projector import Projector
from entente.services.projecting.reprints import Likeness, ReprintGroups
from entente.storage.derived.tables import dyads, tallies
from entente.storage.dialect import GivenRows, add_rows
from entente.storage.ledger import SqlLedger
from schemas.renderer import JsonRenderer
from tests.conftest import ChosenClock
from tests.contract.helpers import NOON, add_article
from tests.unit.builders import mention

CODEBOOK = load_codebook()
RENDERER = JsonRenderer(CODEBOOK, load_entities())
TARGETS = ("AFG", "CHN", "IND", "IRN", "PAK", "TUR")


def project(ledger: SqlLedger, events: Sequence[CodedEvent]) -> None:
    """Record an article that reports these events, and derive what it moves."""
    projector = Projector(ledger, AbsentCache(), RENDERER, CODEBOOK, ChosenClock(NOON))
    with ledger.write() as unit:
        article = add_article(unit)
        with projector.session(unit, {event.dyad for event in events}) as session:
            unit.mentions.record(article, events, "test-1", session.at)
            session.fold(article.id, session.at)
        unit.commit()


def statements(ledger: SqlLedger, events: Sequence[CodedEvent]) -> list[str]:
    """The statements that such an article takes; one for many rows counts once."""
    seen: list[str] = []

    def note(conn, cursor, statement, parameters, context, executemany):  # type: ignore[no-untyped-def]  # SQLAlchemy's hook
        seen.append(statement)

    event.listen(ledger._engine, "before_cursor_execute", note)
    project(ledger, events)
    event.remove(ledger._engine, "before_cursor_execute", note)
    return seen


def told(targets: Sequence[str], when: str) -> list[CodedEvent]:
    """Events of several keys and facets with each of these states."""
    acts = ("recognise", "impose_sanctions", "meet")
    return [mention(act, when, target=target).event for target in targets for act in acts]


def test_an_article_on_many_dyads_takes_as_many_statements_as_one_on_one(ledger: SqlLedger) -> None:
    few, many = statements(ledger, told(TARGETS[:1], "2025-07-03")), statements(ledger, told(TARGETS[1:], "2025-07-03"))
    assert len(many) == len(few), "of dyads that are new"
    few, many = statements(ledger, told(TARGETS[:1], "2025-07-05")), statements(ledger, told(TARGETS[1:], "2025-07-05"))
    assert len(many) == len(few), "of dyads that are known"


def test_rows_given_to_a_statement_are_those_that_it_reads(ledger: SqlLedger) -> None:
    given = GivenRows("given", {"name": Text(), "number": Integer(), "day": Date()})
    dialect = ledger._engine.dialect.name
    statement = select(given.rows(dialect))
    rows = [('o\'Brien, "A" {1}', 1, date(2025, 7, 4)), ("", 2, date.min), ("Česko", 3, date.max), ("none", 4, None)]
    with ledger._engine.connect() as connection:
        assert sorted(map(tuple, connection.execute(statement, given.parameters(dialect, rows)))) == sorted(rows)
        assert connection.execute(statement, given.parameters(dialect, [])).all() == []


def test_background_of_many_years_is_read_with_as_many_statements_as_that_of_one(ledger: SqlLedger) -> None:
    def background(years: range) -> list[CodedEvent]:
        return [mention("recognise", f"{year}-07-03", target="AFG").event for year in years]

    statements(ledger, background(range(1990, 1991)))
    few, many = (statements(ledger, background(years)) for years in (range(2001, 2002), range(2003, 2013)))
    assert len(many) == len(few)


def test_rows_that_are_added_are_read_back(ledger: SqlLedger) -> None:
    first = {"source": "ČSK", "target": "AFG", "level": "day", "first": date(2025, 7, 4), "sums": {"quote": 'é"{,}'}}
    other = {**first, "first": date(2025, 7, 5), "sums": None}
    with ledger._engine.connect() as connection:

        def stored() -> list[Any]:
            found = select(tallies.c.first, tallies.c.sums).order_by(tallies.c.first)
            return [tuple(row) for row in connection.execute(found)]

        add_rows(connection, tallies, [])
        assert stored() == []
        add_rows(connection, tallies, [first, other])
        assert stored() == [(first["first"], first["sums"]), (other["first"], None)]
        add_rows(connection, tallies, [{**first, "sums": [1]}], replaced=())
        assert stored()[0] == (first["first"], first["sums"])
        add_rows(connection, tallies, [{**first, "sums": [2]}, {**first, "target": "CHN"}], replaced=["sums"])
        assert [sums for _, sums in stored()].count([2]) == 1
        with pytest.raises(IntegrityError):
            add_rows(connection, tallies, [first])


def test_times_that_are_added_are_read_back_in_utc(ledger: SqlLedger) -> None:
    at = datetime(2025, 7, 4, 14, 30, tzinfo=timezone(timedelta(hours=2)))
    row = {"a": "AFG", "b": "CHN", "version": 1, "dirty_since": at}
    with ledger._engine.connect() as connection:
        add_rows(connection, dyads, [row, {**row, "b": "IND", "dirty_since": None}])
        found = connection.execute(select(dyads.c.dirty_since).order_by(dyads.c.b)).scalars().all()
    assert found == [at, None]
    assert found[0].tzinfo is UTC


def test_prepared_statements_outlive_a_read(postgres_url: str) -> None:
    ledger = SqlLedger(postgres_url)
    for _ in range(10):
        with ledger.read() as unit:
            unit.articles.get("a1")
    with ledger._engine.connect() as connection:
        kept = connection.execute(text("SELECT statement FROM pg_prepared_statements")).scalars().all()
    ledger.close()
    assert any("FROM articles" in statement for statement in kept)


#: Tables of which an article touches few rows. (Assertions are few by themselves.)
LARGE = (
    "articles",
    "article_bands",
    "mentions",
    "events",
    "event_mentions",
    "states",
    "checkpoints",
    "tallies",
    "dyads",
)

_READ_WHOLE = "SELECT relname, seq_tup_read FROM pg_stat_user_tables WHERE schemaname = current_schema()"


def rows_read_whole(ledger: SqlLedger) -> dict[str, int]:
    """Rows that PostgreSQL has read so far by going through whole tables, by table."""
    with ledger._engine.connect() as connection:
        connection.execute(text("SELECT pg_stat_force_next_flush()"))
        connection.commit()
        connection.execute(text("SELECT pg_stat_clear_snapshot()"))
        return {row.relname: row.seq_tup_read for row in connection.execute(text(_READ_WHOLE))}


@contextmanager
def tables_scanned(ledger: SqlLedger) -> Iterator[list[str]]:
    """The steps by which SQLite goes through one of the large tables, of all statements within."""
    steps: list[str] = []
    asked = ledger._engine.raw_connection()

    def plan(conn, cursor, statement, parameters, context, executemany):  # type: ignore[no-untyped-def]  # SQLAlchemy's hook
        own = parameters[0] if executemany else parameters
        if statement.startswith(("SELECT", "UPDATE", "DELETE")):
            steps.extend(row[3] for row in asked.cursor().execute(f"EXPLAIN QUERY PLAN {statement}", own))

    event.listen(ledger._engine, "before_cursor_execute", plan)
    scans: list[str] = []
    try:
        yield scans
    finally:
        event.remove(ledger._engine, "before_cursor_execute", plan)
        asked.close()
    assert steps
    scans += [step for step in steps if step.split()[0] == "SCAN" and step.split()[1] in LARGE]


def record_and_look_for_its_like(ledger: SqlLedger, events: Sequence[CodedEvent], number: int) -> None:
    """Project an article, and do what finds its reprints."""
    project(ledger, events)
    with ledger.write() as unit:
        article = replace(add_article(unit), text=f"Article {number} of a series of articles that are no reprints")
        ReprintGroups(unit).enter(Likeness(article))
        unit.commit()


def test_what_one_article_moves_is_looked_up_by_index_whatever_the_database_knows_of_sizes(ledger: SqlLedger) -> None:
    # So often that PostgreSQL keeps its plans, which it made for empty tables without statistics.
    for day in range(1, 29):
        record_and_look_for_its_like(ledger, told(TARGETS, f"2025-06-{day:02}"), day)
    if ledger._engine.dialect.name == "postgresql":
        before = rows_read_whole(ledger)
        record_and_look_for_its_like(ledger, told(TARGETS, "2025-07-03"), 29)
        now = rows_read_whole(ledger)
        assert {table: now[table] - before[table] for table in LARGE if now[table] != before[table]} == {}
    else:
        with tables_scanned(ledger) as scans:
            record_and_look_for_its_like(ledger, told(TARGETS, "2025-07-03"), 29)
        assert scans == []

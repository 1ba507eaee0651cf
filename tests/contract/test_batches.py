"""What one article moves is read and written in a bounded number of statements, on SQLite and PostgreSQL."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Date, Integer, Text, event, select, text

from entente.bootstrap.absent import AbsentCache
from entente.bootstrap.seeds import load_codebook, load_entities
from entente.relations.events import CodedEvent
from entente.services.projecting.projector import Projector
from entente.storage.dialect import GivenRows
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


def test_prepared_statements_outlive_a_read(postgres_url: str) -> None:
    ledger = SqlLedger(postgres_url)
    for _ in range(10):
        with ledger.read() as unit:
            unit.articles.get("a1")
    with ledger._engine.connect() as connection:
        kept = connection.execute(text("SELECT statement FROM pg_prepared_statements")).scalars().all()
    ledger.close()
    assert any("FROM articles" in statement for statement in kept)

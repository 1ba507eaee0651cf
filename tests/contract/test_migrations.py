"""The migrations, on SQLite and PostgreSQL."""

import multiprocessing
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text

from entente.relations.dyads import Dyad
from entente.relations.states import Change
from entente.services.articles import ArticleDraft
from entente.services.ports.articles import ArticleQuery
from entente.services.ports.imports import ImportedEvent, ImportedScore
from entente.services.ports.ledger import UnitOfWork
from entente.services.ports.proposals import Proposal
from entente.services.ports.subscriptions import Delivery, Timing
from entente.storage.engine import for_writing, open_engine
from entente.storage.ledger import SqlLedger
from entente.storage.migrate import config, current, revisions, upgrade
from entente.storage.tables import metadata
from tests.contract.helpers import NOON, add_article, committed
from tests.unit.builders import state_fact


@pytest.fixture(params=["sqlite", "postgres"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database without any table."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/new.db"
    url: str = request.getfixturevalue("empty_postgres_url")
    return url


@pytest.fixture
def connection(empty_url: str) -> Iterator[Connection]:
    engine = open_engine(empty_url)
    with for_writing(engine).connect() as connection:
        yield connection
    engine.dispose()


def is_of_the_tables(_object: object, name: str | None, kind: str, *_: object) -> bool:
    """False for the full-text indexes, which each database has in its own way (quotes.py, article_lists.py)."""
    tables, indexes = ("mention_quotes", "article_titles"), ("ix_mentions_quote", "ix_articles_title")
    return not (name or "").startswith({"table": tables, "index": indexes}.get(kind, ("-",)))


def test_migrating_an_empty_database_makes_the_tables_that_the_code_expects(
    empty_url: str, connection: Connection
) -> None:
    upgrade(empty_url)
    options = {"compare_type": True, "compare_server_default": True, "include_object": is_of_the_tables}
    context = MigrationContext.configure(connection, opts=options)
    assert compare_metadata(context, metadata) == []
    assert current(empty_url) == context.get_current_revision() == revisions()[-1]


def test_the_revisions_are_those_of_alembic_in_their_order(connection: Connection) -> None:
    walked = ScriptDirectory.from_config(config(connection)).walk_revisions()
    assert revisions() == tuple(script.revision for script in walked)[::-1]


def test_migrating_again_keeps_what_is_there(empty_url: str) -> None:
    upgrade(empty_url)
    ledger = SqlLedger(empty_url)
    committed(ledger, lambda unit: add_article(unit, "a1"))
    upgrade(empty_url)
    with ledger.read() as unit:
        assert unit.articles.get("a1")
    ledger.close()


def test_one_of_four_processes_that_start_at_once_migrates(empty_url: str, connection: Connection) -> None:
    fork = multiprocessing.get_context("fork")
    processes = [fork.Process(target=upgrade, args=(empty_url,)) for _ in range(4)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(timeout=30)
    assert [process.exitcode for process in processes] == [0, 0, 0, 0]
    assert set(metadata.tables) < set(inspect(connection).get_table_names())


def test_a_downgrade_takes_back_every_table(empty_url: str, connection: Connection) -> None:
    upgrade(empty_url)
    with connection.begin():
        command.downgrade(config(connection), "base")
    assert inspect(connection).get_table_names() == ["alembic_version"]


def test_versions_and_proposals_are_taken_back_from_a_filled_ledger(empty_url: str, connection: Connection) -> None:
    upgrade(empty_url)
    ledger = SqlLedger(empty_url)
    committed(ledger, _fill_with_versions)
    ledger.close()

    with connection.begin():
        command.downgrade(config(connection), "0007")

    with connection.begin():
        found = connection.execute(text("SELECT id, status, reason FROM articles ORDER BY id")).all()
        kinds = connection.execute(text("SELECT kind FROM changes ORDER BY seq")).scalars().all()
        command.upgrade(config(connection), "head")
    assert [tuple(row) for row in found] == [("a1", "retracted", "superseded"), ("a2", "pending", None)]
    assert kinds == ["retraction", "facet"]


def _fill_with_versions(unit: UnitOfWork) -> None:
    add_article(unit, "a1")
    unit.articles.add(ArticleDraft("agency", text="Other words."), "hash", "a2", NOON, "a1")
    unit.articles.supersede(["a1"])
    change = Change("RUS", "AFG", "recognition", "", "held", "unknown", "recognised", NOON.date(), "", False)
    unit.changes.append([change], "a2", NOON, "correction", "corrected", "a1")
    unit.changes.append([change], "a2", NOON, reason="corrected", supersedes="a1")
    unit.proposals.add(Proposal("p", "a1", "a2", "It is retracted.", "open", NOON))


def test_imported_data_is_taken_back_from_a_filled_ledger(empty_url: str, connection: Connection) -> None:
    upgrade(empty_url)
    ledger = SqlLedger(empty_url)

    def fill(unit: UnitOfWork) -> None:
        file = unit.imports.begin("gdelt", "a.tab", "1", NOON)
        unit.imports.add_events(
            file, [ImportedEvent("USA", "IRN", NOON.date(), "1", True, 4, -8.0, 3, 2, "41", 1)], True
        )
        unit.imports.add_scores(file, [ImportedScore("IRN", "USA", 2020, "agree", 0.2, 2)])

    committed(ledger, fill)
    ledger.close()
    with connection.begin():
        command.downgrade(config(connection), "0012")
        assert not [name for name in inspect(connection).get_table_names() if name.startswith("imported")]
        command.upgrade(config(connection), "head")
        assert connection.execute(text("SELECT count(*) FROM imported_events")).scalar_one() == 0


def test_no_state_fact_of_an_older_ledger_stays_known_before_its_start(empty_url: str, connection: Connection) -> None:
    upgrade(empty_url)
    ledger = SqlLedger(empty_url)
    told = [
        state_fact(begins="2019-04", document_date="1997"),
        state_fact(begins="2019", document_date="1997", target="FRA"),
        state_fact(begins="1997-02-03", document_date="1997", target="DEU"),
        state_fact(begins=None, document_date="1997", target="USA"),
    ]
    committed(ledger, lambda unit: unit.state_facts.add(told, NOON))
    ledger.close()
    with connection.begin():
        command.downgrade(config(connection), "0018")
        connection.execute(text("UPDATE state_facts SET known_by = '1997-12-31'"))
        command.upgrade(config(connection), "head")
        found = connection.execute(text("SELECT id, known_by FROM state_facts")).all()
    assert {id: str(day) for id, day in found} == {fact.id: str(fact.known_by) for fact in told}


def test_owners_are_added_to_what_an_older_ledger_holds(empty_url: str, connection: Connection) -> None:
    """A reprint kept the publisher of its first print in place of its own, and a sender named whom it liked."""
    older = config(connection)
    with connection.begin():
        command.upgrade(older, "0005")
    with connection.begin():
        for statement in OLDER:
            connection.execute(text(statement))
    with connection.begin():
        command.upgrade(older, "head")

    ledger = SqlLedger(empty_url)
    with ledger.read() as unit:
        (told,) = unit.mentions.of_dyad(Dyad("AFG", "RUS"))
        assert (told.publisher, told.owner, told.reprint_of) == ("Herald", "Reuters", "a1")
        assert [source.publishers for source in unit.sources.list()] == [("*",)]
        assert unit.dyads.dirty(10) == [(Dyad("AFG", "RUS"), 3)]
        assert unit.dyads.derived_by(Dyad("AFG", "RUS")) is None
        assert unit.reprints.without_bands(10) == ["a2"]
    ledger.close()
    with connection.begin():
        command.downgrade(older, "0005")
    assert connection.execute(text("SELECT publisher FROM mentions")).scalars().all() == ["Reuters"]


def test_what_a_ledger_with_a_floor_holds_can_be_read_without_one(empty_url: str, connection: Connection) -> None:
    """And every dyad of an older ledger is derived again, with every row of its events."""
    floor = config(connection)
    with connection.begin():
        command.upgrade(floor, "0007")
    with connection.begin():
        for statement in (*OLDER_EVENTS, *OLDER_SUBSCRIPTIONS):
            connection.execute(text(statement))
    with connection.begin():
        command.upgrade(floor, "head")
    with connection.begin():
        assert connection.execute(text("SELECT fingerprint FROM events")).scalars().all() == [""]
        assert connection.execute(text("SELECT derived_by FROM dyads")).scalars().all() == [None]
        for statement in WITH_A_FLOOR:
            connection.execute(text(statement))
    with connection.begin():
        command.downgrade(floor, "0007")
    with connection.begin():
        assert sorted(connection.execute(text("SELECT kind FROM assertions")).scalars()) == ["assert", "withdraw"]
        assert connection.execute(text("SELECT count(*) FROM states")).scalar_one() == 0
        assert "unconfirmed" not in str(connection.execute(text("SELECT wants FROM subscriptions")).scalar_one())


def test_an_older_version_keeps_of_subscriptions_those_that_it_can_serve(
    empty_url: str, connection: Connection
) -> None:
    """And those of an older ledger are webhooks that get JSON at once."""
    alerts = config(connection)
    with connection.begin():
        command.upgrade(alerts, "0012")
    with connection.begin():
        for statement in OLDER_SUBSCRIPTIONS:
            connection.execute(text(statement.replace('{"facets"', '{"pairs": [], "facets"')))
    with connection.begin():
        command.upgrade(alerts, "head")
    ledger = SqlLedger(empty_url)
    with ledger.write() as unit:
        (older,) = unit.subscriptions.list()
        assert (older.kind, older.format, older.timing) == ("webhook", "json", Timing())
        for id, kept in {
            "mail": {"kind": "email"},
            "chat": {"format": "slack"},
            "hourly": {"timing": Timing(60)},
        }.items():
            unit.subscriptions.add(replace(older, id=id, **kept))
            unit.subscriptions.prepare([Delivery(f"{id}-1", id, 1, "pending", (), NOON, NOON, NOON)])
        unit.commit()
    ledger.close()
    with connection.begin():
        command.downgrade(alerts, "0012")
    with connection.begin():
        assert set(connection.execute(text("SELECT id FROM subscriptions")).scalars()) == {"s1", "hourly"}
        assert connection.execute(text("SELECT id FROM deliveries")).scalars().all() == ["hourly-1"]


OLDER_EVENTS = (
    "INSERT INTO dyads (a, b, version, derived_by) VALUES ('AFG', 'RUS', 3, '2026.2')",
    "INSERT INTO events (id, dyad_a, dyad_b, source, target, source_entity, target_entity, act, status, known_by,"
    " starts_on, confidence, owners, n_mentions, context, fingerprint) VALUES ('RUS.AFG.recognise.effective.undated',"
    " 'AFG', 'RUS', 'RUS', 'AFG', 'RUS', 'AFG', 'recognise', 'effective', '2025-07-03', '2025-07-03', 0.9,"
    """ '["Reuters"]', 1, '[]', 'f00d')""",
)
OLDER_SUBSCRIPTIONS = (
    "INSERT INTO subscriptions (id, url, secret, wants, active, created_at, seen) VALUES ('s1', 'https://x.example',"
    """ 'whsec_eHh4', '{"facets": [], "unconfirmed": true}', true, '2025-07-04 12:00:00', 0)""",
)
WITH_A_FLOOR = (
    *(
        "INSERT INTO assertions (id, author, reason, kind, event, recorded_at)"
        f" VALUES ('{kind}', 'A. Analyst', 'Read.', '{kind}', 'RUS.AFG.recognise.effective.undated',"
        " '2025-07-04 12:00:00')"
        for kind in ("confirm", "reject")
    ),
    "INSERT INTO states (id, dyad_a, dyad_b, source, target, facet, item, standing, value, known_by, ends, evidence,"
    " rule, starts_on, n_evidence, status, candidates) VALUES (1, 'AFG', 'RUS', 'RUS', 'AFG', 'relations', '',"
    " 'unconfirmed', 'severed', '2025-07-03', '', '[]', 'r@1', '2025-07-03', 1, 'reported', '[]')",
)


def test_articles_of_an_older_ledger_get_their_day_and_are_found_by_their_title(
    empty_url: str, connection: Connection
) -> None:
    older = config(connection)
    with connection.begin():
        command.upgrade(older, "0007")
    with connection.begin():
        for statement in OLDER:
            connection.execute(text(statement))
        connection.execute(text("UPDATE articles SET title = 'Envoys meet', published_at = '2025-07-01 23:30:00'"
                                " WHERE id = 'a2'"))  # fmt: skip
    with connection.begin():
        command.upgrade(older, "head")

    ledger = SqlLedger(empty_url)
    with ledger.read() as unit:
        listed = unit.articles.search(ArticleQuery(), None, 10).items
        assert [(one.id, str(one.published_on)) for one in listed] == [("a1", "2025-07-04"), ("a2", "2025-07-01")]
        assert [one.id for one in unit.articles.search(ArticleQuery(words="envoy"), None, 10).items] == ["a2"]
    ledger.close()
    with connection.begin():
        command.downgrade(older, "0007")
    assert connection.execute(text("SELECT title FROM articles ORDER BY id")).scalars().all() == [None, "Envoys meet"]


_ARTICLE = (
    "INSERT INTO articles (id, publisher, text, received_at, content_hash, status, attempts, truncated, reprint_of)"
)
OLDER = (
    f"{_ARTICLE} VALUES ('a1', 'Reuters', 'Words.', '2025-07-04 12:00:00', 'h1', 'retracted', 1, false, NULL)",
    f"{_ARTICLE} VALUES ('a2', 'Herald', 'Words.', '2025-07-04 12:00:00', 'h2', 'coded', 1, false, 'a1')",
    "INSERT INTO mentions (id, article_id, number, dyad_a, dyad_b, source, target, source_party, target_party, act,"
    " status, period_first, precision, dated_by, confidence, published_on, publisher, coder_version, wording,"
    " recorded_at)"
    " VALUES ('a2.0', 'a2', 0, 'AFG', 'RUS', 'RUS', 'AFG', 'RUS', 'AFG', 'recognise', 'effective', '2025-07-03', 'day',"
    " 'text', 0.9, '2025-07-04', 'Reuters', 'test-1',"
    """ '[["GOV", "Russia"], ["GOV", "Kabul"], ["text", 0, 5, "Words"], ["text", 0, 5, "Words"], []]',"""
    " '2025-07-04 12:00:00')",
    "INSERT INTO dyads (a, b, version, derived_by) VALUES ('AFG', 'RUS', 3, '2026.2')",
    "INSERT INTO sources (name, secrets, created_at, active)"
    """ VALUES ('wire', '["whsec_eHh4"]', '2025-07-04 12:00:00', true)""",
)

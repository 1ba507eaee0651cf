"""Migrations up and down on ledgers that hold data, on SQLite and PostgreSQL; old subscribers' deliveries pruned."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from entente.bootstrap.container import Container
from entente.bootstrap.settings import Settings
from entente.services.articles import ArticleDraft
from entente.services.errors import Conflict, Invalid
from entente.services.ingesting.code import CodeArticles
from entente.services.ports.subscriptions import Delivery
from entente.services.ports.wants import Wants
from entente.storage import migrate
from entente.storage.engine import for_writing, open_engine
from tests.conftest import ChosenClock
from tests.integration.conftest import RECOGNITION, TEXT, ReadsAsTold, coded
from tests.unit.builders import state_fact

REVISIONS = migrate.revisions()


@pytest.fixture(params=["sqlite", "postgres"])
def filled(request: pytest.FixtureRequest, tmp_path: Path, clock: ChosenClock) -> Iterator[Container]:
    """A ledger with two coded articles, a source, a key, a feed, a subscription and an analyst's assertion."""
    url = f"sqlite:///{tmp_path}/filled.db"
    if request.param == "postgres":
        url = request.getfixturevalue("empty_postgres_url")
    container = Container(Settings(data_dir=tmp_path, database_url=url), clock)
    container.migrate()
    for events, publisher in ((RECOGNITION, "Sample Wire"), ([coded("sign_treaty", "2025-07-02")], "Other Wire")):
        draft = ArticleDraft(
            publisher, text=TEXT + publisher, title="News", published_at=datetime(2025, 7, 4, tzinfo=UTC)
        )
        taken = container.ingest.submit(draft, ring=False)
        parts = container.ledger, ReadsAsTold(events), container.projector, container.queue, clock
        CodeArticles(*parts, "test").run(taken.article_id)
    container.sources.add("wire")
    container.keys.add("newsroom", ["ingest"])
    container.subscriptions.add("https://subscriber.example/hook", Wants())
    yield container
    container.close()


def states(container: Container) -> list[object]:
    """What the ledger says of the two countries, without what depends on when it was derived."""
    found = []
    for source, target in (("RUS", "AFG"), ("AFG", "RUS")):
        record = container.relations.record(source, target)
        found.append((record.source, record.target, record.facets, record.score))
    return found


def test_data_survives_the_way_back_to_any_revision_and_up_again(filled: Container) -> None:
    before = states(filled)
    assert any("recognised" in str(facets) for _, _, facets, _ in before)

    # One ledger for all: what the way back to an older revision loses, that to a newer one must not have lost before.
    for revision in reversed(REVISIONS[:-1]):
        filled.ledger.close()
        filled.migrate(revision)
        assert filled.revision()[0] == revision
        filled.migrate()
        assert filled.revision()[0] == REVISIONS[-1]

        filled.projector.rebuild()
        assert filled.projector.verify() == [], revision
        assert states(filled) == before, revision
        assert [source.name for source in filled.sources.list()] == ["wire"], revision


def test_the_last_migration_is_taken_back_and_made_again_without_deriving_anew(filled: Container) -> None:
    filled.migrate(REVISIONS[-2])
    filled.migrate()
    assert [key.name for key in filled.keys.list()] == ["newsroom"]
    assert [subscription.url for subscription in filled.subscriptions.list()] == ["https://subscriber.example/hook"]


def test_an_older_version_finds_nothing_of_documents_and_a_newer_one_loads_them_again(filled: Container) -> None:
    """Before 0012 evidence was of events alone: what documents moved is derived again from the mentions."""
    facts = [
        state_fact("withdrawn", "1990", "1991"),
        state_fact(source="FRA", target="XKX"),
        *(state_fact(begins=str(year), ends=str(year + 1), source="DEU", target="XKX") for year in range(1950, 1990)),
    ]
    filled.state_fact_sets.load("baseline", "1", facts)
    before = states(filled)

    filled.ledger.close()
    filled.migrate("0007")
    engine = open_engine(filled.settings.database_url)
    with for_writing(engine).begin() as connection:
        dirty = connection.execute(text("SELECT a, b FROM dyads WHERE dirty_version = version ORDER BY a")).all()
        left = connection.execute(
            text("SELECT facet FROM states WHERE CAST(evidence AS TEXT) LIKE '%baseline/%'")
        ).all()
        checkpoints = connection.execute(text("SELECT facet FROM checkpoints")).all()
    engine.dispose()
    assert ("AFG", "RUS") in [tuple(row) for row in dirty]
    assert ("FRA", "XKX") in [tuple(row) for row in dirty]
    assert (left, checkpoints) == ([], [])

    filled.migrate()
    assert not filled.state_fact_sets.is_loaded("baseline", "1")
    filled.state_fact_sets.load("baseline", "1", facts)
    filled.projector.rebuild()
    assert filled.projector.verify() == []
    assert states(filled) == before


def test_a_ledger_of_a_newer_version_is_refused_with_the_remedy(filled: Container) -> None:
    engine = open_engine(filled.settings.database_url)
    with for_writing(engine).begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    with pytest.raises(Conflict, match=rf"revision 9999.*entente migrate --to {REVISIONS[-1]}"):
        filled.migrate()


def test_an_unknown_revision_is_refused_with_those_that_there_are(filled: Container) -> None:
    with pytest.raises(Invalid, match=rf"no revision 'soon'.*{REVISIONS[-1]}"):
        filled.migrate("soon")


def test_old_deliveries_are_pruned_and_those_still_tried_are_kept(filled: Container, clock: ChosenClock) -> None:
    subscription = filled.subscriptions.list()[0].id
    waiting = [Delivery(f"d{n}", subscription, n, "pending", (), clock.now(), clock.now()) for n in (1, 2, 3)]
    with filled.ledger.write() as unit:
        unit.subscriptions.prepare(waiting)
        unit.subscriptions.settle(replace(waiting[0], status="delivered", next_attempt_at=None))
        unit.subscriptions.settle(replace(waiting[1], status="failed", next_attempt_at=None))
        unit.commit()
    assert filled.subscriptions.prune(1) == 0
    clock.advance(days=1, seconds=1)
    assert filled.subscriptions.prune(1) == 2
    with filled.ledger.read() as unit:
        assert [delivery.id for delivery in unit.subscriptions.deliveries(subscription, 0, 10)] == ["d3"]

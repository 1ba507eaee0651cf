"""For whom mentions count, on a ledger: the same in every order, and after a retraction as if it had never been."""

import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text as sql

from entente.bootstrap.container import Container
from entente.bootstrap.settings import Settings
from entente.relations.dyads import Dyad
from entente.relations.events import CodedEvent, Event
from entente.services.articles import ArticleDraft
from entente.services.curating.assertions import Signature
from entente.services.ingesting.code import CodeArticles
from entente.storage.engine import for_writing, open_engine
from tests.conftest import ChosenClock, empty_postgres
from tests.contract.helpers import at_once
from tests.integration.conftest import ReadsAsTold
from tests.unit.builders import mention
from tests.unit.test_reprints import window

NOON = datetime(2025, 7, 4, 12, tzinfo=UTC)
AFG_RUS = Dyad("AFG", "RUS")
RECOGNITION = "RUS.AFG.recognise.effective.2025-07-01"
ANALYST = Signature("A. Analyst", "It did not happen.")


@dataclass(frozen=True)
class Story:
    """An article: the part of an endless text that it prints, its publisher, its day and hour, what it reports."""

    start: int
    publisher: str
    day: int = 0
    hour: int | None = 8
    acts: tuple[str, ...] = ("recognise",)
    length: int = 104

    def draft(self) -> ArticleDraft:
        at = None if self.hour is None else NOON.replace(hour=self.hour) - timedelta(days=3 - self.day)
        return ArticleDraft(self.publisher, text=window(self.start, self.length), published_at=at)

    def events(self) -> list[CodedEvent]:
        return [mention(act, "2025-07-01").event for act in self.acts]


class Newsroom:
    """A ledger with the services that articles go through."""

    def __init__(self, url: str, place: Path) -> None:
        self.clock = ChosenClock(NOON)
        self.of = Container(Settings(data_dir=place, database_url=url), self.clock)

    def publish(self, story: Story) -> str:
        id = self.of.ingest.submit(story.draft(), ring=False).article_id
        self.code(id, story.events())
        self.clock.advance(seconds=1)
        return id

    def code(self, id: str, events: Sequence[CodedEvent], worker: str = "test") -> None:
        parts = self.of.ledger, ReadsAsTold(events), self.of.projector, self.of.queue, self.clock
        CodeArticles(*parts, worker).run(id)

    def retract(self, id: str) -> None:
        self.of.corrections.retract(id, "in error")
        self.clock.advance(seconds=1)

    def event(self, id: str = RECOGNITION) -> Event:
        return self.of.events.event(id)

    def picture(self) -> Any:
        """All that may not depend on the order of arrival: records, events, for whom each mention counts."""
        projector = self.of.projector
        versions = [f'"version":{record.version}'.encode() for record, _ in projector._records(AFG_RUS)]
        bodies = [body for _, body in projector._records(AFG_RUS)]
        records = [body.replace(version, b"") for version, body in zip(versions, bodies, strict=True)]
        with self.of.ledger.read() as unit:
            events = [
                (e.id, e.confidence, e.owners, sorted(self._counted(unit, m) for m in e.mentions))
                for e in unit.events.of_dyad(AFG_RUS)
            ]
            return records, events, unit.derived.states(AFG_RUS), unit.derived.tallies(AFG_RUS)

    def _counted(self, unit: Any, told: Any) -> tuple[str, str, str]:
        """A mention by content: its publisher, its owner, and the first print's hash."""
        return told.publisher, told.owner, unit.articles.get(told.reprint_of or told.article_id).content_hash

    def close(self) -> None:
        self.of.close()


@pytest.fixture
def newsroom(ledger_url: str, tmp_path: Path) -> Iterator[Newsroom]:
    room = Newsroom(ledger_url, tmp_path)
    yield room
    room.close()


STORIES = st.lists(
    st.tuples(
        st.builds(
            Story,
            start=st.sampled_from([0, 10, 25, 35, 60, 1000]),
            publisher=st.sampled_from(["Reuters", "RIA Novosti", "Sputnik", "herald.example", "The Gazette"]),
            day=st.sampled_from([0, 0, 2, 3]),
            hour=st.sampled_from([None, 6, 8]),
            acts=st.sampled_from([("recognise",), ("meet",), ("recognise", "meet"), ("withdraw_recognition",), ()]),
            length=st.sampled_from([104, 104, 12, 3]),
        ),
        st.booleans(),
    ),
    min_size=1,
    max_size=7,
    unique_by=lambda drawn: (drawn[0].draft().publisher, drawn[0].draft().text),
)

Play = Callable[[], Newsroom]


def prove(fresh: Play, drawn: list[tuple[Story, bool]], order: list[int]) -> None:
    """Articles come in one order and some are retracted; others see only what is left, in another order."""
    room = fresh()
    published = []
    for story, gone in drawn:
        published.append((room.publish(story), gone))
        assert room.of.projector.verify() == []
    for id, gone in published:
        if gone:
            room.retract(id)
            assert room.of.projector.verify() == []
    seen = room.picture()
    room.close()

    other = fresh()
    for i in (i for i in order if i < len(drawn)):
        if not drawn[i][1]:
            other.publish(drawn[i][0])
    assert other.picture() == seen
    other.close()


_QUIET = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large]


@pytest.fixture
def on_sqlite(_sqlite_template: Path) -> Iterator[Play]:
    place = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=place if place.is_dir() else None) as directory:
        number = iter(range(1_000_000))

        def fresh() -> Newsroom:
            path = Path(directory) / f"{next(number)}.db"
            shutil.copyfile(_sqlite_template, path)
            return Newsroom(f"sqlite:///{path}", Path(directory))

        yield fresh


@pytest.fixture
def on_postgres(_migrated_postgres: str, tmp_path: Path) -> Play:
    def fresh() -> Newsroom:
        empty_postgres(_migrated_postgres)
        return Newsroom(_migrated_postgres, tmp_path)

    return fresh


@given(STORIES, st.permutations(range(7)))
@settings(max_examples=15, deadline=None, suppress_health_check=_QUIET)
def test_any_order_and_any_retraction_on_sqlite(on_sqlite, drawn, order):
    prove(on_sqlite, drawn, order)


@given(STORIES, st.permutations(range(7)))
@settings(max_examples=5, deadline=None, suppress_health_check=_QUIET)
def test_any_order_and_any_retraction_on_postgres(on_postgres, drawn, order):
    prove(on_postgres, drawn, order)


@pytest.mark.prove
@given(STORIES, st.permutations(range(7)))
@settings(max_examples=1000, deadline=None, suppress_health_check=_QUIET)
def test_a_thousand_orders_and_retractions(on_sqlite, drawn, order):
    prove(on_sqlite, drawn, order)


CHAIN = [Story(0, "Reuters", hour=6), Story(10, "herald.example", hour=7), Story(25, "The Gazette", hour=8)]


@pytest.mark.parametrize("order", [(0, 1, 2), (0, 2, 1), (1, 0, 2), (1, 2, 0), (2, 0, 1), (2, 1, 0)])
def test_a_chain_of_reprints_is_one_source_in_every_order(on_sqlite, order):
    room = on_sqlite()
    for i in order:
        room.publish(CHAIN[i])
    assert room.event().owners == ("Thomson Reuters",)
    room.close()


def test_without_the_middle_of_a_chain_its_ends_are_two_sources(newsroom):
    ids = [newsroom.publish(story) for story in CHAIN]
    newsroom.retract(ids[1])
    assert newsroom.event().owners == ("Thomson Reuters", "gazette")
    assert newsroom.of.projector.verify() == []


def test_a_retracted_first_print_leaves_nothing_of_its_name(newsroom):
    first, second = (newsroom.publish(story) for story in CHAIN[:2])
    (reprint,) = [m for m in newsroom.event().mentions if m.article_id == second]
    assert (reprint.publisher, reprint.owner, reprint.reprint_of) == ("herald.example", "Thomson Reuters", first)

    newsroom.retract(first)

    (left,) = newsroom.event().mentions
    assert (left.publisher, left.owner, left.reprint_of) == ("herald.example", "herald.example", None)
    assert newsroom.of.lookups.article(second).article.reprint_of is None


def test_what_was_known_before_a_retraction_still_counts_for_the_first_print(newsroom):
    first, _ = (newsroom.publish(story) for story in CHAIN[:2])
    before = newsroom.clock.now()
    newsroom.clock.advance(hours=1)
    newsroom.retract(first)
    now = newsroom.of.relations.record("RUS", "AFG")
    then = newsroom.of.relations.record("RUS", "AFG", known_at=before)
    assert (now.score.owners, then.score.owners) == (("herald.example",), ("Thomson Reuters",))
    assert (now.n_mentions, then.n_mentions) == (1, 2)
    (left,) = newsroom.event().mentions
    assert left.recorded_at < before.isoformat()


def test_one_sentence_sent_as_two_publishers_is_one_source(newsroom):
    newsroom.publish(Story(0, "One", length=8))
    newsroom.publish(Story(0, "Other", length=8))
    event = newsroom.event()
    assert (len(event.mentions), event.n_sources) == (2, 1)


def test_two_papers_of_one_owner_are_one_source_in_their_own_words(newsroom):
    newsroom.publish(Story(0, "RIA Novosti"))
    newsroom.publish(Story(1000, "Sputnik"))
    assert newsroom.event().owners == ("Rossiya Segodnya",)
    newsroom.publish(Story(2000, "Reuters"))
    event = newsroom.event()
    assert (event.n_sources, event.owners) == (2, ("Rossiya Segodnya", "Thomson Reuters"))


def test_the_record_names_the_owners_of_a_value_and_of_the_score(newsroom):
    for start, publisher in ((0, "Reuters"), (1000, "herald.example")):
        newsroom.publish(Story(start, publisher))
    record = newsroom.of.relations.record("RUS", "AFG")
    assert record.score.owners == ("Thomson Reuters", "herald.example")
    assert record.facets["recognition"][0].owners == ("Thomson Reuters", "herald.example")


def test_an_article_that_a_recode_finds_silent_leaves_its_group(newsroom):
    first, _ = (newsroom.publish(story) for story in CHAIN[:2])
    newsroom.of.corrections.recode(first)
    newsroom.code(first, [])
    assert newsroom.event().owners == ("herald.example",)
    newsroom.of.corrections.recode(first)
    newsroom.code(first, CHAIN[0].events())
    assert newsroom.event().owners == ("Thomson Reuters",)
    assert newsroom.of.projector.verify() == []


def test_a_withdrawn_event_takes_the_articles_that_report_nothing_else_out_of_their_groups(newsroom):
    first = newsroom.publish(Story(0, "Reuters", hour=6, acts=("meet",)))
    second = newsroom.publish(Story(10, "herald.example", hour=7))
    newsroom.of.assertions.withdraw(ANALYST, "RUS.AFG.meet.effective.2025-07-01")
    assert newsroom.event().owners == ("herald.example",)
    assert {newsroom.of.lookups.article(id).article.reprint_of for id in (first, second)} == {None}
    assert newsroom.of.projector.verify() == []


def test_events_rejected_together_take_the_articles_that_report_no_other_out_of_their_groups(newsroom):
    first = newsroom.publish(Story(0, "Reuters", hour=6, acts=("meet", "impose_sanctions")))
    second = newsroom.publish(Story(10, "herald.example", hour=7))
    rejected = [f"RUS.AFG.{act}.effective.2025-07-01" for act in ("meet", "impose_sanctions")]
    newsroom.of.assertions.decide(ANALYST, [], rejected)
    assert newsroom.event().owners == ("herald.example",)
    assert {newsroom.of.lookups.article(id).article.reprint_of for id in (first, second)} == {None}
    assert newsroom.of.projector.verify() == []


def test_a_first_print_kept_from_a_group_that_is_gone_counts_no_more(newsroom):
    first, second = (newsroom.publish(story) for story in CHAIN[:2])
    newsroom.of.corrections.recode(second)
    newsroom.code(second, [])
    engine = open_engine(newsroom.of.settings.database_url)
    with for_writing(engine).begin() as connection:
        connection.execute(sql(f"UPDATE articles SET reprint_of = '{first}' WHERE id = '{second}'"))
    engine.dispose()
    newsroom.retract(first)
    newsroom.of.corrections.recode(second)
    newsroom.code(second, CHAIN[1].events())
    assert newsroom.of.lookups.article(second).article.reprint_of is None
    assert newsroom.of.projector.verify() == []


def test_reprints_that_are_coded_at_once_find_each_other(newsroom):
    stories = [Story(n, f"paper {n}", hour=n) for n in range(8)]
    ids = [newsroom.of.ingest.submit(story.draft(), ring=False).article_id for story in stories]
    at_once(lambda n: newsroom.code(ids[n], stories[n].events(), f"worker {n}"), 8)
    assert newsroom.event().owners == ("paper 0",)
    assert newsroom.of.projector.verify() == []


def test_a_rebuild_finds_again_what_the_ledger_lost_and_verify_names_it(newsroom):
    first, second = (newsroom.publish(story) for story in CHAIN[:2])
    engine = open_engine(newsroom.of.settings.database_url)
    with for_writing(engine).begin() as connection:
        connection.execute(sql("DELETE FROM article_bands"))
        connection.execute(sql("UPDATE articles SET reprint_of = NULL"))
        connection.execute(sql("UPDATE mentions SET reprint_of = NULL, owner = 'old'"))
    engine.dispose()
    assert newsroom.of.projector.verify()[0] == f"article {second}: counts as {second}, is printed first by {first}"
    assert "`entente rebuild`" in newsroom.of.projector.credits.left_behind()

    newsroom.of.projector.rebuild()

    assert newsroom.of.projector.verify() == []
    assert newsroom.of.projector.credits.left_behind() == ""
    assert newsroom.event().owners == ("Thomson Reuters",)

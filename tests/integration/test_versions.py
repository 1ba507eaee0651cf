"""Versions of articles on a ledger: a changed one takes the place of the old, as if that had never been."""

import json
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entente.relations.events import CodedEvent
from entente.relations.states import Change
from entente.services.articles import ArticleDraft
from entente.services.ports.changes import RecordedChange
from entente.services.ports.subscriptions import Wants
from entente.services.subscriptions import wants
from schemas.changes import change_message
from tests.contract.helpers import at_once
from tests.integration.test_reprint_groups import _QUIET, AFG_RUS, NOON, Newsroom, Play, on_postgres, on_sqlite
from tests.unit.builders import mention
from tests.unit.test_reprints import window

__all__ = ["on_postgres", "on_sqlite"]


@dataclass(frozen=True)
class Version:
    """One version of the story at an address: which part of an endless text it prints, and what it reports."""

    start: int
    acts: tuple[str, ...]
    length: int = 160


@dataclass(frozen=True)
class Page:
    """An address with the versions of its story, in order, and whether the last one is retracted in the end."""

    number: int
    publisher: str
    day: int
    versions: tuple[Version, ...]
    retracted: bool = False

    def draft(self, version: Version) -> ArticleDraft:
        at = NOON - timedelta(days=3 - self.day)
        # Its own words at the end tell the versions of one page from those of another.
        text = f"{window(version.start, version.length)} {self.publisher} {self.number} version of {version.start}"
        return ArticleDraft(self.publisher, text=text, url=f"https://news.example/{self.number}", published_at=at)


def events(version: Version) -> list[CodedEvent]:
    return [mention(act, "2025-07-01").event for act in version.acts]


VERSION = st.builds(
    Version,
    start=st.sampled_from([0, 6, 12, 24, 36, 60]),
    acts=st.sampled_from([("recognise",), ("meet",), ("recognise", "meet"), ("withdraw_recognition",), ()]),
)
PAGES = st.lists(
    st.builds(
        Page,
        number=st.integers(1, 50),
        publisher=st.sampled_from(["Reuters", "RIA Novosti", "Sputnik", "herald.example"]),
        day=st.sampled_from([0, 0, 2, 3]),
        versions=st.lists(VERSION, min_size=1, max_size=3, unique_by=lambda v: v.start).map(tuple),
        retracted=st.booleans(),
    ),
    min_size=1,
    max_size=4,
    unique_by=lambda page: page.number,
)


def prove(fresh: Play, pages: list[Page], arrivals: Any, order: list[int]) -> None:
    """Versions come in turns, are coded late or at once; another ledger sees only the last ones, in another order."""
    # Closed whatever happens: hypothesis may end an example while it draws.
    with closing(fresh()) as room:
        last = arrive(room, pages, arrivals)
        for page in pages:
            if page.retracted:
                room.retract(last[page.number])
                assert room.of.projector.verify() == []
        seen = room.picture()

    with closing(fresh()) as other:
        for page in sorted(pages, key=lambda page: order[page.number % len(order)]):
            if not page.retracted:
                id = other.of.ingest.submit(page.draft(page.versions[-1]), ring=False).article_id
                code(other, id, page.versions[-1])
        assert other.picture() == seen


def arrive(room: Newsroom, pages: list[Page], arrivals: Any) -> dict[int, str]:
    """Take in and code every version of these pages, in a drawn order; the id of each page's last one."""
    waiting = {page.number: list(page.versions) for page in pages}
    uncoded: list[tuple[str, Version]] = []
    last: dict[int, str] = {}
    while any(waiting.values()):
        page = arrivals.choice([page for page in pages if waiting[page.number]])
        version = waiting[page.number].pop(0)
        taken = room.of.ingest.submit(page.draft(version), ring=False)
        assert taken.created
        last[page.number] = taken.article_id
        uncoded.append((taken.article_id, version))
        room.clock.advance(seconds=1)
        arrivals.shuffle(uncoded)
        while uncoded and arrivals.random() < 0.6:
            code(room, *uncoded.pop())
    for one in uncoded:
        code(room, *one)
    return last


def code(room: Newsroom, id: str, version: Version) -> None:
    room.code(id, events(version))
    room.clock.advance(seconds=1)
    assert room.of.projector.verify() == []


@given(PAGES, st.randoms(use_true_random=False), st.permutations(range(7)))
@settings(max_examples=40, deadline=None, suppress_health_check=_QUIET)
def test_corrected_and_retracted_articles_leave_nothing_on_sqlite(on_sqlite, pages, arrivals, order):
    prove(on_sqlite, pages, arrivals, order)


@given(PAGES, st.randoms(use_true_random=False), st.permutations(range(7)))
@settings(max_examples=10, deadline=None, suppress_health_check=_QUIET)
def test_corrected_and_retracted_articles_leave_nothing_on_postgres(on_postgres, pages, arrivals, order):
    prove(on_postgres, pages, arrivals, order)


@pytest.fixture(params=["sqlite", "postgres"])
def fresh(request: pytest.FixtureRequest) -> Play:
    play: Play = request.getfixturevalue(f"on_{request.param}")
    return play


PAGE = Page(1, "Reuters", 0, tuple(Version(4 * n, (act,)) for n, act in enumerate(("recognise", "meet") * 4)))


def test_versions_that_are_coded_at_once_leave_only_the_last(fresh: Play) -> None:
    room = fresh()
    ids = [room.of.ingest.submit(PAGE.draft(version), ring=False).article_id for version in PAGE.versions]

    at_once(lambda n: room.code(ids[n], events(PAGE.versions[n]), f"worker {n}"), len(ids))

    with room.of.ledger.read() as unit:
        assert [article.status for id in ids if (article := unit.articles.get(id))] == ["superseded"] * 7 + ["coded"]
        assert [event.act for event in unit.events.of_dyad(AFG_RUS)] == ["meet"]
    assert room.of.projector.verify() == []
    room.close()


def test_a_reprint_of_a_corrected_article_keeps_its_own_group(fresh: Play) -> None:
    """The old version joins two reprints; the new one is like the second only."""
    room = fresh()
    first, second = Page(2, "RIA Novosti", 0, (Version(0, ("recognise",)),)), Page(3, "herald.example", 0, ())
    old, new = Version(12, ("recognise",)), Version(36, ("recognise",))
    for page, version in ((first, first.versions[0]), (PAGE, old), (second, Version(24, ("recognise",))), (PAGE, new)):
        room.code(room.of.ingest.submit(page.draft(version), ring=False).article_id, events(version))
        assert room.of.projector.verify() == []

    assert {m.publisher: m.owner for m in room.event().mentions} == {
        "RIA Novosti": "Rossiya Segodnya",
        "Reuters": "Thomson Reuters",
        "herald.example": "Thomson Reuters",
    }
    room.close()


def test_a_subscriber_is_told_of_a_correction_that_moves_nothing_it_wants() -> None:
    row = Change("", "", "", "", "held", "", "superseded", NOON.date(), "", False)
    recorded = RecordedChange(3, row, "new", NOON, "correction", "corrected", "old")

    assert wants(Wants(countries=("SRB",)), recorded)
    message = json.loads(change_message(recorded))
    assert (message["type"], message["data"]["article"], message["data"]["supersedes"]) == (
        "article.corrected",
        "new",
        "old",
    )

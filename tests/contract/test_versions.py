"""Versions of articles and proposed retractions in the ledger, on SQLite and PostgreSQL."""

from dataclasses import replace
from pathlib import Path

import pytest

from entente.bootstrap.container import Container
from entente.bootstrap.settings import Settings
from entente.services.articles import ArticleDraft
from entente.services.ports.ledger import UnitOfWork
from entente.services.ports.proposals import Proposal
from entente.storage.ledger import SqlLedger
from tests.contract.helpers import NOON, add_article, at_once, committed

URL = "https://news.example/a"


def add(unit: UnitOfWork, id: str, supersedes: str | None = None, text: str | None = "Words.") -> None:
    draft = ArticleDraft("agency", text=text, url=URL, title="A title")
    unit.articles.add(draft, f"hash of {id}", id, NOON, supersedes)


def settle(unit: UnitOfWork, id: str, status: str) -> None:
    unit.articles.claim(id, "worker", NOON, 6)
    unit.articles.finish(id, "worker", status, None, None)


def test_the_last_version_is_found_from_each(ledger: SqlLedger) -> None:
    with ledger.write() as unit:
        for id, before in (("a", None), ("b", "a"), ("c", "b")):
            add(unit, id, before)
        found = [unit.articles.last_version(id) for id in "abc"]
        assert [one and one.id for one in found] == ["c", "c", "c"]
        assert [unit.articles.superseded_by(id) for id in "abc"] == ["b", "c", None]
        assert [article.id for article in unit.articles.current_at([URL, "https://x.example/"])] == ["c"]
        assert [article.id for article in unit.articles.titled(["A title"])] == ["c"]
        assert unit.articles.last_version("none") is None


def test_pages_that_were_not_read_and_duplicates_are_no_versions(ledger: SqlLedger) -> None:
    with ledger.write() as unit:
        add(unit, "a")
        add(unit, "unread", "a", text=None)
        add(unit, "same", "a")
        settle(unit, "same", "duplicate")
        last = unit.articles.last_version("a")
        assert last
        assert last.id == "a"
        assert unit.articles.unread_version("a") == "unread"


def test_earlier_versions_reach_to_the_one_that_is_superseded_already(ledger: SqlLedger) -> None:
    with ledger.write() as unit:
        for id, before in (("a", None), ("b", "a"), ("c", "b"), ("d", "c"), ("e", "d")):
            add(unit, id, before)
        unit.articles.supersede(["b", "a"])
        unit.articles.retract("d", "wrong")
        assert unit.articles.earlier_versions("e") == ["c"]
        assert unit.articles.earlier_versions("a") == []


def test_a_superseded_article_is_neither_claimed_nor_queued_again(ledger: SqlLedger) -> None:
    with ledger.write() as unit:
        add(unit, "a")
        add(unit, "b")
        unit.articles.claim("a", "worker", NOON, 6)
        unit.articles.retract("b", "wrong")
        unit.articles.supersede(["a", "b"])
        assert not unit.articles.finish("a", "worker", "coded", None, None)
        assert unit.articles.claim("a", "worker", NOON, 6) is None
        assert not unit.articles.requeue("a")
        found = unit.articles.get("b")
        assert found
        assert found.status == "retracted"


def test_of_eight_versions_stored_at_once_each_supersedes_the_one_before(
    ledger: SqlLedger, ledger_url: str, tmp_path: Path
) -> None:
    container = Container(Settings(data_dir=tmp_path, database_url=ledger_url))
    texts = [
        f"The minister met {name} on Tuesday in the capital." for name in "Ada Bob Cat Dan Eve Fay Gus Hal".split()
    ]

    def submit(i: int) -> str:
        return container.ingest.submit(ArticleDraft("agency", text=texts[i], url=URL), ring=False).article_id

    ids = at_once(submit, 8)

    with ledger.read() as unit:
        found = [unit.articles.get(id) for id in ids]
        before = [one.supersedes for one in found if one]
    assert sorted(before, key=str) == sorted([None, *({*ids} - {last_of(ids, before)})], key=str)
    container.close()


def last_of(ids: list[str], before: list[str | None]) -> str:
    (last,) = set(ids) - set(before)
    return last


PROPOSAL = Proposal("p1", "a1", "n1", "It is retracted.", "open", NOON)


@pytest.fixture
def proposed(ledger: SqlLedger) -> SqlLedger:
    def write(unit: UnitOfWork) -> None:
        for id in ("a1", "n1"):
            add_article(unit, id)
        assert unit.proposals.add(PROPOSAL)

    committed(ledger, write)
    return ledger


def test_a_notice_proposes_the_retraction_of_an_article_once(proposed: SqlLedger) -> None:
    with proposed.write() as unit:
        assert not unit.proposals.add(replace(PROPOSAL, id="p2"))
        assert unit.proposals.add(replace(PROPOSAL, id="p3", notice_id="a1"))
        assert [p.id for p in unit.proposals.list("open", "", 10)] == ["p1", "p3"]
        assert [p.id for p in unit.proposals.list(None, "p1", 10)] == ["p3"]


def test_a_decision_is_kept(proposed: SqlLedger) -> None:
    decided = replace(PROPOSAL, status="dismissed", decided_at=NOON, author="A.", reason="No.")
    committed(proposed, lambda unit: unit.proposals.note(decided))
    with proposed.write() as unit:
        assert unit.proposals.get("p1") == decided
        assert unit.proposals.list("open", "", 10) == []
        assert unit.proposals.get("none") is None

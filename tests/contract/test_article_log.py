"""The ArticleLog port, on SQLite and PostgreSQL."""

from datetime import date, datetime, timedelta, timezone

import pytest
from sqlalchemy.exc import StatementError

from entente.services.articles import Article, ArticleDraft, Coding
from entente.storage.ledger import SqlLedger
from tests.contract.helpers import NOON, add_article, at_once, committed

LEASE = 6.0


def claim(ledger: SqlLedger, id: str, owner: str = "worker-1", now: datetime = NOON) -> Article | None:
    return committed(ledger, lambda unit: unit.articles.claim(id, owner, now, LEASE))


def state(ledger: SqlLedger, id: str) -> tuple[str, int, str | None]:
    with ledger.read() as unit:
        article = unit.articles.get(id)
    assert article
    return article.status, article.attempts, article.reason


@pytest.fixture
def article_id(ledger: SqlLedger) -> str:
    return committed(ledger, add_article).id


def test_an_article_comes_back_as_it_went_in(ledger: SqlLedger) -> None:
    moscow = timezone(timedelta(hours=3))
    draft = ArticleDraft(
        "agency",
        text="Text with “quotes”, 漢字 and\nlines.",
        url="https://news.example/1",
        title="Title",
        language="en",
        published_at=datetime(2025, 7, 3, 1, 30, 0, 123456, moscow),
    )
    committed(ledger, lambda unit: unit.articles.add(draft, "hash", "a1", NOON))
    with ledger.read() as unit:
        article = unit.articles.get("a1")
    assert article == Article(
        id="a1",
        publisher="agency",
        url=draft.url,
        title=draft.title,
        text=draft.text,
        language="en",
        published_at=draft.published_at,
        published_on=date(2025, 7, 3),
        received_at=NOON,
        content_hash="hash",
        status="pending",
    )
    assert article.published_at is not None
    assert article.published_at.utcoffset() == timedelta(0)


def test_a_time_without_a_zone_is_refused(ledger: SqlLedger) -> None:
    with ledger.write() as unit, pytest.raises(StatementError, match="no time zone"):
        unit.articles.add(ArticleDraft("agency", text="x"), "hash", "a1", NOON.replace(tzinfo=None))


def test_an_unknown_article_is_none(ledger: SqlLedger) -> None:
    with ledger.read() as unit:
        assert unit.articles.get("nowhere") is None


def test_eight_submitters_of_one_content_get_the_same_id_and_one_of_them_made_it(ledger: SqlLedger) -> None:
    def submit(i: int) -> tuple[str, bool]:
        draft = ArticleDraft("agency", text="The same text.")
        return committed(ledger, lambda unit: unit.articles.add(draft, "same", f"a{i}", NOON))

    answers = at_once(submit, 8)
    assert len({id for id, _ in answers}) == 1
    assert [created for _, created in answers].count(True) == 1


def test_one_of_eight_claimants_gets_the_article(ledger: SqlLedger, article_id: str) -> None:
    claims = at_once(lambda i: claim(ledger, article_id, f"worker-{i}"), 8)
    won = [article for article in claims if article]
    assert [(article.status, article.attempts) for article in won] == [("coding", 1)]


def test_a_claimed_article_can_be_claimed_again_only_when_its_lease_ran_out(ledger: SqlLedger, article_id: str) -> None:
    claim(ledger, article_id)
    assert claim(ledger, article_id, "worker-2", NOON + timedelta(seconds=LEASE)) is None
    again = claim(ledger, article_id, "worker-2", NOON + timedelta(seconds=LEASE + 0.001))
    assert again
    assert again.attempts == 2


def test_a_renewed_lease_holds_longer(ledger: SqlLedger, article_id: str) -> None:
    claim(ledger, article_id)
    later = NOON + timedelta(seconds=5)
    assert committed(ledger, lambda unit: unit.articles.renew(article_id, "worker-1", later, LEASE))
    assert claim(ledger, article_id, "worker-2", NOON + timedelta(seconds=10)) is None


def test_a_lost_lease_can_be_neither_renewed_nor_released_nor_finished(ledger: SqlLedger, article_id: str) -> None:
    claim(ledger, article_id)
    later = NOON + timedelta(seconds=20)
    claim(ledger, article_id, "worker-2", later)
    with ledger.write() as unit:
        assert not unit.articles.renew(article_id, "worker-1", later, LEASE)
        assert not unit.articles.release(article_id, "worker-1", "gave up", None)
        assert not unit.articles.finish(article_id, "worker-1", "coded", None, None)
        unit.commit()
    assert state(ledger, article_id) == ("coding", 2, None)


def test_a_finished_article_keeps_what_the_coder_said_and_is_nobodys_any_more(
    ledger: SqlLedger, article_id: str
) -> None:
    claim(ledger, article_id)
    coding = Coding("en", "coder-1", (), "no_events", truncated=True)
    assert committed(
        ledger, lambda unit: unit.articles.finish(article_id, "worker-1", "no_events", coding.reason, coding)
    )
    with ledger.read() as unit:
        article = unit.articles.get(article_id)
    assert article
    assert (article.status, article.reason) == ("no_events", "no_events")
    assert (article.language, article.coder_version, article.truncated) == ("en", "coder-1", True)
    assert claim(ledger, article_id, now=NOON + timedelta(days=1)) is None
    assert not committed(ledger, lambda unit: unit.articles.finish(article_id, "worker-1", "coded", None, None))


def test_a_released_article_waits_for_its_next_attempt(ledger: SqlLedger, article_id: str) -> None:
    claim(ledger, article_id)
    pause = NOON + timedelta(seconds=30)
    assert committed(ledger, lambda unit: unit.articles.release(article_id, "worker-1", "timeout", pause))
    assert state(ledger, article_id) == ("pending", 1, "timeout")
    before, after = pause - timedelta(seconds=1), pause
    with ledger.read() as unit:
        assert unit.articles.due(before, before, 10) == []
        assert unit.articles.due(after, after, 10) == [article_id]
    assert claim(ledger, article_id, now=before) is None
    assert claim(ledger, article_id, now=after)


def test_what_is_due_is_old_pending_work_and_expired_leases_oldest_first(ledger: SqlLedger) -> None:
    with ledger.write() as unit:
        for age, id in ((5, "young"), (30, "held"), (40, "dropped"), (50, "old"), (60, "done")):
            add_article(unit, id, received_at=NOON - timedelta(seconds=age))
        unit.articles.claim("held", "worker-1", NOON, LEASE)
        unit.articles.claim("dropped", "worker-1", NOON - timedelta(seconds=20), LEASE)
        unit.articles.claim("done", "worker-1", NOON, LEASE)
        unit.articles.finish("done", "worker-1", "coded", None, None)
        unit.commit()
    with ledger.read() as unit:
        assert unit.articles.due(NOON, NOON - timedelta(seconds=10), 10) == ["old", "dropped"]
        assert unit.articles.due(NOON, NOON - timedelta(seconds=10), 1) == ["old"]


def test_an_article_without_a_text_is_claimed_and_due_apart_from_the_others(ledger: SqlLedger) -> None:
    long_ago = NOON - timedelta(minutes=1)
    with ledger.write() as unit:
        add_article(unit, "text", received_at=long_ago)
        unit.articles.add(ArticleDraft("agency", url="https://news.example/1"), "hash", "address", long_ago)
        unit.commit()
    with ledger.read() as unit:
        assert unit.articles.due(NOON, NOON, 10, with_text=True) == ["text"]
        assert unit.articles.due(NOON, NOON, 10, with_text=False) == ["address"]
    with ledger.write() as unit:
        assert unit.articles.claim("address", "worker-1", NOON, LEASE) is None
        assert unit.articles.claim("text", "worker-1", NOON, LEASE, with_text=False) is None
        assert unit.articles.claim("address", "worker-1", NOON, LEASE, with_text=False)
        page = ArticleDraft("agency", text="A text.", url="https://news.example/1")
        assert unit.articles.fill("address", "worker-1", page, "another hash") == "address"
        unit.commit()
    assert state(ledger, "address") == ("pending", 0, None)
    assert claim(ledger, "address")


def test_an_article_that_killed_its_workers_is_quarantined_and_others_are_not(ledger: SqlLedger) -> None:
    with ledger.write() as unit:
        for id in ("poison", "unlucky", "busy"):
            add_article(unit, id)
        for attempt in range(3):
            unit.articles.claim("poison", "worker-1", NOON + timedelta(minutes=attempt), LEASE)
        unit.articles.claim("unlucky", "worker-1", NOON, LEASE)
        for attempt in range(3):
            unit.articles.claim("busy", "worker-1", NOON + timedelta(minutes=attempt), 600 if attempt == 2 else LEASE)
        unit.commit()
    now = NOON + timedelta(minutes=5)
    assert committed(ledger, lambda unit: unit.articles.quarantine_spent(now, 3)) == ["poison"]
    assert state(ledger, "poison")[0] == "quarantined"
    assert state(ledger, "unlucky")[0] == "coding"
    assert state(ledger, "busy")[0] == "coding"


def test_a_requeued_article_starts_afresh(ledger: SqlLedger, article_id: str) -> None:
    assert not committed(ledger, lambda unit: unit.articles.requeue(article_id)), "it is pending already"
    claim(ledger, article_id)
    assert not committed(ledger, lambda unit: unit.articles.requeue(article_id)), "a worker has it"
    committed(ledger, lambda unit: unit.articles.finish(article_id, "worker-1", "failed", "broke", None))
    assert committed(ledger, lambda unit: unit.articles.requeue(article_id))
    assert state(ledger, article_id) == ("pending", 0, None)
    assert claim(ledger, article_id)

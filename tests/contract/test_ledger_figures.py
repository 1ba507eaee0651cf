"""LedgerFigures on both databases: what waits, what is behind, and how fresh the feeds are."""

from datetime import timedelta

from entente.services.articles import ArticleDraft
from entente.services.ports.feeds import Feed
from entente.services.ports.figures import COUNTED
from entente.services.ports.subscriptions import Delivery, Subscription
from entente.services.ports.wants import Wants
from entente.storage.ledger import SqlLedger
from tests.conftest import ChosenClock


def test_an_empty_ledger_has_nothing_that_waits(ledger: SqlLedger, clock: ChosenClock) -> None:
    with ledger.read() as unit:
        figures = unit.figures.read(clock.now())
    assert figures.articles == dict.fromkeys(COUNTED, 0)
    assert (figures.oldest_pending_at, figures.oldest_delivery_at, figures.oldest_dirty_at) == (None, None, None)
    assert (figures.last_change, figures.deliveries, figures.dirty) == (0, 0, 0)
    assert (figures.behind, figures.feeds) == ({}, [])


def test_the_oldest_due_article_is_told_and_not_one_that_is_put_off(ledger: SqlLedger, clock: ChosenClock) -> None:
    with ledger.write() as unit:
        for number in range(3):
            received = clock.now() + timedelta(minutes=number)
            unit.articles.add(ArticleDraft("Wire", text=f"Text {number}."), f"hash{number}", f"a{number}", received)
        unit.articles.delay("a0", clock.now() + timedelta(days=1))
        unit.articles.claim("a2", "worker", clock.now() + timedelta(hours=1), 6)
        unit.commit()
    now = clock.now() + timedelta(hours=1)
    with ledger.read() as unit:
        figures = unit.figures.read(now)
        later = unit.figures.read(now + timedelta(days=2))
    assert (figures.articles["pending"], figures.articles["coding"]) == (2, 1)
    assert figures.oldest_pending_at == clock.now() + timedelta(minutes=1)
    assert later.oldest_pending_at == clock.now()


def test_deliveries_and_lag_count_active_subscriptions_only(ledger: SqlLedger, clock: ChosenClock) -> None:
    now = clock.now()
    with ledger.write() as unit:
        for id, active in (("on", True), ("off", False)):
            unit.subscriptions.add(Subscription(id, "https://s.example", "whsec_x", Wants(), active, now, 0))
            unit.subscriptions.prepare([Delivery(f"d-{id}", id, 1, "pending", (), now, now)])
        unit.commit()
    with ledger.read() as unit:
        figures = unit.figures.read(now)
    assert figures.deliveries == 1
    assert figures.oldest_delivery_at == now
    assert figures.behind == {"on": 0}


def test_stopped_feeds_are_left_out(ledger: SqlLedger, clock: ChosenClock) -> None:
    now = clock.now()
    with ledger.write() as unit:
        unit.feeds.add(Feed("f1", "https://f.example/1", None, 900, True, now, now))
        unit.feeds.add(Feed("f2", "https://f.example/2", None, 900, False, now, now))
        unit.commit()
    with ledger.read() as unit:
        (feed,) = unit.figures.read(now).feeds
    assert (feed.id, feed.failures, feed.next_poll_at, feed.last_new_at) == ("f1", 0, now, None)

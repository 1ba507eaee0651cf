"""The SubscriptionBook port, on SQLite and PostgreSQL: which deliveries are due, and how they are claimed."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from entente.services.ports.subscriptions import EMAIL, SLACK, Delivery, Subscription, Timing
from entente.services.ports.wants import Wants
from entente.storage.ledger import SqlLedger
from tests.contract.helpers import NOON, at_once

LEASE = timedelta(seconds=60)


def subscription(id: str, failing_since: datetime | None = None) -> Subscription:
    return Subscription(id, f"https://{id}.example/", "whsec_x", Wants(), True, NOON, 0, None, failing_since)


@pytest.fixture
def book(ledger: SqlLedger) -> SqlLedger:
    """A healthy and a failing subscription with ten due deliveries each, of the changes 1 to 10."""
    with ledger.write() as unit:
        for one in (subscription("good"), subscription("failing", NOON)):
            unit.subscriptions.add(one)
            due = [Delivery(f"{one.id}-{n:02}", one.id, n, "pending", (), NOON, NOON) for n in range(1, 11)]
            unit.subscriptions.prepare(due)
        unit.commit()
    return ledger


def due(ledger: SqlLedger, now: datetime = NOON, limit: int = 100) -> list[str]:
    with ledger.read() as unit:
        return sorted(unit.subscriptions.due(now, limit, 4, 2))


def claim(ledger: SqlLedger, *ids: str, now: datetime = NOON) -> list[str]:
    with ledger.write() as unit:
        claimed = [unit.subscriptions.claim(id, now, now + LEASE) for id in ids]
        unit.commit()
    return [delivery.id for delivery in claimed if delivery]


def test_of_each_subscription_the_oldest_are_due_fewer_of_a_failing_one(book: SqlLedger) -> None:
    assert due(book) == ["failing-01", "failing-02", "good-01", "good-02", "good-03", "good-04"]
    assert due(book, limit=3) == ["failing-01", "failing-02", "good-01"]
    assert due(book, NOON - timedelta(seconds=1)) == []


def test_what_is_claimed_uses_up_a_place_until_its_claim_has_run_out(book: SqlLedger) -> None:
    assert claim(book, "good-01", "good-07", "failing-01", "failing-09") == [
        "good-01", "good-07", "failing-01", "failing-09",
    ]  # fmt: skip
    assert due(book) == ["good-02", "good-03"]
    assert due(book, NOON + 2 * LEASE) == ["failing-01", "failing-02", "good-01", "good-02", "good-03", "good-04"]


def test_a_subscription_is_forgotten_with_its_deliveries_a_part_at_a_time(book: SqlLedger) -> None:
    forgotten = []
    for _ in range(3):
        with book.write() as unit:
            forgotten.append((unit.subscriptions.forget("good", 5), unit.subscriptions.get("good") is not None))
            unit.commit()
    assert forgotten == [(5, True), (5, True), (0, False)]
    assert due(book) == ["failing-01", "failing-02"]


def test_a_stopped_subscription_has_nothing_due(book: SqlLedger) -> None:
    with book.write() as unit:
        unit.subscriptions.note(replace(subscription("good"), active=False))
        unit.commit()
    assert due(book) == ["failing-01", "failing-02"]


def test_the_next_delivery_is_the_first_above_a_change_that_is_due_and_not_claimed(book: SqlLedger) -> None:
    claim(book, "good-04")
    with book.write() as unit:
        later = Delivery("good-05", "good", 5, "pending", (), NOON, NOON + timedelta(hours=1))
        unit.subscriptions.settle(later)
        unit.commit()
    with book.write() as unit:
        assert unit.subscriptions.next_due("good", 3, NOON) == "good-06"
        assert unit.subscriptions.next_due("good", 10, NOON) is None
        assert unit.subscriptions.next_due("failing", 0, NOON) == "failing-01"


def test_workers_that_go_on_at_once_each_get_another_delivery(book: SqlLedger) -> None:
    def go_on(_: int) -> str | None:
        with book.write() as unit:
            following = unit.subscriptions.next_due("good", 0, NOON)
            claimed = unit.subscriptions.claim(following, NOON, NOON + LEASE) if following else None
            unit.commit()
        return claimed.id if claimed else None

    assert sorted(map(str, at_once(go_on, 4))) == ["good-01", "good-02", "good-03", "good-04"]


def test_a_subscription_is_read_as_it_was_stored(ledger: SqlLedger) -> None:
    timing = Timing(60, "22:00", "07:00", "Europe/Berlin")
    wanted = Wants(["AFG"], (("AFG", "RUS"),), ["mission"], ["closed"], historic=True)
    stored = replace(subscription("mail"), kind=EMAIL, format=SLACK, timing=timing, wants=wanted)
    with ledger.write() as unit:
        unit.subscriptions.add(stored)
        unit.commit()
    with ledger.read() as unit:
        assert unit.subscriptions.get("mail") == stored


@pytest.fixture
def grouped(ledger: SqlLedger) -> SqlLedger:
    """A subscription with two due messages of three changes each."""
    with ledger.write() as unit:
        unit.subscriptions.add(subscription("good"))
        for hour in (0, 1):
            of = NOON - timedelta(hours=hour)
            numbers = range(1 + 3 * hour, 4 + 3 * hour)
            due = [Delivery(f"good-{n}", "good", n, "pending", (), NOON, of, of) for n in numbers]
            unit.subscriptions.prepare(due)
        unit.commit()
    return ledger


def claim_message(ledger: SqlLedger, id: str, limit: int = 10) -> list[str]:
    with ledger.write() as unit:
        unit.subscriptions.lock("good")
        first = unit.subscriptions.claim(id, NOON, NOON + LEASE)
        rest = unit.subscriptions.claim_rest(first, NOON, NOON + LEASE, limit) if first else []
        unit.commit()
    return [delivery.id for delivery in rest]


def test_the_rest_of_a_message_is_claimed_with_one_of_it(grouped: SqlLedger) -> None:
    assert claim_message(grouped, "good-2", limit=1) == ["good-1"]
    assert claim_message(grouped, "good-4") == ["good-5", "good-6"]
    assert claim_message(grouped, "good-5") == []
    assert claim_message(grouped, "good-3") == []


def test_of_workers_at_once_one_gets_the_message_whole(grouped: SqlLedger) -> None:
    got = at_once(lambda n: claim_message(grouped, f"good-{n + 1}"), 3)
    assert sorted(map(len, got)) == [0, 0, 2]

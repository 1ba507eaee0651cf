"""Helpers of the contract tests: articles and mentions in the ledger, and calls run at the same time."""

import itertools
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import TypeVar

from entente.relations.dyads import Dyad
from entente.relations.events import CodedEvent, Event
from entente.relations.states import Interval
from entente.services.articles import Article, ArticleDraft
from entente.services.ports.derived import Derived
from entente.services.ports.ledger import UnitOfWork
from entente.storage.ledger import SqlLedger

T = TypeVar("T")

AFG_RUS = Dyad("AFG", "RUS")
NOON = datetime(2025, 7, 4, 12, tzinfo=UTC)

_numbers = itertools.count(1)


def at_once(work: Callable[[int], T], n: int) -> list[T]:
    """What `work(0)` … `work(n - 1)` return, all started at the same moment in threads of their own."""
    start = threading.Barrier(n)

    def run(i: int) -> T:
        start.wait()
        return work(i)

    with ThreadPoolExecutor(n) as pool:
        return list(pool.map(run, range(n)))


def add_article(
    unit: UnitOfWork, id: str | None = None, *, received_at: datetime = NOON, publisher: str = "agency"
) -> Article:
    """A pending article of its own content."""
    id = id or f"article-{next(_numbers):05}"
    draft = ArticleDraft(publisher, text=f"Text of {id}.", published_at=received_at)
    unit.articles.add(draft, f"hash of {id}", id, received_at)
    article = unit.articles.get(id)
    assert article
    return article


def report(
    unit: UnitOfWork,
    events: Sequence[CodedEvent],
    *,
    at: datetime = NOON,
    publisher: str = "agency",
    coder: str = "test-1",
) -> Article:
    """An article that reports these events."""
    article = add_article(unit, received_at=at, publisher=publisher)
    unit.mentions.record(article, events, coder, at)
    return article


def committed(ledger: SqlLedger, work: Callable[[UnitOfWork], T]) -> T:
    """What `work` returns, done in a unit of work that is committed."""
    with ledger.write() as unit:
        result = work(unit)
        unit.commit()
    return result


def replace_events(unit: UnitOfWork, dyad: Dyad, events: Sequence[Event]) -> None:
    """Make a dyad's events these, and leave the rest of what is derived of it."""
    unit.derived_writes.replace_events(dyad, events)


def replace_states(unit: UnitOfWork, dyad: Dyad, intervals: Sequence[Interval]) -> None:
    """Make a dyad's intervals these, and leave the rest of what is derived of it."""
    unit.derived_writes.replace_all(dyad, Derived(intervals, unit.derived.tallies(dyad)))
    unit.dyads.note_derived([dyad], "test-1")

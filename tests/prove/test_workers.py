"""Promises 13 and 14 (docs/promises.md) with figures: articles of killed workers, and one that kills its workers."""

import os
import signal
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from entente.bootstrap.container import Container
from entente.bootstrap.settings import Settings
from entente.services.articles import ArticleDraft
from entente.services.ingesting.leases import MAX_ATTEMPTS
from tests.integration.test_stack import LONG_TEXT, RECOGNITION
from tests.processes import family, parent, until
from tests.prove.figures import record, size
from tests.running_stack import up

pytestmark = pytest.mark.prove

#: How often each way of dying is tried.
TIMES, ALL_TIMES = size("ENTENTE_PROVE_TIMES", 1, 5), 5


@pytest.fixture
def stack(tmp_path: Path) -> Iterator[tuple[Container, int]]:
    """The services of a running stack, and its supervisor."""
    with up(tmp_path) as (process, _):
        container = Container(Settings(tmp_path, f"sqlite:///{tmp_path}/entente.db", redis_url=_redis(tmp_path)))
        yield container, process.pid
        container.close()


def _redis(data_dir: Path) -> str:
    from entente.bootstrap import running

    found = running.find(data_dir)
    assert found
    return found.redis_url


def submit(container: Container, text: str) -> str:
    return container.ingest.submit(ArticleDraft("Test Wire", text=text, language="en")).article_id


def row(container: Container, article_id: str) -> tuple[str, int, int | None]:
    """An article's status, its attempts, and the process that has it."""
    with sqlite3.connect(container.settings.data_dir / "entente.db") as ledger:
        asked = "SELECT status, attempts, lease_owner FROM articles WHERE id = ?"
        status, attempts, owner = ledger.execute(asked, (article_id,)).fetchone()
    return status, attempts, int(owner.split(":")[-2]) if owner else None


def holder(container: Container, article_id: str, attempt: int) -> int | None:
    status, attempts, pid = row(container, article_id)
    return pid if status == "coding" and attempts == attempt else None


@pytest.mark.parametrize(("whose", "aim"), [("pool process", 10), ("whole worker", 60)])
def test_a_killed_workers_article_is_taken_up_again_in_time(
    stack: tuple[Container, int], whose: str, aim: float
) -> None:
    container, _ = stack
    taken = []
    for n in range(TIMES):
        article_id = submit(container, f"Report {n}. {LONG_TEXT}")
        child = until(lambda article=article_id: holder(container, article, 1), seconds=60)
        dying = [child] if whose == "pool process" else sorted(family(parent(child)))
        for pid in dying:
            os.kill(pid, signal.SIGKILL)
        died = time.monotonic()
        until(lambda article=article_id: holder(container, article, 2), seconds=2 * aim)
        taken.append(time.monotonic() - died)
        until(lambda article=article_id: row(container, article)[0] not in ("pending", "coding"), seconds=120)
    assert record(
        "13",
        f"the article of a killed {whose} is taken up again",
        figure=f"killed {TIMES} times: after {', '.join(f'{seconds:.1f}' for seconds in taken)} s",
        aim=f"≤ {aim} s",
        held=max(taken) <= aim,
        full=TIMES >= ALL_TIMES,
    )


def test_an_article_that_kills_its_workers_is_put_aside_and_others_are_not(stack: tuple[Container, int]) -> None:
    container, _ = stack
    poison = submit(container, LONG_TEXT)
    others = [submit(container, f"Report {n}. {RECOGNITION}") for n in range(50)]
    for attempt in range(1, MAX_ATTEMPTS + 1):
        os.kill(until(lambda n=attempt: holder(container, poison, n), seconds=60), signal.SIGKILL)
    until(lambda: row(container, poison)[0] == "quarantined", seconds=60)
    until(lambda: {row(container, id)[0] for id in others} == {"coded"}, seconds=120)
    attempts = [row(container, id)[1] for id in others]
    assert record(
        "14",
        "a text that kills its workers is quarantined, and no other is",
        figure=f"quarantined at attempt {row(container, poison)[1]}; {len(others)} others coded at attempt "
        f"{max(attempts)} at most",
        aim=f"{MAX_ATTEMPTS} attempts; others unharmed",
        held=row(container, poison)[1] == MAX_ATTEMPTS and max(attempts) == 1,
        full=True,
    )
    container.corrections.recode(poison)
    until(lambda: row(container, poison)[0] == "coded", seconds=120)

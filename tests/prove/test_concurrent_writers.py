"""Promises 6, 11 and 12 (docs/promises.md) with figures: stale writers, many writers of SQLite, and kill -9 of them."""

import itertools
import multiprocessing
import multiprocessing.pool
import os
import random
import signal
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import date
from multiprocessing.connection import Connection

import pytest
from sqlalchemy import make_url

from entente.services.ports.cache import CachedRelation
from entente.storage.cache.redis_cache import RedisStateCache
from entente.storage.ledger import SqlLedger
from tests.contract.helpers import add_article, at_once, committed
from tests.prove.figures import percentile, record, size

pytestmark = pytest.mark.prove

WRITERS = 16
READERS = 2
TODAY = date(2025, 7, 4)

PUTS, ALL_PUTS = size("ENTENTE_PROVE_PUTS", 8_000, 100_000), 100_000
COMMITS, ALL_COMMITS = size("ENTENTE_PROVE_COMMITS", 100, 10_000), 10_000
#: The aim names no number of kills; this is what "full" means here.
KILLS, ALL_KILLS = size("ENTENTE_PROVE_COMMIT_KILLS", 30, 1_000), 1_000
KILLED_WRITERS = 4

_FORK = multiprocessing.get_context("fork")


def test_no_stale_writer_wins_beside_readers(redis_url: str, cache: RedisStateCache) -> None:
    versions = itertools.count(1)
    done = threading.Event()
    backwards = reads = 0

    def version(own: RedisStateCache) -> int:
        found = own.get("RUS", "AFG", TODAY)
        return found.version if found else 0

    def read() -> None:
        nonlocal backwards, reads
        own, last = RedisStateCache(redis_url), 0
        while not done.is_set():
            now = version(own)
            backwards += now < last
            reads += 1
            last = now
        own.close()

    def write(i: int) -> int:
        own, pauses, beaten = RedisStateCache(redis_url), random.Random(i), 0
        for _ in range(PUTS // WRITERS):
            mine = next(versions)
            time.sleep(pauses.choice((0, 0, 0.001, 0.01)))
            own.put("RUS", "AFG", TODAY, CachedRelation(f'{{"version": {mine}}}'.encode(), mine))
            beaten += version(own) < mine
        own.close()
        return beaten

    readers = [threading.Thread(target=read) for _ in range(READERS)]
    for reader in readers:
        reader.start()
    try:
        beaten = sum(at_once(write, WRITERS))
    finally:
        done.set()
        for reader in readers:
            reader.join()
    made = PUTS // WRITERS * WRITERS
    held = version(cache) == made and beaten == backwards == 0
    assert reads > 100, "the readers saw too little to prove anything"
    assert record(
        "6",
        "a stale writer never wins",
        figure=f"{WRITERS} writers with pauses: {beaten + backwards} of {made:,} writes lost to an older version; "
        f"{reads:,} reads by {READERS} readers beside them",
        aim="0 of 100,000",
        held=held,
        full=PUTS >= ALL_PUTS,
    )


def write_on(url: str, name: str, limit: int | None, told: Connection) -> None:
    """Commit an article after the other and tell its id and seconds, or the error; runs in a process of its own."""
    ledger = SqlLedger(url)
    for number in itertools.islice(itertools.count(), limit):
        id, begun = f"{name}-{number}", time.perf_counter()
        try:
            committed(ledger, lambda unit, id=id: add_article(unit, id))
        except Exception as error:
            told.send((repr(error), -1.0))
        else:
            told.send((id, time.perf_counter() - begun))
    ledger.close()


def start(url: str, name: str, limit: int | None = None) -> tuple[multiprocessing.process.BaseProcess, Connection]:
    """A process that writes, and where it tells of it."""
    here, there = _FORK.Pipe(duplex=False)
    process = _FORK.Process(target=write_on, args=(url, name, limit, there))
    process.start()
    there.close()
    return process, here


def told_by(connection: Connection) -> Iterator[tuple[str, float]]:
    """What a writer told until it ended."""
    while True:
        try:
            yield connection.recv()
        except (EOFError, OSError):
            return


@contextmanager
def reading(url: str) -> Iterator[Callable[[], tuple[int, list[str]]]]:
    """Another process's reads meanwhile; the function ends them and gives their number and their errors."""
    here, there = _FORK.Pipe()

    def read(told: Connection) -> None:
        ledger, reads, errors = SqlLedger(url), 0, []
        while not told.poll(0.001):
            try:
                with ledger.read() as unit:
                    unit.articles.unfinished(10)
                reads += 1
            except Exception as error:
                errors.append(repr(error))
        told.send((reads, errors))
        ledger.close()

    process = _FORK.Process(target=read, args=(there,))
    process.start()
    there.close()

    def end() -> tuple[int, list[str]]:
        here.send("end")
        found: tuple[int, list[str]] = here.recv()
        return found

    try:
        yield end
    finally:
        here.close()
        process.kill()
        process.join()


def integrity(url: str) -> str:
    """What `PRAGMA integrity_check` says: "ok"."""
    with closing(sqlite3.connect(make_url(url).database or "")) as connection:
        return "; ".join(row[0] for row in connection.execute("PRAGMA integrity_check"))


def stored(url: str) -> set[str]:
    """The ids of every article of the ledger."""
    with closing(sqlite3.connect(make_url(url).database or "")) as connection:
        return {row[0] for row in connection.execute("SELECT id FROM articles")}


def test_sqlite_holds_sixteen_writing_processes_and_a_reader(sqlite_url: str) -> None:
    with reading(sqlite_url) as reads_ended:
        begun = time.monotonic()
        writers = [start(sqlite_url, f"w{n}", COMMITS) for n in range(WRITERS)]
        with multiprocessing.pool.ThreadPool(WRITERS) as pool:
            told = pool.map(lambda writer: list(told_by(writer[1])), writers)
        for process, connection in writers:
            process.join()
            connection.close()
        seconds = time.monotonic() - begun
        reads, read_errors = reads_ended()
    waits = [took for some in told for _, took in some if took >= 0]
    errors = [what for some in told for what, took in some if took < 0] + read_errors
    checked, kept = integrity(sqlite_url), len(stored(sqlite_url))
    made = WRITERS * COMMITS
    assert record(
        "11",
        "SQLite holds many writers",
        figure=f"{WRITERS} processes, {COMMITS:,} commits each: {len(errors)} refused, {kept:,} of {made:,} stored; "
        f"{made / seconds:,.0f} a second, 99th percentile {1000 * percentile(waits, 0.99):.0f} ms; "
        f"{reads:,} reads beside them; integrity_check {checked}",
        aim="0 locked, integrity_check ok; 10,000 commits each",
        held=not errors and checked == "ok" and kept == made,
        full=COMMITS >= ALL_COMMITS,
    ), errors[:5]


def test_no_acknowledged_commit_is_lost_when_its_writer_is_killed(sqlite_url: str) -> None:
    chance, acknowledged, broken = random.Random(12), set[str](), list[str]()
    with reading(sqlite_url) as reads_ended:
        # One writer is never killed: the others must not take it with them.
        spared, spared_told = start(sqlite_url, "spared")
        unread = threading.Thread(target=lambda: acknowledged.update(id for id, _ in told_by(spared_told)))
        unread.start()
        killed = 0
        while killed < KILLS:
            writers = [start(sqlite_url, f"k{killed}-{n}") for n in range(KILLED_WRITERS)]
            found = [connection.recv() for _, connection in writers]
            time.sleep(chance.random() * 0.2)
            for process, connection in writers:
                os.kill(process.pid or 0, signal.SIGKILL)
                process.join()
                found += told_by(connection)
                connection.close()
            killed += len(writers)
            broken += [what for what, took in found if took < 0]
            acknowledged.update(id for id, took in found if took >= 0)
            if (said := integrity(sqlite_url)) != "ok":
                broken.append(said)
        spared.kill()
        spared.join()
        unread.join()
        reads, errors = reads_ended()
    lost = acknowledged - stored(sqlite_url)
    assert record(
        "12",
        "a crash in the middle of a write loses nothing acknowledged",
        figure=f"{killed:,} writers killed with -9 while they committed, {KILLED_WRITERS} at once: {len(lost)} of "
        f"{len(acknowledged):,} acknowledged lost, integrity_check failed {len(broken)} times; beside them a writer "
        f"that went on and {reads:,} reads with {len(errors)} errors",
        aim=f"0 lost, 0 corrupt; {ALL_KILLS:,} kills",
        held=not lost and not broken and not errors,
        full=KILLS >= ALL_KILLS,
    ), (broken + errors)[:5]

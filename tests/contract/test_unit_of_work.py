"""The Ledger and UnitOfWork ports, on SQLite and PostgreSQL: transactions, snapshots, outages, forks."""

import itertools
import multiprocessing
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import get_type_hints

import pytest
from sqlalchemy import create_engine, make_url, text

from entente.services.errors import Unavailable
from entente.services.ports.ledger import UnitOfWork
from entente.storage import engine as engine_module
from entente.storage import ledger as ledger_module
from entente.storage.engine import open_engine
from entente.storage.ledger import BOOKS, SqlLedger
from entente.storage.migrate import upgrade
from entente.storage.write_turn import WriteTurn
from tests.contract.helpers import AFG_RUS, add_article, committed


def has(ledger: SqlLedger, id: str) -> bool:
    with ledger.read() as unit:
        return unit.articles.get(id) is not None


def test_every_book_of_the_port_is_open_in_a_unit_of_work() -> None:
    assert set(BOOKS) == set(get_type_hints(UnitOfWork))


def test_what_is_committed_stays(ledger: SqlLedger) -> None:
    ledger.ping()
    committed(ledger, lambda unit: add_article(unit, "a1"))
    assert has(ledger, "a1")


def test_what_is_not_committed_is_rolled_back(ledger: SqlLedger) -> None:
    with ledger.write() as unit:
        add_article(unit, "a1")
    assert not has(ledger, "a1")


def test_what_an_error_interrupts_is_rolled_back(ledger: SqlLedger) -> None:
    def work(unit: UnitOfWork) -> None:
        add_article(unit, "a1")
        raise RuntimeError("the worker broke")

    with pytest.raises(RuntimeError, match="broke"):
        committed(ledger, work)
    assert not has(ledger, "a1")
    committed(ledger, lambda unit: add_article(unit, "a2"))


def test_a_reader_keeps_its_snapshot_and_holds_up_no_writer(ledger: SqlLedger) -> None:
    with ledger.read() as early:
        assert early.articles.get("a1") is None
        committed(ledger, lambda unit: add_article(unit, "a1"))
        assert early.articles.get("a1") is None
        assert has(ledger, "a1")


def test_a_writer_holds_up_no_reader(ledger: SqlLedger) -> None:
    with ledger.write() as unit:
        add_article(unit, "a1")
        assert not has(ledger, "a1")
        unit.commit()
    assert has(ledger, "a1")


def _lock_often(ledger: SqlLedger, times: int) -> None:
    for _ in range(times):
        committed(ledger, lambda unit: unit.dyads.lock([AFG_RUS]))


def test_forked_processes_use_connections_of_their_own(ledger: SqlLedger) -> None:
    _lock_often(ledger, 1)
    fork = multiprocessing.get_context("fork")
    children = [fork.Process(target=_lock_often, args=(ledger, 20)) for _ in range(4)]
    for child in children:
        child.start()
    _lock_often(ledger, 20)
    for child in children:
        child.join(timeout=30)
    assert [child.exitcode for child in children] == [0, 0, 0, 0]
    with ledger.read() as unit:
        assert unit.dyads.version(AFG_RUS) == 1 + 5 * 20


def test_sqlite_keeps_to_the_settings_that_make_it_safe(sqlite_url: str) -> None:
    with open_engine(sqlite_url).connect() as connection:
        values = {
            name: connection.execute(text(f"PRAGMA {name}")).scalar_one()
            for name in ("journal_mode", "synchronous", "busy_timeout", "foreign_keys")
        }
    assert values == {"journal_mode": "wal", "synchronous": 2, "busy_timeout": 30_000, "foreign_keys": 1}


def test_a_sqlite_writer_takes_the_lock_when_it_begins(
    sqlite_url: str, sqlite_ledger: SqlLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine_module, "LOCK_TIMEOUT_MS", 50)
    impatient = SqlLedger(sqlite_url)
    with sqlite_ledger.write(), pytest.raises(Unavailable, match="locked"):
        impatient.write().__enter__()
    committed(impatient, lambda unit: add_article(unit, "a1"))


def test_writers_of_one_process_wait_for_each_other_without_asking(
    sqlite_ledger: SqlLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[float] = []
    monkeypatch.setattr(engine_module.time, "sleep", asked.append)
    with ThreadPoolExecutor(4) as pool:
        with sqlite_ledger.write() as unit:
            waiting = [pool.submit(committed, sqlite_ledger, add_article) for _ in range(4)]
            with pytest.raises(Unavailable, match="locked by another thread"):
                sqlite_ledger.write(wait=False).__enter__()
            assert not any(one.done() for one in waiting)
            add_article(unit)
            unit.commit()
        for one in waiting:
            one.result(timeout=60)
    assert not asked, "SQLite's lock was never found taken"


def test_a_forked_child_does_not_wait_for_a_thread_that_it_has_not() -> None:
    turn = WriteTurn(60)
    turn.take(wait=True)
    child = multiprocessing.get_context("fork").Process(target=turn.take, args=(False,))
    child.start()
    child.join(timeout=30)
    assert child.exitcode == 0


def test_a_database_that_is_not_there_is_unavailable(tmp_path: Path) -> None:
    for url in (
        f"sqlite:///{tmp_path}/no/such/directory/ledger.db",
        f"postgresql://nobody@/nothing?host={tmp_path}",
        "postgresql://nobody@127.0.0.1:1/nothing",
    ):
        ledger = SqlLedger(url)
        with pytest.raises(Unavailable):
            ledger.ping()
        with pytest.raises(Unavailable):
            ledger.write().__enter__()
        with pytest.raises(Unavailable):
            upgrade(url)


def test_a_ledger_that_takes_no_write_is_unavailable(tmp_path: Path, sqlite_url: str, monkeypatch) -> None:
    with pytest.raises(Unavailable, match="at migration none"):
        SqlLedger(f"sqlite:///{tmp_path}/empty.db").ping()

    monkeypatch.setattr(ledger_module, "PING_SECONDS", 0.2)
    ledger = SqlLedger(sqlite_url)
    with ledger.write(), pytest.raises(Unavailable, match="no write within"):
        ledger.ping()
    ledger.ping()


def test_only_the_owner_reads_a_new_ledger(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/own.db"
    upgrade(url)
    ledger = SqlLedger(url)
    ledger.ping()

    modes = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.glob("own.db*")}
    assert modes == dict.fromkeys(("own.db", "own.db-wal", "own.db-shm"), 0o600)
    ledger.close()


def test_a_missing_table_is_a_mistake_and_not_an_outage(tmp_path: Path) -> None:
    ledger = SqlLedger(f"sqlite:///{tmp_path}/empty.db")
    with ledger.read() as unit, pytest.raises(Exception, match="no such table") as caught:
        unit.articles.get("a1")
    assert not isinstance(caught.value, Unavailable)


def _end_other_sessions(url: str) -> None:
    admin = create_engine(make_url(url).set(drivername="postgresql+psycopg"))
    own = "datname = current_database() AND pid <> pg_backend_pid()"
    with admin.begin() as connection:
        connection.execute(text(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {own}"))
    admin.dispose()


def test_a_postgres_that_came_back_is_used_again(postgres_url: str) -> None:
    ledger = SqlLedger(postgres_url)
    ledger.ping()
    _end_other_sessions(postgres_url)
    ledger.ping()
    with ledger.write() as unit:
        _end_other_sessions(postgres_url)
        with pytest.raises(Unavailable):
            unit.articles.get("a1")
    committed(ledger, lambda unit: add_article(unit, "a1"))
    assert has(ledger, "a1")
    ledger.close()


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "mysql://localhost/entente"])
def test_a_database_that_cant_be_a_ledger_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="ledger"):
        SqlLedger(url)


def test_a_postgres_reader_cant_write(postgres_url: str) -> None:
    ledger = SqlLedger(postgres_url)
    with ledger.read() as unit, pytest.raises(Exception, match="read-only"):
        add_article(unit)
    ledger.close()


def test_the_ledger_file_is_whole_after_the_process_that_wrote_it_was_killed(sqlite_url: str) -> None:
    ledger = SqlLedger(sqlite_url)
    fork = multiprocessing.get_context("fork")
    acknowledged = fork.SimpleQueue()

    def write_for_ever() -> None:
        for number in itertools.count():
            committed(ledger, lambda unit, id=f"a{number}": add_article(unit, id))
            acknowledged.put(f"a{number}")

    child = fork.Process(target=write_for_ever)
    child.start()
    kept = [acknowledged.get() for _ in range(30)]
    child.kill()
    child.join()
    while not acknowledged.empty():
        kept.append(acknowledged.get())
    with ledger.read() as unit:
        assert [id for id in kept if unit.articles.get(id) is None] == []
    with sqlite3.connect(make_url(sqlite_url).database or "") as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    connection.close()

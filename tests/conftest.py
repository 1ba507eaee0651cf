"""Shared fixtures: real Redis, SQLite and PostgreSQL, each started once and emptied between tests."""

import gc
import os
import shutil
import subprocess
import tempfile
import time
import uuid
import warnings
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import TypeVar

import pytest
from hypothesis import settings
from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy import create_engine, make_url, text

from entente.bootstrap.embedded_redis import redis_server as redis_server_binary
from entente.storage.cache.redis_cache import RedisStateCache
from entente.storage.engine import for_writing, open_engine
from entente.storage.ledger import SqlLedger
from entente.storage.migrate import upgrade
from entente.storage.tables import metadata

T = TypeVar("T")

# Other work on the machine makes an example slow, but not wrong.
settings.register_profile("entente", deadline=None)
settings.load_profile("entente")

POSTGRES_VARIABLE = "ENTENTE_TEST_POSTGRES_URL"


def pytest_collection_finish() -> None:
    """What was imported and collected stays to the end, so the garbage collector need not go through it again."""
    gc.collect()
    gc.freeze()


class ChosenClock:
    """The Clock port, standing still until it is told to go on."""

    def __init__(self, start: datetime) -> None:
        self._now = start

    def now(self) -> datetime:
        return self._now

    def advance(self, **elapsed: float) -> None:
        """Go on by `days=`, `hours=`, `seconds=` … as of `timedelta`."""
        self._now += timedelta(**elapsed)

    def set(self, now: datetime) -> None:
        self._now = now


@pytest.fixture
def clock() -> ChosenClock:
    """Midday on 4 July 2025, UTC."""
    return ChosenClock(datetime(2025, 7, 4, 12, tzinfo=UTC))


@pytest.fixture(scope="session", autouse=True)
def _no_baseline() -> Iterator[None]:
    """Commands that a test runs know only what it tells them, unless it is about the baseline."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ENTENTE_BASELINE", "off")
        yield


# Redis


@contextmanager
def running_redis() -> Iterator[tuple[str, "subprocess.Popen[bytes]"]]:
    """A Redis of one's own that may be killed: its URL (unix://) and its process."""
    # A socket's path may have some 107 bytes; pytest's tmp_path often has more.
    with tempfile.TemporaryDirectory(prefix="ent", dir="/tmp") as directory:
        socket = Path(directory) / "r.sock"
        settings = ["--port", "0", "--unixsocket", str(socket), "--save", "", "--maxmemory-policy", "noeviction"]
        process = subprocess.Popen([redis_server_binary(), *settings, "--dir", directory], stdout=subprocess.DEVNULL)
        try:
            _wait_for_redis(f"unix://{socket}", process)
            yield f"unix://{socket}", process
        finally:
            process.kill()
            process.wait()


def _wait_for_redis(url: str, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with Redis.from_url(url) as client:
                client.ping()
            return
        except RedisError:
            time.sleep(0.02)
    pytest.fail("Redis did not start")


@pytest.fixture(scope="session")
def redis_server() -> Iterator[str]:
    with running_redis() as (url, _):
        yield url


@pytest.fixture
def redis_url(redis_server: str) -> str:
    """An empty Redis over a Unix socket."""
    with Redis.from_url(redis_server) as client:
        client.flushall()
    return redis_server


@pytest.fixture
def own_redis() -> Callable[[], object]:
    """`with own_redis() as (url, process)`: a Redis to be frozen or killed."""
    return running_redis


@pytest.fixture
def cache(redis_url: str) -> Iterator[RedisStateCache]:
    cache = RedisStateCache(redis_url)
    yield cache
    cache.close()


# SQL


@pytest.fixture(scope="session")
def _sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("ledger") / "template.db"
    upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture
def sqlite_url(_sqlite_template: Path, tmp_path: Path) -> str:
    """A migrated, empty ledger in a file."""
    path = tmp_path / "ledger.db"
    shutil.copyfile(_sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture(scope="session")
def postgres_server(request: pytest.FixtureRequest) -> Iterator[str]:
    """The URL of a PostgreSQL in which databases may be made.

    Its data outlive no crash of the machine, so that it waits for no disk; but `make prove` measures it as it comes.
    """
    given = os.environ.get(POSTGRES_VARIABLE)
    if given:
        yield given
        return
    pgserver = _pgserver()
    with tempfile.TemporaryDirectory(prefix="ent", dir="/tmp") as directory:
        server = pgserver.get_server(f"{directory}/pg", cleanup_mode="stop")
        if request.config.option.markexpr == "not prove":
            for setting in ("fsync", "full_page_writes", "synchronous_commit"):
                server.psql(f"ALTER SYSTEM SET {setting} = off")
            server.psql("SELECT pg_reload_conf()")
        yield server.get_uri()
        server.cleanup()


def _pgserver() -> ModuleType:
    try:
        with warnings.catch_warnings():
            # platformdirs complains of a missing XDG_RUNTIME_DIR while pgserver is imported.
            warnings.simplefilter("ignore")
            import pgserver
    except ImportError:
        missing = f"no PostgreSQL: install pgserver or set {POSTGRES_VARIABLE}"
        if os.environ.get("CI"):
            pytest.fail(missing)
        pytest.skip(missing)
    return pgserver


@pytest.fixture
def postgres_pid(postgres_url: str) -> int:
    """The process of the PostgreSQL server that `postgres_url` is on, to be frozen."""
    if os.environ.get(POSTGRES_VARIABLE):
        pytest.skip("freezes PostgreSQL, which may serve others: needs pgserver's own")
    engine = create_engine(make_url(postgres_url).set(drivername="postgresql+psycopg"))
    with engine.connect() as connection:
        directory = connection.execute(text("SELECT current_setting('data_directory')")).scalar_one()
    engine.dispose()
    return int((Path(directory) / "postmaster.pid").read_text().split()[0])


@pytest.fixture
def postgres_standby() -> Iterator[Callable[[Callable[[str], T]], tuple[str, T]]]:
    """`postgres_standby(prepare)`: a server that `prepare(url)` filled, now a standby; its URL, what `prepare` gave."""
    if os.environ.get(POSTGRES_VARIABLE):
        pytest.skip("makes a standby, for which it needs pgserver")
    pgserver = _pgserver()
    with tempfile.TemporaryDirectory(prefix="ent", dir="/tmp") as directory, ExitStack() as running:

        def standby(prepare: Callable[[str], T]) -> tuple[str, T]:
            first = pgserver.get_server(f"{directory}/pg", cleanup_mode="stop")
            made = prepare(first.get_uri())
            first.cleanup()
            (Path(directory) / "pg" / "standby.signal").touch()
            second = pgserver.get_server(f"{directory}/pg", cleanup_mode="stop")
            running.callback(second.cleanup)
            return second.get_uri(), made

        yield standby


@contextmanager
def _new_database(server: str) -> Iterator[str]:
    """An empty database in that server, dropped afterwards."""
    name = f"entente_test_{uuid.uuid4().hex}"
    engine = create_engine(make_url(server).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
        yield make_url(server).set(drivername="postgresql", database=name).render_as_string(hide_password=False)
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    engine.dispose()


@pytest.fixture
def empty_postgres_url(postgres_server: str) -> Iterator[str]:
    """A PostgreSQL database without any table."""
    with _new_database(postgres_server) as url:
        yield url


@pytest.fixture(scope="session")
def _migrated_postgres(postgres_server: str) -> Iterator[str]:
    with _new_database(postgres_server) as url:
        upgrade(url)
        yield url


_FILLED_TABLES = " UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT FROM {name})" for name in metadata.tables)


def empty_postgres(url: str) -> None:
    """Delete every row of a ledger on PostgreSQL."""
    engine = open_engine(url)
    with for_writing(engine).begin() as connection:
        # TRUNCATE makes new files for every table and index, and few tables hold anything.
        filled = set(connection.scalars(text(_FILLED_TABLES)))
        for table in reversed(metadata.sorted_tables):
            if table.name in filled:
                connection.execute(table.delete())
    engine.dispose()


@pytest.fixture
def postgres_url(_migrated_postgres: str) -> str:
    """A migrated, empty ledger on PostgreSQL."""
    empty_postgres(_migrated_postgres)
    return _migrated_postgres


@pytest.fixture(params=["sqlite", "postgres"])
def ledger_url(request: pytest.FixtureRequest) -> str:
    """A migrated, empty ledger: the test runs once on each database."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
def ledger(ledger_url: str) -> Iterator[SqlLedger]:
    ledger = SqlLedger(ledger_url)
    yield ledger
    ledger.close()


@pytest.fixture
def sqlite_ledger(sqlite_url: str) -> Iterator[SqlLedger]:
    ledger = SqlLedger(sqlite_url)
    yield ledger
    ledger.close()

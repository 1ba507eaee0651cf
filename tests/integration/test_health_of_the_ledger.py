"""/readyz and `entente doctor` tell the truth: a ledger that takes no write, or has other tables, is not ready."""

import os
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from api.app import create_app
from entente.bootstrap.container import Container
from entente.bootstrap.doctor import Finding, examine
from entente.bootstrap.settings import Settings
from entente.storage.engine import for_writing, open_engine
from entente.storage.migrate import upgrade
from tests.conftest import ChosenClock


class Installation:
    """The services on one ledger, with a client whose key may do everything."""

    def __init__(self, url: str, token: str, directory: Path, clock: ChosenClock) -> None:
        self.container = Container(Settings(data_dir=directory, database_url=url), clock)
        self.client: FlaskClient = create_app(self.container).test_client()
        self.client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {token}"

    def finding(self, check: str) -> Finding:
        return next(finding for finding in examine(self.container) if finding.check == check)


def new_token(url: str, directory: Path, clock: ChosenClock) -> str:
    container = Container(Settings(data_dir=directory, database_url=url), clock)
    made = container.keys.add("tests", ["admin"]).token
    container.close()
    return made


@pytest.fixture
def token(ledger_url: str, tmp_path: Path, clock: ChosenClock) -> str:
    return new_token(ledger_url, tmp_path, clock)


def is_read_with_a_key_but_not_ready(there: Installation) -> None:
    assert there.client.get("/v1/changes").status_code == 200
    assert there.client.get("/readyz").status_code == 503
    refused = there.client.post("/v1/articles", json={"text": "Kenya recognised Kosovo."})
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "5")
    assert there.finding("ledger").verdict == "failure"
    there.container.ledger.close()


def test_a_file_that_is_only_read_is_not_ready_but_is_read_with_a_key(
    sqlite_url: str, tmp_path: Path, clock: ChosenClock
) -> None:
    token = new_token(sqlite_url, tmp_path, clock)
    url = f"sqlite:///file:{sqlite_url.removeprefix('sqlite:///')}?mode=ro&uri=true"
    is_read_with_a_key_but_not_ready(Installation(url, token, tmp_path, clock))


def test_a_postgres_standby_is_not_ready_but_is_read_with_a_key(
    postgres_standby: Callable[[Callable[[str], str]], tuple[str, str]], tmp_path: Path, clock: ChosenClock
) -> None:
    def prepare(url: str) -> str:
        upgrade(url)
        return new_token(url, tmp_path, clock)

    url, token = postgres_standby(prepare)
    is_read_with_a_key_but_not_ready(Installation(url, token, tmp_path, clock))


def test_a_read_with_a_key_waits_for_no_writer_and_the_next_one_is_noted(
    ledger_url: str, token: str, tmp_path: Path, clock: ChosenClock
) -> None:
    there = Installation(ledger_url, token, tmp_path, clock)
    with there.container.ledger.write() as unit:
        [key] = unit.keys.list()
        # PostgreSQL locks the row, SQLite has locked the file.
        unit.keys.note_use(key.id, clock.now())
        assert there.client.get("/v1/changes").status_code == 200
    assert [key.last_used_at for key in there.container.keys.list()] == [None]

    assert there.client.get("/v1/changes").status_code == 200
    assert [key.last_used_at for key in there.container.keys.list()] == [clock.now()]
    there.container.ledger.close()


@pytest.mark.parametrize(
    ("version", "ready", "told"),
    [("0001", 503, "can't be migrated"), (None, 503, "can't be migrated"), ("9999", 200, "newer version of Entente")],
)
def test_tables_of_another_version_are_told_and_those_of_an_older_one_are_not_ready(
    ledger_url: str, token: str, tmp_path: Path, clock: ChosenClock, version: str | None, ready: int, told: str
) -> None:
    engine = open_engine(ledger_url)
    there = Installation(ledger_url, token, tmp_path, clock)
    with for_writing(engine).begin() as connection:
        before = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
        connection.execute(text("DELETE FROM alembic_version"))
        if version:
            connection.execute(text("INSERT INTO alembic_version VALUES (:version)"), {"version": version})
    try:
        answer = there.client.get("/readyz")
        assert answer.status_code == ready
        finding = there.finding("ledger")
        assert (finding.verdict, told in finding.detail) == ("failure", True), finding
    finally:
        with for_writing(engine).begin() as connection:
            connection.execute(text("DELETE FROM alembic_version"))
            connection.execute(text("INSERT INTO alembic_version VALUES (:version)"), {"version": before})
        engine.dispose()
    assert there.client.get("/readyz").status_code == 200
    there.container.ledger.close()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the limit on file sizes is Unix's")
def test_a_ledger_on_a_full_disk_is_not_ready(sqlite_url: str, tmp_path: Path) -> None:
    # No file of this process may grow: what a full disk is to SQLite.
    script = textwrap.dedent("""
        import resource
        from pathlib import Path
        from api.app import create_app
        from entente.bootstrap.container import Container
        from entente.bootstrap.settings import Settings
        container = Container(Settings.from_env())
        client = create_app(container).test_client()
        print(client.get("/readyz").status_code)
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
        print(client.get("/readyz").status_code, client.get("/v1/changes").status_code)
    """)
    environment = {**os.environ, "ENTENTE_DATABASE_URL": sqlite_url, "ENTENTE_DATA_DIR": str(tmp_path)}
    environment |= {"ENTENTE_OPEN_READING": "always", "ENTENTE_LOG_LEVEL": "error"}
    done = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.stdout.split("\n")[0] == "200", done.stderr
    assert "503 200" in done.stdout, done.stdout + done.stderr

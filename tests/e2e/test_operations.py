"""The commands of docs/operations.md that need no containers, the proxy's configuration and the log rotation."""

import getpass
import grp
import importlib.util
import json
import os
import re
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
import requests
from sqlalchemy import make_url

from tests.conftest import running_redis
from tests.operations_guide import ROOT, run_commands

BIN = Path(sys.executable).parent
ARTICLE = {
    "title": "Norway recognises Palestine",
    "text": "OSLO, May 28 – Norway recognised Palestine as a state on Tuesday. Israel recalled its envoy from Oslo.",
    "published_at": "2024-05-28",
    "source": "Test Wire",
}


def environment(**more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("ENTENTE_", "REDIS_"))}
    return kept | {"PATH": f"{BIN}:{os.environ['PATH']}"} | more


def entente(cwd: Path, *arguments: str, **more: str) -> str:
    """What the command prints."""
    done = subprocess.run(
        [BIN / "entente", *arguments], cwd=cwd, env=environment(**more), capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def refusal(cwd: Path, *arguments: str) -> str:
    """What the command says as it fails, when the answer to its question is no."""
    command = [BIN / "entente", *arguments]
    done = subprocess.run(command, cwd=cwd, env=environment(), input="n\n", capture_output=True, text=True, check=False)
    assert done.returncode == 1
    return done.stderr


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory whose ledger holds an article and a key."""
    cwd = tmp_path_factory.mktemp("filled")
    (cwd / "article.json").write_text(json.dumps(ARTICLE))
    entente(cwd, "ingest", "article.json")
    entente(cwd, "keys", "add", "newsroom", "--scope", "ingest")
    return cwd / "var"


@pytest.fixture
def place(tmp_path: Path, filled: Path) -> Path:
    """A working directory with a copy of the filled data directory in ./var."""
    shutil.copytree(filled, tmp_path / "var")
    return tmp_path


def contents(cwd: Path, **more: str) -> list[str]:
    """The relations that the ledger holds, and its keys."""
    return [entente(cwd, *command, **more) for command in (("relation", "NOR", "PSE", "--json"), ("keys", "list"))]


def test_a_ledger_restored_from_its_backup_says_the_same(place: Path) -> None:
    before = contents(place)
    run_commands("SQLite: back up", 0, place, environment())
    assert (place / "backup.db").stat().st_mode & 0o777 == 0o600
    assert "no difference" in run_commands("SQLite: restore", 0, place, environment())
    assert contents(place) == before


def test_nothing_is_overwritten_by_a_backup_or_a_restore(place: Path) -> None:
    (place / "kept.db").write_text("kept")
    assert "kept.db exists and is not overwritten" in refusal(place, "backup", "kept.db")
    assert (place / "kept.db").read_text() == "kept"

    entente(place, "backup", "backup.db")
    before = contents(place)
    assert "entente.db exists and is not overwritten" in refusal(place, "restore", "backup.db")
    assert contents(place) == before


def test_a_rollback_and_an_upgrade_keep_the_articles_and_their_states(place: Path) -> None:
    before = contents(place)
    known = entente(place, "migrate", "--show").split("knows: ")[1].strip().split(", ")
    shown = run_commands("Rollback without containers", 0, place, environment(REVISION=known[-2]))
    assert f"the ledger is at revision {known[-2]}" in shown
    assert f"the ledger is at revision {known[-1]}" in entente(place, "migrate")
    entente(place, "rebuild")
    # Derived again: new versions of the same records.
    again = [re.sub(r'"version": \d+', '"version": 0', one) for one in contents(place)]
    assert again == [re.sub(r'"version": \d+', '"version": 0', one) for one in before]


def test_going_back_asks_first_and_leaves_everything_without_an_answer(place: Path) -> None:
    known = entente(place, "migrate", "--show").split("knows: ")[1].strip().split(", ")
    assert "Aborted" in refusal(place, "migrate", "--to", known[0])
    assert f"ledger: {known[-1]}" in entente(place, "migrate", "--show")


@pytest.fixture
def postgres_place(tmp_path: Path, empty_postgres_url: str) -> Path:
    (tmp_path / "article.json").write_text(json.dumps(ARTICLE))
    entente(tmp_path, "ingest", "article.json", ENTENTE_DATABASE_URL=empty_postgres_url)
    return tmp_path


def test_a_postgresql_ledger_restored_from_its_dump_says_the_same(
    postgres_place: Path, empty_postgres_url: str, postgres_server: str
) -> None:
    tools = _postgres_tools()
    new = make_url(empty_postgres_url).set(database=f"{make_url(empty_postgres_url).database}_new")
    path = {"PATH": f"{tools}:{environment()['PATH']}"}
    subprocess.run([tools / "psql", "--quiet", "-c", f"CREATE DATABASE {new.database}", postgres_server], check=True)
    new_url = new.render_as_string(hide_password=False)
    try:
        run_commands(
            "PostgreSQL", 0, postgres_place, environment() | path | {"LEDGER": empty_postgres_url, "NEW": new_url}
        )
        assert contents(postgres_place, ENTENTE_DATABASE_URL=new_url) == contents(
            postgres_place, ENTENTE_DATABASE_URL=empty_postgres_url
        )
        assert entente(postgres_place, "verify", ENTENTE_DATABASE_URL=new_url) == "no difference\n"
    finally:
        drop = f"DROP DATABASE {new.database} WITH (FORCE)"
        subprocess.run([tools / "psql", "--quiet", "-c", drop, postgres_server], check=True)


def _postgres_tools() -> Path:
    """The directory of pg_dump and its kin that fit the test's server."""
    bundled = importlib.util.find_spec("pgserver")
    if bundled and bundled.origin:
        return Path(bundled.origin).parent / "pginstall" / "bin"
    found = shutil.which("pg_dump")
    if found is None:
        pytest.skip("no pg_dump")
    return Path(found).parent


# The proxy


@contextmanager
def running(command: list[str | Path], env: dict[str, str], url: str, verify: str | bool = True) -> Iterator[None]:
    process = subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        deadline = time.monotonic() + 60
        while True:
            try:
                requests.get(url, timeout=5, verify=verify)
                break
            except requests.ConnectionError:
                assert process.poll() is None, process.communicate()[0]
                assert time.monotonic() < deadline, f"{url} doesn't answer"
                time.sleep(0.1)
        yield
    finally:
        process.terminate()
        process.communicate(timeout=60)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def _nginx_configuration(tmp_path: Path, plain: int, secure: int, api: int) -> Path:
    """deploy/nginx/entente.conf with the ports and files of a test, in a configuration of its own."""
    server = (ROOT / "deploy" / "nginx" / "entente.conf").read_text(encoding="utf-8")
    for given, own in (
        ("listen 80;", f"listen 127.0.0.1:{plain};"),
        ("listen 443 ssl;", f"listen 127.0.0.1:{secure} ssl;"),
        ("/etc/nginx/certificates/", f"{tmp_path}/"),
        ("resolver 127.0.0.11 valid=10s;", ""),
        ("http://api:8080", f"http://127.0.0.1:{api}"),
    ):
        assert given in server
        server = server.replace(given, own)
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    kept = "".join(f"{kind}_temp_path {tmp_path}/{kind};\n" for kind in kinds)
    main = f"daemon off; pid {tmp_path}/nginx.pid; error_log stderr;\nevents {{}}\n"
    file = tmp_path / "nginx.conf"
    file.write_text(f"{main}http {{\naccess_log off;\n{kept}{server}}}\n")
    return file


def test_the_proxy_of_the_guide_speaks_tls_and_passes_the_clients_address_on(tmp_path: Path, sqlite_url: str) -> None:
    nginx = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    if nginx is None:
        pytest.skip("no nginx")
    certificate = (
        "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost "
        f"-keyout {tmp_path}/privkey.pem -out {tmp_path}/fullchain.pem"
    )
    subprocess.run(certificate.split(), check=True, capture_output=True)
    plain, secure, api = _free_port(), _free_port(), _free_port()
    settings = environment(
        ENTENTE_DATA_DIR=str(tmp_path / "var"),
        ENTENTE_DATABASE_URL=sqlite_url,
        ENTENTE_PORT=str(api),
        ENTENTE_TRUSTED_PROXIES="127.0.0.1",
        ENTENTE_RATE_LIMIT="3",
        ENTENTE_LOG_FORMAT="json",
    )
    trusted = str(tmp_path / "fullchain.pem")
    url = f"https://localhost:{secure}"
    configuration = _nginx_configuration(tmp_path, plain, secure, api)
    with (
        running_redis() as (redis_url, _),
        running(
            [BIN / "entente", "serve"], settings | {"ENTENTE_REDIS_URL": redis_url}, f"http://127.0.0.1:{api}/healthz"
        ),
        running([nginx, "-c", configuration, "-p", tmp_path], environment(), f"{url}/healthz", trusted),
    ):
        moved = requests.get(f"http://localhost:{plain}/v1/relations", timeout=60, allow_redirects=False)
        assert (moved.status_code, moved.headers["location"]) == (301, "https://localhost/v1/relations")
        # What came through a proxy isn't this machine itself, so it reads with a key only.
        answer = requests.get(f"{url}/v1/relations/NOR/PSE", timeout=60, verify=trusted)
        assert answer.status_code == 401
        assert "max-age" in answer.headers["strict-transport-security"]
        # The limit of three counts the client that nginx saw, not an address that the client wrote itself.
        invented = [
            requests.get(
                url + "/v1/relations", timeout=60, verify=trusted, headers={"X-Forwarded-For": f"203.0.113.{n}"}
            )
            for n in range(6)
        ]
        assert invented[-1].status_code == 429


def test_the_rotation_of_the_guide_keeps_what_is_still_written(tmp_path: Path) -> None:
    logrotate = shutil.which("logrotate", path=f"{os.environ['PATH']}:/usr/sbin")
    if logrotate is None:
        pytest.skip("no logrotate")
    logs = tmp_path / "log"
    logs.mkdir(mode=0o700)
    rules = (ROOT / "deploy" / "logrotate.conf").read_text(encoding="utf-8")
    own = f"su {getpass.getuser()} {grp.getgrgid(os.getgid()).gr_name}"
    rules = rules.replace("/var/lib/entente/log", str(logs)).replace("su entente entente", own)
    (tmp_path / "rules").write_text(rules)
    (tmp_path / "rules").chmod(0o600)
    rotate = [logrotate, "--force", "--state", tmp_path / "state", tmp_path / "rules"]
    with (logs / "api.log").open("ab") as log:
        for line in (b"first\n", b"second\n"):
            log.write(line)
            log.flush()
            subprocess.run(rotate, check=True, capture_output=True)
        log.write(b"third\n")
        log.flush()
        assert (logs / "api.log").read_bytes() == b"third\n"
    assert len(list(logs.glob("api.log.*.gz"))) == 2


# Parts of the guide that only a checkout can show


def test_every_file_of_the_compose_files_is_there() -> None:
    mounted = re.findall(r"- \./(\S+?):", (ROOT / "deploy" / "tls.yml").read_text(encoding="utf-8"))
    assert mounted
    assert [name for name in mounted if not (ROOT / name).exists()] == []


def test_a_backup_taken_while_others_write_is_one_moment_of_the_ledger(place: Path) -> None:
    """Each transaction below writes a pair of rows; a copy with half a pair would not be one moment."""
    path = place / "var" / "entente.db"
    with closing(sqlite3.connect(path, isolation_level=None, timeout=30)) as setup:
        setup.execute("CREATE TABLE pairs (n INTEGER, half INTEGER)")
    script = (
        "import sqlite3, sys, itertools\n"
        "c = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=30)\n"
        "for n in itertools.count():\n"
        "    c.execute('BEGIN IMMEDIATE')\n"
        "    c.execute('INSERT INTO pairs VALUES (?, 1)', (n,)); c.execute('INSERT INTO pairs VALUES (?, 2)', (n,))\n"
        "    c.execute('COMMIT')\n"
        "    if n == 20: print('writing', flush=True)\n"
    )
    with subprocess.Popen([sys.executable, "-c", script, path], stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout
        assert writer.stdout.readline()
        try:
            entente(place, "backup", "backup.db")
        finally:
            writer.kill()
    with closing(sqlite3.connect(place / "backup.db")) as copy:
        assert copy.execute("SELECT count(*) FROM pairs").fetchone()[0] > 0
        assert copy.execute("SELECT n FROM pairs GROUP BY n HAVING count(*) <> 2").fetchall() == []
        assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)

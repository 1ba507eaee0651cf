"""Servers for the read bench: the API as deployed, and Datasette with the same record in a row."""

import contextlib
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import venv
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests

from entente.bootstrap.embedded_redis import answers, redis_command, redis_server
from entente.bootstrap.processes import api_command

#: The API with an additional route that answers constant bytes (api/yardstick.py).
APP = "api.yardstick:app"

_READY_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Kind:
    """The server that runs the API: `name` granian or gunicorn, and its number of threads."""

    name: str
    threads: int


class NotServed(Exception):
    """A server did not start; the message names it and the reason."""


@contextmanager
def redis(directory: Path) -> Iterator[str]:
    """Run a Redis on a Unix socket in `directory`; yields its URL. Raises NotServed."""
    unix_socket = directory / "r.sock"
    url = f"unix://{unix_socket}"
    with _running(redis_command(redis_server(), unix_socket), {}):
        _await("redis", lambda: unix_socket.exists() and answers(url))
        yield url


@contextmanager
def api(data_dir: Path, redis_url: str, server: Kind) -> Iterator[str]:
    """Run the API in one process of this server, on a ledger and a Redis; yields its base URL. Raises NotServed."""
    settings = {"ENTENTE_DATA_DIR": str(data_dir), "ENTENTE_REDIS_URL": redis_url, "ENTENTE_LOG_LEVEL": "warning"}
    # Requests are counted as usual, but the limit is never reached.
    settings |= {"ENTENTE_RATE_LIMIT": "1000000000", "ENTENTE_API_PROCESSES": "1"}
    settings |= {"ENTENTE_API_THREADS": str(server.threads)}
    with socket.create_server(("127.0.0.1", 0), backlog=128) as listener:
        fd, port = listener.fileno(), listener.getsockname()[1]
        command = api_command(f"fd://{fd}", APP) if server.name == "granian" else _gunicorn(fd, server.threads)
        with _running(command, settings, (fd,)):
            base = f"http://127.0.0.1:{port}"
            _await(server.name, lambda: _answers(f"{base}/readyz"))
            yield base


def _gunicorn(fd: int, threads: int) -> list[str]:
    return [
        *(sys.executable, "-m", "gunicorn", APP, "--bind", f"fd://{fd}", "--worker-class", "gthread"),
        *("--workers", "1", "--threads", str(threads), "--no-control-socket", "--log-level", "warning"),
    ]


@contextmanager
def datasette(directory: Path, record: bytes, command: str | None) -> Iterator[str]:
    """Run Datasette on a table with this record as text; yields the URL of a row as JSON. Raises NotServed.

    `command` names the Datasette to run; None installs one into a virtual environment in `directory`.
    """
    database = directory / "records.db"
    with contextlib.closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("CREATE TABLE relations (pair TEXT PRIMARY KEY, record TEXT)")
        rows = [(f"P{i:03}", record.decode()) for i in range(1000)]
        connection.executemany("INSERT INTO relations VALUES (?, ?)", rows)
    port = _free_port()
    serve = ["serve", str(database), "--host", "127.0.0.1", "--port", str(port)]
    with _running([command or _installed(directory / "datasette"), *serve], {}):
        url = f"http://127.0.0.1:{port}/records/relations/P500.json"
        _await("datasette", lambda: _answers(url))
        yield url


def _installed(directory: Path) -> str:
    venv.create(directory, with_pip=True)
    pip = [str(directory / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    done = subprocess.run([*pip, "datasette<1"], capture_output=True, text=True, check=False)
    if done.returncode:
        raise NotServed(f"pip can't install datasette: {done.stderr.strip().splitlines()[-1:]}")
    return str(directory / "bin" / "datasette")


@contextmanager
def _running(command: Sequence[str], settings: Mapping[str, str], fds: tuple[int, ...] = ()) -> Iterator[None]:
    process = subprocess.Popen(
        command,
        env={**os.environ, **settings},
        pass_fds=fds,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield
    finally:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(15)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _answers(url: str) -> bool:
    try:
        return requests.get(url, timeout=2).ok
    except requests.RequestException:
        return False


def _await(name: str, ready: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _READY_SECONDS
    while not ready():
        if time.monotonic() > deadline:
            raise NotServed(f"{name} did not answer within {_READY_SECONDS:g} s")
        time.sleep(0.1)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port

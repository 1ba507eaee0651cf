"""The API's server: granian on a socket that may be older than this process.

python -m entente.bootstrap.api_server HOST:PORT
python -m entente.bootstrap.api_server fd://N       # a listening socket that was inherited
"""

import os
import socket
import sys
from functools import partial
from importlib import import_module
from typing import Any

# The one thing that it doesn't export; the version is held for it (pyproject.toml).
from granian._granian import SocketHolder
from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels
from granian.server import MPServer

from entente.bootstrap.children import die_with_parent
from entente.bootstrap.settings import Settings

#: What is served.
APP = "api.wsgi:app"

#: Seconds that a stopping worker gets for the requests that it has begun.
GRACE_SECONDS = 10

#: Seconds after which a thread that computes lets another go on. Python's 5 ms make every thread's reader wait for all
#: the others: the slowest of 100 answers took three times as long.
SWITCH_SECONDS = 0.0005

#: Threads of a process that may wait for the bodies of requests, beside those that compute (api/http/slow_bodies.py).
BODY_PLACES = 56

_BACKLOG = 1024


class ApiServer(MPServer):
    """Granian, sharing one listening socket between its workers instead of opening one in each.

    A socket that each worker opened would take the clients that wait on it along when that worker dies; this one
    belongs to whoever started us, and outlives even the main process.
    """

    def __init__(self, listener: socket.socket, app: str, settings: Settings) -> None:
        host, port = listener.getsockname()[:2]
        super().__init__(
            app,
            address=host,
            port=port,
            interface=Interfaces.WSGI,
            workers=settings.api_processes,
            blocking_threads=settings.api_threads + BODY_PLACES,
            http=HTTPModes.http1,
            websockets=False,
            respawn_failed_workers=True,
            workers_kill_timeout=GRACE_SECONDS,
            log_level=LogLevels.error,
        )
        # What it accepts takes this over: no answer waits for the client to acknowledge the part before.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._listener = listener

    def _init_shared_socket(self) -> None:
        # Its type stub knows neither these arguments nor that the attribute is ever set.
        holder: Any = SocketHolder
        self.__dict__["_shd"] = holder(self._listener.fileno(), False, _BACKLOG)
        self._sso = self._listener
        self._listener.set_inheritable(True)

    def run(self) -> None:
        """Serve until SIGTERM or SIGINT."""
        self.serve(target_loader=partial(_load, self.target, os.getpid()), wrap_loader=False)


def _load(target: str, parent: int) -> Any:
    """The WSGI application, in a worker, which must not outlive its parent."""
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
    """Serve what the second argument names, else the API, at the first."""
    app = sys.argv[2] if len(sys.argv) > 2 else APP
    ApiServer(_listener(sys.argv[1]), app, Settings.from_env()).run()


if __name__ == "__main__":
    main()

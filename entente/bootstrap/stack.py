"""The embedded stack: Redis, API, worker, fetcher, deliverer and beat as supervised children of one process.

They share one data directory.

    with Stack(settings) as stack:      # migrates, starts, waits until ready
        print(stack.api_url)
        stack.supervise()               # restarts what dies; returns when asked to stop

Leaving the context stops every child and removes temporary files. If the supervisor is killed, its children die too.
"""

import os
import shutil
import socket
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import TracebackType

import requests

from entente.bootstrap import running
from entente.bootstrap.broker import PARTS
from entente.bootstrap.children import Child, stop_all
from entente.bootstrap.container import Container
from entente.bootstrap.embedded_redis import answers, make_run_dir, redis_command, redis_server
from entente.bootstrap.errors import NoRedis, StackFailed, StopRequested
from entente.bootstrap.processes import api_command, beat_command, part_command
from entente.bootstrap.settings import Settings, SettingsError
from entente.bootstrap.stop_signals import stopped_by_signals
from entente.services.ports.queue import TaskQueue
from entente.telemetry.directory import VARIABLE as METRICS_DIRECTORY

#: Seconds that API and worker each have to answer for the first time; loading the coder is the slow part.
READY_SECONDS = 90.0
TICK_SECONDS = 0.1

#: Seconds that a child has to stop. An article that is not coded by then is resumed at the next start.
STOP_SECONDS = 10.0


class Stack:
    """The embedded stack (see the module). Use it from the main thread: it sets signal handlers while it runs."""

    def __init__(self, settings: Settings, tell: Callable[[str], None] = lambda _: None) -> None:
        """`tell` is called with the name of each part that answers for the first time."""
        self._given = settings
        self._tell = tell
        self._children: list[Child] = []
        self._exit = ExitStack()
        self.settings = settings
        self.api_url = ""
        self._run_dir = Path()
        self._published: running.RunningStack | None = None

    def __enter__(self) -> "Stack":
        try:
            self._start()
        except BaseException:
            self._exit.close()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._exit.close()

    def supervise(self) -> None:
        """Keep every child running until SIGINT, SIGTERM or SIGHUP. One that keeps dying leaves the others alone."""
        try:
            while True:
                self.tick()
        except StopRequested:
            return

    def tick(self) -> None:
        """Check every child once, then sleep TICK_SECONDS; for callers with a loop of their own."""
        self._check_signals()
        for child in self._children:
            child.check()
        failing = tuple(child.name for child in self._children if child.failing)
        if self._published and failing != self._published.failing:
            with suppress(OSError):  # a full disk may be why it fails: the others go on
                self._publish(failing)
        time.sleep(TICK_SECONDS)

    def _publish(self, failing: tuple[str, ...] = ()) -> None:
        redis_url = self.settings.require_redis()
        self._published = running.RunningStack(os.getpid(), self.api_url, redis_url, str(self._run_dir), failing)
        running.publish(self.settings.data_dir, self._published)

    @property
    def container(self) -> Container:
        """A container on the running stack's settings."""
        return Container(self.settings)

    def child(self, name: str) -> Child:
        """The child of that name: redis, api, worker, fetcher, deliverer or beat."""
        return next(child for child in self._children if child.name == name)

    def _start(self) -> None:
        # What the parts make (ledger, logs, sockets) is for their owner alone.
        os.umask(0o077)
        data_dir = self._given.make_data_dir()
        self._exit.enter_context(running.exclusive(data_dir))
        self._check_signals = self._exit.enter_context(stopped_by_signals())
        self._clear_leftovers(data_dir)
        self._run_dir = run_dir = make_run_dir()
        self._exit.callback(shutil.rmtree, run_dir, ignore_errors=True)
        listener = self._listen()
        self._exit.callback(self._stop_children)
        self.settings = self._with_redis(run_dir)
        container = Container(self.settings)
        container.prepare()
        container.close()
        self._start_children(listener)
        self._await_ready()
        self._publish()
        self._exit.callback(running.withdraw, data_dir)

    @staticmethod
    def _clear_leftovers(data_dir: Path) -> None:
        """Remove the temporary directory and the record of a stack that was killed."""
        dead = running.leftover(data_dir)
        if dead and Path(dead.run_dir).name.startswith("entente-"):
            shutil.rmtree(dead.run_dir, ignore_errors=True)
        running.withdraw(data_dir)

    def _listen(self) -> socket.socket:
        """Open the API's socket. It stays open while the API restarts, so clients wait instead of being refused."""
        host, port = self._given.host, self._given.port
        try:
            listener = socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
        except OSError as error:
            remedy = "give an address of this machine and a free port, or leave both blank"
            variable = "ENTENTE_PORT" if port else "ENTENTE_HOST"
            raise SettingsError(variable, f"can't listen on {host}:{port} ({error.strerror})", remedy) from error
        self._exit.callback(listener.close)
        self.api_url = self._given.local_url(listener.getsockname()[1])
        return listener

    def _with_redis(self, run_dir: Path) -> Settings:
        url = self._given.redis_url
        if url:
            if not answers(url, timeout=5):
                raise NoRedis("the Redis of ENTENTE_REDIS_URL doesn't answer; start it, or unset the variable")
            return self._given
        unix_socket = run_dir / "redis.sock"
        self._add("redis", redis_command(redis_server(), unix_socket))
        url = f"unix://{unix_socket}"
        self._await("redis", lambda: unix_socket.exists() and answers(url), seconds=10)
        return replace(self._given, redis_url=url)

    def _start_children(self, listener: socket.socket) -> None:
        settings = self.settings
        schedule = str(settings.data_dir / "beat-schedule")
        self._add("api", api_command(f"fd://{listener.fileno()}"), fds=(listener.fileno(),))
        for part in PARTS:
            self._add(part, part_command(settings, part))
        self._add("beat", beat_command(settings, schedule))

    def _add(self, name: str, command: list[str], fds: tuple[int, ...] = ()) -> None:
        logs = self._given.data_dir / "log"
        logs.mkdir(exist_ok=True)
        log_file = logs / f"{name}.log"
        log_file.write_bytes(b"")
        child = Child(name, command, self._environment(name), log_file, fds)
        self._children.append(child)
        child.start()

    def _environment(self, name: str) -> dict[str, str]:
        settings = self.settings
        own = {
            "ENTENTE_DATA_DIR": str(settings.data_dir),
            "ENTENTE_DATABASE_URL": settings.database_url,
            "ENTENTE_REDIS_URL": settings.redis_url or "",
            "PYTHONUNBUFFERED": "1",
            # Its counts outlive a restart, and go with the stack.
            METRICS_DIRECTORY: str(self._run_dir / "metrics" / name),
        }
        return {**os.environ, **own}

    def _await_ready(self) -> None:
        self._await("api", self._api_ready, READY_SECONDS)
        queue = self.container.queue
        answered: set[str] = set()
        for part in PARTS:
            self._await(part, partial(self._answers, queue, part, answered), READY_SECONDS)

    @staticmethod
    def _answers(queue: TaskQueue, part: str, answered: set[str]) -> bool:
        """Whether a part answers. `answered`: the parts that have; all of them are asked at once, in half a second."""
        if part not in answered:
            answered.update(queue.workers())
        return part in answered

    def _api_ready(self) -> bool:
        try:
            return requests.get(f"{self.api_url}/readyz", timeout=4).ok
        except requests.RequestException:
            return False

    def _await(self, name: str, ready: Callable[[], bool], seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while not ready():
            child = self.child(name)
            child.require()
            if time.monotonic() > deadline:
                raise StackFailed(f"{name} did not answer within {seconds:g} s; {child.log_file}: {child.log_tail()}")
            self.tick()
        self._tell(name)

    def _stop_children(self) -> None:
        """Stop all children at once except Redis, which the others need for their shutdown and which stops last."""
        redis = [child for child in self._children if child.name == "redis"]
        stop_all([child for child in self._children if child not in redis], STOP_SECONDS)
        stop_all(redis, STOP_SECONDS)

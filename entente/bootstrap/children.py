"""Supervised child processes: restarted when they die, and killed with their supervisor (Linux)."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

import structlog

log = structlog.get_logger(__name__)

#: prctl(2): the signal that this process gets when its parent dies.
_PR_SET_PDEATHSIG = 1

#: A child that dies this often in a row, each time after less than `STEADY_SECONDS`, is failing. It is started again
#: after ever longer pauses, up to `LONGEST_PAUSE` seconds.
MAX_CRASHES = 5
STEADY_SECONDS = 10.0
LONGEST_PAUSE = 60.0

#: Seconds that killed processes of a group are waited for, at most.
KILLED_SECONDS = 2.0


class ChildKeepsDying(Exception):
    """A child that died too often at the start; the message says which, how, and where its log is."""


def die_with_parent(parent: int) -> None:
    """Have the kernel kill this process when its parent dies, even by SIGKILL. Linux only; elsewhere does nothing."""
    if not sys.platform.startswith("linux"):
        return
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        # The parent died before prctl was called.
        os.kill(os.getpid(), signal.SIGKILL)


class Child:
    """One supervised process, leader of its own process group.

    Start it from the main thread: the parent-death signal is tied to the thread that started the process.
    """

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        environment: Mapping[str, str],
        log_file: Path | None,
        inherited_fds: Sequence[int] = (),
    ) -> None:
        """`log_file` None: its output goes where this process's goes."""
        self.name = name
        self.log_file = log_file
        self._command = command
        self._environment = environment
        self._fds = inherited_fds
        self._process: subprocess.Popen[bytes] | None = None
        self._started_at = 0.0
        self._restart_at = 0.0
        self._short_lives = 0
        self._terminated = False

    @property
    def pid(self) -> int | None:
        """The process id, None while it is down."""
        return self._process.pid if self._process and self._process.returncode is None else None

    @property
    def failing(self) -> bool:
        """True if it died again and again soon after its start, and has not stayed up since."""
        return self._short_lives >= MAX_CRASHES and not self._is_steady()

    def _is_steady(self) -> bool:
        return self.pid is not None and time.monotonic() - self._started_at >= STEADY_SECONDS

    def require(self) -> None:
        """Raise ChildKeepsDying if it is failing."""
        if self.failing:
            raise ChildKeepsDying(
                f"{self.name} died {self._short_lives} times in a row soon after its start, last with "
                f"{self._ending()}; its log {self.log_file} ends: {self.log_tail()}"
            )

    def start(self) -> None:
        """Start the process."""
        supervisor = os.getpid()
        self._started_at = time.monotonic()
        self._terminated = False
        with self.log_file.open("ab") if self.log_file else contextlib.nullcontext() as log:
            self._process = self._spawn(supervisor, log)

    def _spawn(self, supervisor: int, log: IO[bytes] | None) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            self._command,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            pass_fds=self._fds,
            start_new_session=True,
            preexec_fn=lambda: die_with_parent(supervisor),
        )

    def check(self) -> bool:
        """Restart the process if it died, after a growing pause; True if it runs."""
        if self._process is None or self._process.poll() is None:
            return self._process is not None
        now = time.monotonic()
        if self._restart_at:
            if now >= self._restart_at:
                self._restart_at = 0.0
                self.start()
            return False
        self._bury(now)
        return False

    def _bury(self, now: float) -> None:
        assert self._process is not None
        # A killed leader leaves its group (pool processes) running: end them before its replacement starts.
        self.signal_group(signal.SIGKILL)
        self._short_lives = self._short_lives + 1 if now - self._started_at < STEADY_SECONDS else 0
        pause = min(LONGEST_PAUSE, 0.25 * 2 ** min(self._short_lives, MAX_CRASHES + 5))
        log.warning("part ended", part=self.name, how=self._ending(), in_a_row=self._short_lives, restart_in=pause)
        self._restart_at = now + pause

    def _ending(self) -> str:
        code = self._process.returncode if self._process else None
        return f"signal {signal.Signals(-code).name}" if code is not None and code < 0 else f"exit code {code}"

    def log_tail(self, lines: int = 3) -> str:
        """The last lines of the log, joined by " | "."""
        if self.log_file is None:
            return ""
        try:
            kept = self.log_file.read_text(encoding="utf-8", errors="replace").strip().splitlines()[-lines:]
        except OSError:
            return ""
        return " | ".join(line.strip() for line in kept)

    def signal_group(self, number: int) -> None:
        """Send a signal to the process and everything it started."""
        if self._process is None:
            return
        try:
            os.killpg(self._process.pid, number)
        except ProcessLookupError:
            return

    def terminate(self) -> None:
        """Send SIGTERM to the process, without waiting; once, as a second one may shorten the time that it takes."""
        if self.pid is not None and not self._terminated:
            self._terminated = True
            os.kill(self.pid, signal.SIGTERM)

    def stop(self, grace_seconds: float) -> None:
        """Stop the process: SIGTERM to the leader, then SIGKILL to its group once it ends or `grace_seconds` pass."""
        if self._process is None:
            return
        if self._process.poll() is None:
            self.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(grace_seconds)
        self.signal_group(signal.SIGKILL)
        self._process.wait()
        self._await_group()
        self._process = None

    def _await_group(self) -> None:
        """Wait until what the process started is gone too: on a busy machine a kill takes effect later.

        Not for long: where nobody reaps them, orphans stay as zombies.
        """
        assert self._process is not None
        deadline = time.monotonic() + KILLED_SECONDS
        with contextlib.suppress(ProcessLookupError):
            while time.monotonic() < deadline:
                os.killpg(self._process.pid, 0)
                time.sleep(0.01)


def stop_all(children: Sequence[Child], grace_seconds: float) -> None:
    """Stop children, all at once: SIGTERM, and SIGKILL to those that are not done after `grace_seconds`."""
    for child in children:
        child.terminate()
    deadline = time.monotonic() + grace_seconds
    for child in reversed(children):
        child.stop(max(0.0, deadline - time.monotonic()))

"""One parser as its parent sees it: started when needed, asked one document at a time, ended after any trouble."""

import os
import select
import signal
import socket
import subprocess
import sys
import time
import weakref
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

import structlog

from entente.services.ports.fetching import Fetched, FetchFailed
from entente.web.parser import frames, messages
from entente.web.parser.limits import Limits, ParserFailed, TooComplex, TooSlow, TurnOver
from entente.web.parser.messages import Answer, Kind

T = TypeVar("T")

log = structlog.get_logger(__name__)

#: Seconds that a document waits for a parser that loads what it needs.
START_SECONDS = 30.0

#: Seconds that a parser which hung up has to end.
_ENDING_SECONDS = 2.0

#: Shortest wait between two looks at a parser's processor time, in seconds.
_LEAST_WAIT = 0.02

#: Signals that come from outside; by others, a process ends because of what it does.
_FROM_OUTSIDE = (signal.SIGKILL, signal.SIGTERM, signal.SIGHUP, signal.SIGINT)

#: What a slow document's parser adds to the niceness of its parent: beside a process that codes, it gets a quarter of
#: a core.
_SLOWER = 5

#: Variables that Python may need to find its modules. A parser gets no others: some hold secrets.
_ENVIRONMENT = ("PYTHONPATH", "PYTHONHOME", "PYTHONDONTWRITEBYTECODE", "LD_LIBRARY_PATH")


class Parser:
    """A subprocess that parses pages and feeds, replaced by a fresh one when it ends. For one thread at a time."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._running: _Running | None = None

    @property
    def pid(self) -> int | None:
        """The process id, None while it is down."""
        return self._running.process.pid if self._running else None

    @property
    def ready(self) -> bool:
        """True if it runs and has loaded what it needs."""
        return self._running is not None and self._running.ready

    def start(self) -> None:
        """Start the process unless it runs, without waiting until it is ready. Raises ParserFailed."""
        if self._running and self._running.process.poll() is not None:
            self.end()
        if self._running is None:
            try:
                self._running = _Running(self._limits)
            except OSError as error:
                raise ParserFailed(f"the parser can't be started ({error.strerror})") from error

    def end(self) -> None:
        """Kill the process."""
        if self._running:
            self._running.end()
            self._running = None

    def parse(self, kind: Kind[T], fetched: Fetched, becomes_slow: Callable[[], bool] = lambda: True) -> T:
        """Parse a document. If it turns out not to be quick, `becomes_slow` says whether to go on.

        Raises TooComplex, of which TooSlow is one; FetchFailed if there is nothing to be had of it; ParserFailed, which
        is a FetchFailed; TurnOver if it was not to go on.
        """
        self.start()
        assert self._running is not None
        try:
            answer = self._running.parse(kind, fetched, becomes_slow)
        except BaseException as error:
            # Also if this thread was interrupted: what the parser would answer is no answer to the next request.
            tell = log.info if isinstance(error, TooComplex | TurnOver) else log.warning
            tell("parser ended", document=kind.name, url=fetched.url, reason=str(error) or repr(error))
            self.end()
            raise
        if answer.worn or self._running.slow:
            self.end()
        if answer.failed is not None:
            raise answer.failed
        assert answer.content is not None
        return answer.content


class _Running:
    """A started process and the socket to it."""

    def __init__(self, limits: Limits) -> None:
        self.slow = False
        self._limits = limits
        self._socket, theirs = socket.socketpair()
        bounds = (theirs.fileno(), limits.memory_bytes, limits.seconds)
        try:
            with theirs:
                self.process = subprocess.Popen(
                    # -P: without the working directory among the places of modules.
                    [sys.executable, "-P", "-m", "entente.web.parser.child", *map(str, bounds)],
                    env={name: os.environ[name] for name in _ENVIRONMENT if name in os.environ},
                    stdin=subprocess.PIPE,
                    stdout=subprocess.DEVNULL,
                    pass_fds=[theirs.fileno()],
                )
        except BaseException:
            self._socket.close()
            raise
        self._said_ready = False
        # Also when this object is forgotten, or Python ends.
        self.end = weakref.finalize(self, _end, self.process, self._socket)

    def parse(self, kind: Kind[T], fetched: Fetched, becomes_slow: Callable[[], bool]) -> Answer[T]:
        self._await_ready()
        deadline = time.monotonic() + self._limits.seconds
        try:
            frames.send(self._socket, messages.head(kind, fetched), deadline)
            frames.send(self._socket, fetched.body, deadline)
            if not self._answers_quickly(deadline):
                if time.monotonic() < deadline and not becomes_slow():
                    raise TurnOver("not quick")
                self._slow_down()
            answer = frames.receive(self._socket, messages.LONGEST, deadline)
            return messages.read_answer(answer, kind)
        except TimeoutError as error:
            raise TooSlow(f"not parsed within {self._limits.seconds:g} s") from error
        except (EOFError, OSError) as error:
            raise self._ended() from error
        except (ValueError, TypeError) as error:
            raise FetchFailed(f"the parser's answer to the {kind.name} can't be read", final=True) from error

    def _answers_quickly(self, deadline: float) -> bool:
        """Wait for an answer or the end for as long as the process has not used the processor time of a quick one."""
        until = self._processor_seconds() + self._limits.quick_seconds
        # Processor time passes no faster than the clock, on a busy machine slower.
        while (left := until - self._processor_seconds()) > 0 and time.monotonic() < deadline:
            if self._heard(max(left, _LEAST_WAIT)):
                return True
        return False

    def _heard(self, seconds: float) -> bool:
        """Wait for something to receive, or the end."""
        waiting = select.poll()
        waiting.register(self._socket, select.POLLIN)
        return bool(waiting.poll(1000 * seconds))

    def _processor_seconds(self) -> float:
        """What the process has used so far (Linux)."""
        try:
            used = Path(f"/proc/{self.process.pid}/stat").read_text(encoding="ascii", errors="replace")
        except OSError:
            return 0.0
        return sum(int(ticks) for ticks in used.rpartition(")")[2].split()[11:13]) / os.sysconf("SC_CLK_TCK")

    def _slow_down(self) -> None:
        """Lower the priority, for good: raising it again takes a privilege."""
        self.slow = True
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, self.process.pid, os.getpriority(os.PRIO_PROCESS, 0) + _SLOWER)

    @property
    def ready(self) -> bool:
        return self._said_ready or self._heard(0)

    def _await_ready(self) -> None:
        if self._said_ready:
            return
        try:
            said = frames.receive(self._socket, len(messages.READY), time.monotonic() + START_SECONDS)
        except TimeoutError as error:
            raise ParserFailed(f"the parser was not ready within {START_SECONDS:g} s") from error
        except (EOFError, OSError, ValueError) as error:
            raise ParserFailed(f"the parser did not start ({self._ending()})") from error
        if said != messages.READY:
            raise ParserFailed("the parser did not start as expected")
        self._said_ready = True

    def _ended(self) -> TooComplex | ParserFailed:
        """Why the process ended in the middle of a document."""
        how = self._ending()
        code = self.process.returncode
        if code is not None and -code in _FROM_OUTSIDE:
            return ParserFailed(f"the parser was killed ({how})")
        return TooSlow(how) if code == -signal.SIGXCPU else TooComplex(how)

    def _ending(self) -> str:
        with suppress(subprocess.TimeoutExpired):
            code = self.process.wait(_ENDING_SECONDS)
            return signal.Signals(-code).name if code < 0 else f"exit code {code}"
        return "it hung up"


def _end(process: "subprocess.Popen[bytes]", connection: socket.socket) -> None:
    process.kill()
    connection.close()
    if process.stdin:
        process.stdin.close()
    process.wait()

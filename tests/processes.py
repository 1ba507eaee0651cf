"""Wait for conditions on processes."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeVar

from entente.cli.bench.processor import below

T = TypeVar("T")


def until(condition: Callable[[], T], seconds: float = 180.0) -> T:
    """The first true answer of `condition`; fails the test if there is none in time.

    The limit is for what never happens: a busy machine may need long.
    """
    deadline = time.monotonic() + seconds
    pause = 0.01
    while not (found := condition()):
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(pause)
        # Asking again takes processor time from what is waited for.
        pause = min(0.1, 1.3 * pause)
    return found


def alive(pid: int) -> bool:
    """True if the process exists and is no zombie that waits to be reaped."""
    stat = Path(f"/proc/{pid}/stat")
    if stat.parent.parent.joinpath("self").exists():
        try:
            return stat.read_text().rpartition(")")[2].split()[0] not in "ZX"
        except (FileNotFoundError, ProcessLookupError):
            return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def family(pid: int) -> set[int]:
    """The process and everything below it (Linux)."""
    return {pid, *below(pid)}


@contextmanager
def frozen(*pids: int) -> Iterator[None]:
    """Stop these processes and everything below them (SIGSTOP), and let them go on afterwards."""
    stopped = set().union(*(family(pid) for pid in pids))
    try:
        for pid in stopped:
            _send(pid, signal.SIGSTOP)
        yield
    finally:
        for pid in stopped:
            _send(pid, signal.SIGCONT)


def _send(pid: int, signal_number: int) -> None:
    # PostgreSQL's workers, for one, come and go.
    with suppress(ProcessLookupError):
        os.kill(pid, signal_number)


def command_line(pid: int) -> list[bytes]:
    """The arguments of a process, program first; nothing if it is gone (Linux)."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except (FileNotFoundError, ProcessLookupError):
        return []


def parent(pid: int) -> int:
    """The process that started this one, or adopted it (Linux)."""
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])

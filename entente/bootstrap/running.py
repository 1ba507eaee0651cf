"""Record of the embedded stack that runs on a data directory, for other commands; prevents a second one.

The lock tells whether one runs: the kernel releases it when its process dies. `stack.json` holds its addresses.
"""

import fcntl
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

LOCK = "stack.lock"
RECORD = "stack.json"

#: Seconds for which a locked directory is tried again: `find` of another process locks it for a moment.
_PATIENCE = 0.5
_PAUSE = 0.01


class AlreadyRunning(Exception):
    """Another stack runs on this data directory."""


@dataclass(frozen=True, slots=True)
class RunningStack:
    """A stack's supervisor and where its parts are. `run_dir` is its temporary directory.

    `failing`: the parts that die again and again, and are started again after growing pauses.
    """

    pid: int
    api_url: str
    redis_url: str
    run_dir: str
    failing: tuple[str, ...] = ()


@contextmanager
def exclusive(data_dir: Path) -> Iterator[None]:
    """Lock the data directory for one stack. Raises AlreadyRunning."""
    with (data_dir / LOCK).open("a") as lock:
        if not _locked(lock):
            other = _read(data_dir)
            at = f" (pid {other.pid}, {other.api_url})" if other else ""
            raise AlreadyRunning(
                f"a stack already runs on {data_dir}{at}; stop it, or set ENTENTE_DATA_DIR to another directory"
            )
        yield


def _locked(lock: IO[str]) -> bool:
    until = time.monotonic() + _PATIENCE
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= until:
                return False
            time.sleep(_PAUSE)
        else:
            return True


def publish(data_dir: Path, stack: RunningStack) -> None:
    """Write the record atomically."""
    part = data_dir / f"{RECORD}.{os.getpid()}"
    part.write_text(json.dumps(asdict(stack)), encoding="utf-8")
    part.replace(data_dir / RECORD)


def withdraw(data_dir: Path) -> None:
    """Remove the record."""
    (data_dir / RECORD).unlink(missing_ok=True)


def leftover(data_dir: Path) -> RunningStack | None:
    """The record left by a stack that was killed, or None. Call it while holding the lock."""
    return _read(data_dir)


def find(data_dir: Path) -> RunningStack | None:
    """The stack that now runs on this data directory, or None."""
    try:
        with (data_dir / LOCK).open("r") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        return None
    except BlockingIOError:
        return _read(data_dir)
    except OSError:
        return None


def failing_parts(data_dir: Path) -> tuple[str, ...] | None:
    """The parts that keep dying, of the stack that runs on this data directory; None if none runs."""
    stack = find(data_dir)
    return stack.failing if stack else None


def _read(data_dir: Path) -> RunningStack | None:
    try:
        record = json.loads((data_dir / RECORD).read_text(encoding="utf-8"))
        return RunningStack(**{**record, "failing": tuple(record.get("failing", ()))})
    except (OSError, ValueError, TypeError):
        return None

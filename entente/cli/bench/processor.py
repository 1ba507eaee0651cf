"""Processor time and memory of processes (Linux), which measure cost independently of other load on the machine."""

import os
import resource
from contextlib import suppress
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


def seconds_of(pid: int) -> float:
    """Seconds of processor time of a process, user and system; 0 if it is gone or /proc is absent."""
    try:
        fields = _stat(Path(f"/proc/{pid}"))
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / _TICKS


def below(pid: int) -> set[int]:
    """Ids of all descendants of a process.

    By what each process says of its parent. A process's own list of children is one for each of its threads: those of
    a thread that ends go to another one, and can be in neither list that is read meanwhile.
    """
    children: dict[int, set[int]] = {}
    for process in Path("/proc").glob("[0-9]*"):
        # Others come and go.
        with suppress(OSError):
            children.setdefault(int(_stat(process)[1]), set()).add(int(process.name))
    found: set[int] = set()
    more = children.get(pid, set())
    while more:
        found |= more
        more = set().union(*(children.get(one, set()) for one in more))
    return found


def _stat(process: Path) -> list[str]:
    """The fields of /proc/…/stat after the name, which may hold anything: the first is the state. Raises OSError."""
    return (process / "stat").read_text().rpartition(")")[2].split()


def peak_megabytes() -> float:
    """Most memory that this process has held, in MB, since its start or `forget_peak`."""
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    # Not getrusage: a process inherits its ru_maxrss from the process that started it.
    return _kilobytes(status, "VmHWM") / 1024


def forget_peak() -> float:
    """Begin to look for this process's peak anew; what it holds now, in MB."""
    Path("/proc/self/clear_refs").write_text("5")
    return _kilobytes(Path("/proc/self/status"), "VmRSS") / 1024


def _kilobytes(status: Path, name: str) -> int:
    return next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith(name))

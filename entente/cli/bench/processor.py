"""Processor time and memory of processes (Linux), which measure cost independently of other load on the machine."""

import os
import resource
from collections.abc import Iterator
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


def seconds_of(pid: int) -> float:
    """Seconds of processor time of a process, user and system; 0 if it is gone or /proc is absent."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / _TICKS


def below(pid: int) -> Iterator[int]:
    """Ids of all descendants of a process."""
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            found = [int(child) for child in children.read_text().split()]
        except OSError:
            continue
        for child in found:
            yield child
            yield from below(child)


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

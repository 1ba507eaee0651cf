"""Sizes and figures of the proofs: every proof records its figure in build/proofs.json.

`python -m tests.prove.table` writes them into docs/promises.md.
"""

import fcntl
import json
import os
import platform
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).parents[2]
FIGURES = ROOT / "build" / "proofs.json"

#: Every proof at the size of its aim; a variable of its own still wins.
FULL = os.environ.get("ENTENTE_PROVE_FULL") == "1"


def size(variable: str, small: int, full: int) -> int:
    """The size of a proof: `variable` if it is set, else `full` or `small` as ENTENTE_PROVE_FULL says."""
    return int(os.environ.get(variable) or (full if FULL else small))


@dataclass(frozen=True, slots=True)
class Figure:
    """What a run showed. `promise`: its number in docs/promises.md, "" for none; `shown_by`: the test.

    `held`: whether the aim was reached. `full`: whether the run had the size that the aim names.
    """

    promise: str
    claim: str
    shown_by: str
    figure: str
    aim: str
    held: bool
    full: bool
    machine: str
    date: str


def record(promise: str, claim: str, *, figure: str, aim: str, held: bool, full: bool) -> bool:
    """Print a figure and put it into build/proofs.json in the place of an older one; returns `held`.

    Record before asserting, so that a missed aim is told as well.
    """
    test = os.environ["PYTEST_CURRENT_TEST"].rpartition(" ")[0]
    today = datetime.now(UTC).date().isoformat()
    made = Figure(promise, claim, test, figure, aim, held, full, machine(), today)
    print(f"\npromise {promise or '–'}: {figure} (aim: {aim})")
    FIGURES.parent.mkdir(exist_ok=True)
    with FIGURES.open("a+", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        known = json.loads(file.read() or "{}")
        known[f"{promise} {test}"] = asdict(made)
        file.truncate(0)
        json.dump(known, file, indent=2, ensure_ascii=False)
    return held


def recorded() -> list[Figure]:
    """The figures in build/proofs.json."""
    if not FIGURES.exists():
        return []
    return [Figure(**figure) for figure in json.loads(FIGURES.read_text(encoding="utf-8")).values()]


def machine() -> str:
    """Number of cores that this process may use, and the processor's name."""
    return f"{len(os.sched_getaffinity(0))} cores, {_processor()}"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def percentile(values: list[float], part: float) -> float:
    """The value below which `part` of the values are, in their unit."""
    return sorted(values)[int(part * (len(values) - 1))]

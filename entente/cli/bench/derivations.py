"""Measure fold and rebuild in a process of its own, because peak memory is per process.

Run as `python -m entente.cli.bench.derivations fold|rebuild DIRECTORY`; prints JSON.
"""

import json
import statistics
import sys
import time
from pathlib import Path

from entente.bootstrap.container import Container
from entente.cli.bench.ledgers import dyad, opened
from entente.cli.bench.processor import peak_megabytes
from entente.relations.folding.dyad import fold


def folding(container: Container) -> dict[str, float]:
    """Fold PAIR's events from memory: their number, and events a second of processor time (median of five)."""
    with container.ledger.read() as unit:
        held = list(unit.events.of_dyad(dyad()))
    taken = []
    for _ in range(5):
        begun = time.process_time()
        fold(held, container.codebook)
        taken.append(time.process_time() - begun)
    return {"events": len(held), "rate": len(held) / statistics.median(taken)}


def rebuilding(container: Container) -> dict[str, float]:
    """Seconds of processor time for iterating every event in fold order and for a rebuild; peak memory in MiB.

    `before` is the peak after iterating, `peak` after the rebuild.
    """
    _ = (container.codebook, container.renderer)
    begun = time.process_time()
    with container.ledger.read() as unit:
        for each in list(unit.dyads.every()):
            for _ in unit.events.of_dyad(each):
                pass
    iterating = time.process_time() - begun
    before = peak_megabytes()
    begun = time.process_time()
    container.projector.rebuild()
    return {
        "iterating": iterating,
        "rebuilding": time.process_time() - begun,
        "before": before,
        "peak": peak_megabytes(),
    }


def main() -> None:
    """Run the measurement of the first argument on the ledger in the directory of the second."""
    container = opened(Path(sys.argv[2]))
    measure = {"fold": folding, "rebuild": rebuilding}[sys.argv[1]]
    json.dump(measure(container), sys.stdout)
    container.close()


if __name__ == "__main__":
    main()

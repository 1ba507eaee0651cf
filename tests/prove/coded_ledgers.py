"""Ledgers of invented events that a running stack serves and leaves as they are."""

import sqlite3
from contextlib import closing
from pathlib import Path

from entente.bootstrap.container import Container
from entente.cli.bench.ledgers import filled


def coded_ledger(directory: Path, events: int, dyads: int) -> Container:
    """A container without Redis on a new ledger of so many events, whose articles are coded.

    The benches leave them pending, and a worker would code their texts, which tell of nothing.
    """
    container = filled(directory, events, dyads)
    with closing(sqlite3.connect(directory / "entente.db")) as ledger, ledger:
        ledger.execute("UPDATE articles SET status = 'coded'")
    return container

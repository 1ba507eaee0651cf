"""`entente bench`: measure the project's published figures on this machine, each with its aim."""

import click

from entente.cli.bench.coder import coder
from entente.cli.bench.exports import export_bench
from entente.cli.bench.fold import fold_bench
from entente.cli.bench.importing import data, import_bench
from entente.cli.bench.ingest import ingest_bench
from entente.cli.bench.rates import rates_bench
from entente.cli.bench.read import read_bench
from entente.cli.bench.states import states_bench


@click.group()
def bench() -> None:
    """Measure coder, states, fold, reads, exports, ingestion and imports against their aims."""


bench.add_command(coder)
bench.add_command(export_bench)
bench.add_command(fold_bench)
bench.add_command(rates_bench)
bench.add_command(read_bench)
bench.add_command(states_bench)
bench.add_command(ingest_bench)
bench.add_command(import_bench)
bench.add_command(data)

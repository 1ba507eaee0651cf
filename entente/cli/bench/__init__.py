"""`entente bench`: the figures that the project promises, measured on this machine, each beside its aim."""

import click

from entente.cli.bench.coder import coder


@click.group()
def bench() -> None:
    """Measure what is promised."""


bench.add_command(coder)

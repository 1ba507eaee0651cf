"""`entente baseline`: list the states that the ledger holds from the baseline's documents."""

import json
from collections.abc import Iterator
from pathlib import Path

import click

from entente.bootstrap.baseline import BASELINE
from entente.cli.common import open_container
from entente.cli.show import document_text
from entente.cli.table_files import write_csv
from entente.cli.terminal import one_line, printable
from entente.relations.state_facts import StateFact
from schemas.state_fact_tables import STATE_FACT_COLUMNS, state_fact_rows
from schemas.table_columns import batches


@click.command()
@click.argument("a", required=False)
@click.argument("b", required=False)
@click.option("--facet", help="Only values of this facet.")
@click.option("--json", "form", flag_value="json", help="Print one JSON object a line.")
@click.option("--csv", "form", flag_value="csv", help="Print CSV, with the columns of seeds/baseline/ and more.")
def baseline(a: str | None, b: str | None, facet: str | None, form: str | None) -> None:
    """List the states that documents give: all, those of A, or those between A and B.

    A and B are codes of any scheme, or names. ENTENTE_BASELINE=off removes the baseline from the ledger.
    """
    container = open_container()
    found = container.state_facts.every(BASELINE, a, b, facet)
    if form == "csv":
        columns = dict.fromkeys(STATE_FACT_COLUMNS, "string")
        write_csv(Path("-"), columns, batches(columns, state_fact_rows(found)))
    elif form == "json":
        for row in state_fact_rows(found):
            click.echo(json.dumps(row, ensure_ascii=False))
    else:
        _print(found, switched_on=container.settings.baseline)


def _print(found: Iterator[StateFact], *, switched_on: bool) -> None:
    fact = None
    for fact in found:
        pair = f"{fact.source} → {fact.target}"
        what = f"{fact.facet}[{fact.item}]" if fact.item else fact.facet
        since = fact.begins.label if fact.begins else f"by {fact.known_by}"
        until = fact.ends.label if fact.ends else "to this day"
        click.echo(printable(f"{pair:<14} {what:<28} {fact.value:<22} {since:<14} {until}"))
        click.echo(click.style(f"    {one_line(document_text(fact))}", dim=True))
    if fact is None:
        click.echo("none" if switched_on else "none: ENTENTE_BASELINE is off", err=True)

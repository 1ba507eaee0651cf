"""`entente export`: write events or dyad-months as tables for other tools."""

import sys
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import TypeVar

import click

from entente.bootstrap.container import Container
from entente.cli.common import open_container
from entente.cli.table_files import WRITERS, write_raw_csv
from entente.relations.dyad_months import dyad_months
from entente.services.ports.events import EventQuery
from entente.services.reading.relation_lists import CHOICES
from schemas.dyad_month_tables import dyad_month_columns, dyad_month_rows
from schemas.event_filters import unconfirmed_filter
from schemas.tables import SHAPES, event_rows
from schemas.vocabulary import Vocabulary

T = TypeVar("T")

_DAY = click.DateTime(["%Y-%m-%d"])


@click.command()
@click.argument("what", type=click.Choice(["events", "dyad-months"]))
@click.option("--format", "form", type=click.Choice(list(WRITERS)), help="Default: by the output's suffix, else csv.")
@click.option("--columns", type=click.Choice(list(SHAPES)), default="entente", help="Column layout of events.")
@click.option("--output", "-o", type=click.Path(path_type=Path, dir_okay=False), default=Path("-"), help="Default: -")
@click.option("--source", help="Only events of this source: code of any scheme, or name.")
@click.option("--target", help="Only events towards this target: code of any scheme, or name.")
@click.option("--from", "first", type=_DAY, help="First day (UTC).")
@click.option("--to", "last", type=_DAY, help="Last day (UTC), inclusive.")
@click.option("--min-confidence", type=click.FloatRange(0, 1), help="Least confidence of an event.")
@click.option("--unconfirmed", type=click.Choice(CHOICES), default="include", help="Events below the floor.")
@click.option("--raw-cells", is_flag=True, help="CSV for programs: leave text that a spreadsheet may run as it is.")
def export(
    what: str,
    form: str | None,
    columns: str,
    output: Path,
    source: str | None,
    target: str | None,
    first: datetime | None,
    last: datetime | None,
    min_confidence: float | None,
    unconfirmed: str,
    raw_cells: bool,
) -> None:
    """Write events or dyad-months as a table, newest first.

    Memory use is constant. docs/export.md describes the columns and where their names come from. Parquet needs
    pyarrow.
    """
    if first and last and first > last:
        raise click.UsageError(f"--to {last:%Y-%m-%d} lies before --from {first:%Y-%m-%d}")
    container = open_container()
    query = EventQuery(
        source=_key(container, source),
        target=_key(container, target),
        starts_from=first.date() if first else None,
        starts_to=last.date() if last else None,
        min_confidence=min_confidence,
        unconfirmed=unconfirmed_filter(unconfirmed, container.codebook),
    )
    vocabulary = Vocabulary(container.codebook, container.entities)
    events = _counted(container.events.every(query), "events")
    if what == "events":
        header, rows = list(SHAPES[columns]), event_rows(events, vocabulary, SHAPES[columns])
    else:
        header = dyad_month_columns(vocabulary)
        rows = dyad_month_rows(dyad_months(events, container.codebook), vocabulary)
    suffix = output.suffix.lstrip(".")
    form = form or (suffix if suffix in WRITERS else "csv")
    write = write_raw_csv if raw_cells and form == "csv" else WRITERS[form]
    write(output, header, rows)


def _key(container: Container, code: str | None) -> str | None:
    return container.entities.resolve(code).key if code is not None else None


def _counted(items: Iterable[T], name: str) -> Iterator[T]:
    """Yield the items, and show their number so far on standard error if that is a terminal."""
    shown = sys.stderr.isatty()
    number = 0
    for number, item in enumerate(items, start=1):
        yield item
        if shown and number % 1000 == 0:
            click.echo(f"\r{number:,} {name}", nl=False, err=True)
    if shown:
        click.echo(f"\r{number:,} {name}", err=True)

"""`entente export`: write events, dyad-months, states or a panel as tables for other tools."""

import gc
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypedDict, TypeVar

import click

from entente.bootstrap.container import Container
from entente.cli.common import open_container
from entente.cli.relation import RecordTime
from entente.cli.table_files import WRITERS, format_of, write_raw_csv, write_shape, writing
from entente.relations.codebook import HAPPENED
from entente.relations.dyad_months import dyad_months
from entente.relations.events import STATUSES
from entente.relations.panels import UNITS
from entente.relations.periods import Period
from entente.services.ports.events import EventQuery
from entente.services.reading.panels import PanelQuery
from entente.services.reading.relation_lists import CHOICES
from entente.services.reading.state_tables import StateQuery
from schemas.dyad_month_tables import dyad_month_columns, dyad_month_rows
from schemas.event_filters import unconfirmed_filter
from schemas.event_layouts import LAYOUTS, layout_lines
from schemas.panel_tables import PanelTable
from schemas.state_tables import STATES, state_batches
from schemas.table_columns import Batch, Columns, batches
from schemas.tables import CODED_STATUSES, SHAPES, event_batches, event_types
from schemas.vocabulary import Vocabulary

T = TypeVar("T")

_DAY = click.DateTime(["%Y-%m-%d"])
_STATUS = "Only events of this status, repeatable. Default: all; in others' columns, all that have a code of their own."
_FORMAT = (
    "Default: by the output's suffix; csv without one. gdelt (2.0), gdelt1, icews, polecat: those projects' files."
)
_FROM = "First day (UTC): of events by their first day; of dyad-months and panels a day in the first period."
_TO = "Last day (UTC), inclusive; of dyad-months and panels a day in the last period. A panel needs --from."
_COUNTED = "Status counted as done in dyad-months and panels, repeatable. Default: effective and ongoing."

#: Options that only some tables take, each with the tables that take it.
_TAKEN_BY: Mapping[str, frozenset[str]] = {
    "columns": frozenset({"events"}),
    "statuses": frozenset({"events"}),
    "min_confidence": frozenset({"events", "dyad-months", "panel"}),
    "unconfirmed": frozenset({"events", "dyad-months", "panel"}),
    "counted": frozenset({"dyad-months", "panel"}),
    "first": frozenset({"events", "dyad-months", "panel"}),
    "last": frozenset({"events", "dyad-months", "panel"}),
    "facets": frozenset({"states", "panel"}),
    "unit": frozenset({"panel"}),
    "directed": frozenset({"panel"}),
    "as_of": frozenset({"states", "panel"}),
}

#: Options that change a table of Entente's own, which the files of other projects are not.
_OWN_TABLES = ("columns", "raw_cells")


@dataclass(frozen=True, slots=True)
class _Asked:
    """The options, by their names on the command line."""

    source: str | None
    target: str | None
    columns: str
    statuses: tuple[str, ...]
    first: date | None
    last: date | None
    min_confidence: float | None
    unconfirmed: str
    counted: frozenset[str]
    facets: tuple[str, ...]
    unit: str
    directed: bool
    as_of: date | None
    known_at: date | datetime | None
    published_by: date | None

    @property
    def clocks(self) -> "_Clocks":
        """Those that tables of events take."""
        return {"known_at": self.known_at, "published_by": self.published_by}


class _Clocks(TypedDict):
    known_at: date | datetime | None
    published_by: date | None


@click.command()
@click.argument("what", type=click.Choice(["events", "dyad-months", "states", "panel"]))
@click.option("--format", "form", type=click.Choice([*WRITERS, *LAYOUTS]), help=_FORMAT)
@click.option("--columns", type=click.Choice(list(SHAPES)), default="entente", help="Column names of events.")
@click.option("--output", "-o", type=click.Path(path_type=Path, dir_okay=False), default=Path("-"), help="Default: -")
@click.option("--status", "statuses", type=click.Choice(STATUSES), multiple=True, help=_STATUS)
@click.option("--source", help="Only this source: code of any scheme, or name. In a country-year panel, the country.")
@click.option("--target", help="Only this target: code of any scheme, or name.")
@click.option("--from", "first", type=_DAY, help=_FROM)
@click.option("--to", "last", type=_DAY, help=_TO)
@click.option("--min-confidence", type=click.FloatRange(0, 1), help="Least confidence of an event.")
@click.option("--unconfirmed", type=click.Choice(CHOICES), default="include", help="Events below the floor.")
@click.option("--counted", type=click.Choice(STATUSES), multiple=True, default=sorted(HAPPENED), help=_COUNTED)
@click.option("--facet", "facets", multiple=True, help="Facet of states (one), or column of a panel: NAME, NAME:VALUE.")
@click.option("--unit", type=click.Choice(list(UNITS)), default="dyad-month", help="What a row of a panel is of.")
@click.option("--directed/--undirected", default=True, help="A panel's rows: each direction, or both together.")
@click.option("--as-of", type=_DAY, help="States and values as of this day (UTC); default today.")
@click.option("--known-at", type=RecordTime(), help="Use only what was recorded by then.")
@click.option("--published-by", type=_DAY, help="Use only what articles published by this day report.")
@click.option("--raw-cells", is_flag=True, help="CSV for programs: leave text that a spreadsheet may run as it is.")
@click.pass_context
def export(
    context: click.Context, /, what: str, form: str | None, output: Path, *, raw_cells: bool, **options: Any
) -> None:
    """Write events, dyad-months, states or a balanced panel as a table.

    Memory use is constant. docs/export.md describes the columns and where their names come from. Parquet needs
    pyarrow. A CSV file comes with a datapackage.json, which names the types of its columns.
    """
    _check(context, what)
    asked = _asked(options)
    if asked.first and asked.last and asked.first > asked.last:
        raise click.UsageError(f"--to {asked.last} lies before --from {asked.first}")
    form = form or format_of(output)
    if form in LAYOUTS:
        _check_layout(context, what, form)
    container = open_container()
    # What is loaded is no garbage: passes over it would take a fifth of the time of a long export.
    gc.freeze()
    if form in LAYOUTS:
        layout = LAYOUTS[form]
        query = _event_query(container, asked, CODED_STATUSES)
        events = _counted(container.events.with_addresses(query, **asked.clocks), "events", lambda told: len(told[0]))
        with writing(output):
            write_shape(output, layout_lines(events, _vocabulary(container), layout))
        return
    columns, found = _TABLES[what](container, asked)
    write = write_raw_csv if raw_cells and form == "csv" else WRITERS[form]
    with writing(output):
        write(output, columns, found)


_Table = tuple[Columns, Iterable[Batch]]


def _events(container: Container, asked: _Asked) -> _Table:
    names = SHAPES[asked.columns]
    query = _event_query(container, asked, None if asked.columns == "entente" else CODED_STATUSES)
    events = _counted(container.events.tables(query, **asked.clocks), "events", len)
    return event_types(names), event_batches(events, _vocabulary(container), names)


def _dyad_months(container: Container, asked: _Asked) -> _Table:
    vocabulary = _vocabulary(container)
    # A month that is cut would look like one in which less happened.
    first = asked.first.replace(day=1) if asked.first else None
    last = Period(asked.last, "month").last if asked.last else None
    asked = replace(asked, first=first, last=last)
    events = container.events.facts(_event_query(container, asked, None), **asked.clocks)
    months = dyad_months(_counted(events, "events"), container.codebook, asked.counted)
    columns = dyad_month_columns(vocabulary)
    return columns, batches(columns, dyad_month_rows(months, vocabulary))


def _states(container: Container, asked: _Asked) -> _Table:
    if len(asked.facets) > 1:
        raise click.UsageError("--facet of states is one facet, or none for all")
    facet = asked.facets[0] if asked.facets else None
    clocks = (asked.as_of, asked.known_at, asked.published_by)
    states = container.states.tables(StateQuery(asked.source, asked.target, facet, *clocks))
    return STATES, state_batches(_counted(states, "states", len), _vocabulary(container))


def _panel(container: Container, asked: _Asked) -> _Table:
    query = PanelQuery(
        unit=asked.unit,
        first=asked.first,
        last=asked.last,
        source=asked.source,
        target=asked.target,
        directed=asked.directed,
        facets=asked.facets,
        counted=asked.counted,
        min_confidence=asked.min_confidence,
        unconfirmed=asked.unconfirmed,
        as_of=asked.as_of,
        known_at=asked.known_at,
        published_by=asked.published_by,
    )
    table = PanelTable(query, container.panels.facets(query), _vocabulary(container))
    rows = table.rows(_counted(container.panels.rows(query), "rows"))
    return table.columns, batches(table.columns, rows)


_TABLES = {"events": _events, "dyad-months": _dyad_months, "states": _states, "panel": _panel}


def _check(context: click.Context, what: str) -> None:
    """Refuse options that were given and that the table does not take."""
    for name, tables in _TAKEN_BY.items():
        if _given(context, name) and what not in tables:
            raise click.UsageError(f"{_spelt(context, name)} is of {_listed(tables)}, not of {what}")


def _check_layout(context: click.Context, what: str, form: str) -> None:
    """Refuse a table that the layout has no place for, and options that it leaves without effect."""
    if what != "events":
        raise click.UsageError(f"--format {form} is of events, not of {what}: use csv, ndjson or parquet")
    for name in _OWN_TABLES:
        if _given(context, name):
            raise click.UsageError(
                f"{_spelt(context, name)} is of csv, ndjson and parquet; --format {form} has columns of its own: "
                "give one of the two"
            )


def _given(context: click.Context, name: str) -> bool:
    return context.get_parameter_source(name) != click.core.ParameterSource.DEFAULT


def _spelt(context: click.Context, name: str) -> str:
    """An option as the command line spells it."""
    return next(parameter.opts[0] for parameter in context.command.params if parameter.name == name)


def _listed(tables: Iterable[str]) -> str:
    *others, last = sorted(tables)
    return f"{', '.join(others)} and {last}" if others else last


def _asked(options: Mapping[str, Any]) -> _Asked:
    days = {name: options[name] for name in ("first", "last", "as_of", "published_by")}
    found = {name: day.date() if day else None for name, day in days.items()}
    return _Asked(**{**options, **found, "counted": frozenset(options["counted"])})


def _event_query(container: Container, asked: _Asked, statuses: tuple[str, ...] | None) -> EventQuery:
    """The query of the events asked for; of `statuses` unless others are named."""
    return EventQuery(
        source=_key(container, asked.source),
        target=_key(container, asked.target),
        statuses=asked.statuses or statuses,
        starts_from=asked.first,
        starts_to=asked.last,
        min_confidence=asked.min_confidence,
        unconfirmed=unconfirmed_filter(asked.unconfirmed, container.codebook),
    )


def _vocabulary(container: Container) -> Vocabulary:
    return Vocabulary(container.codebook, container.entities)


def _key(container: Container, code: str | None) -> str | None:
    return container.entities.resolve(code).key if code is not None else None


def _counted(items: Iterable[T], name: str, size: Callable[[T], int] = lambda _: 1) -> Iterator[T]:
    """Yield the items, and show how many there were so far on standard error if that is a terminal."""
    shown = sys.stderr.isatty()
    number = 0
    for item in items:
        yield item
        before, number = number, number + size(item)
        if shown and number // 1000 > before // 1000:
            click.echo(f"\r{number:,} {name}", nl=False, err=True)
    if shown:
        click.echo(f"\r{number:,} {name}", err=True)

"""`entente relation A B`: show the relation records of two countries in both directions, with evidence and history."""

import json
from datetime import UTC, date, datetime

import click

from entente.bootstrap.container import Container
from entente.cli.common import json_option, open_container
from entente.cli.imported import imported_lines
from entente.cli.show import history_lines, relation_lines
from entente.relations.periods import Period


class RecordTime(click.ParamType[date | datetime]):
    """Option type for `--known-at`: an aware datetime in UTC from RFC 3339, or a date for a whole day."""

    name = "moment"

    def convert(self, value: str | date, param: click.Parameter | None, ctx: click.Context | None) -> date | datetime:
        if isinstance(value, date):
            return value
        try:
            if len(value) == 10:
                return Period.parse(value).first
            moment = datetime.fromisoformat(value)
            if moment.tzinfo is None:
                self.fail(f"{value!r} has no offset from UTC: add Z or an offset such as +02:00", param, ctx)
            return moment.astimezone(UTC)
        except (ValueError, OverflowError):
            self.fail(f"{value!r} is not a moment: 2025-07-03T12:00:00Z or 2025-07-03", param, ctx)


@click.command()
@click.argument("a")
@click.argument("b")
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="State on this day (UTC); default today.")
@click.option(
    "--known-at",
    type=RecordTime(),
    help="Use only what was recorded by then: the end of a day, or 2025-07-03T12:00:00Z; default now.",
)
@click.option(
    "--published-by",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Use only what articles published by this day report, whenever they were recorded.",
)
@json_option
def relation(
    a: str,
    b: str,
    as_of: datetime | None,
    known_at: date | datetime | None,
    published_by: datetime | None,
    as_json: bool,
) -> None:
    """Show the relations of A towards B and of B towards A.

    A and B are codes of any scheme, or names: RUS, RU, Russia, cow:365.
    """
    container = open_container()
    day = as_of.date() if as_of else None
    show = as_json_text if as_json else as_text
    click.echo(show(container, a, b, day, known_at, published_by.date() if published_by else None))


def as_text(
    container: Container,
    a: str,
    b: str,
    day: date | None = None,
    known_at: date | datetime | None = None,
    published_by: date | None = None,
) -> str:
    """Both records with their evidence, then the dated history. Raises UnknownEntity."""
    relations, entities = container.relations, container.entities
    blocks = []
    for source, target in ((a, b), (b, a)):
        record = relations.record(source, target, day, known_at, published_by)
        blocks.append("\n".join(relation_lines(record, entities, container.events.event)))
    both = ((a, b), (b, a))
    told = [
        container.relations.history(*pair, as_of=day, known_at=known_at, published_by=published_by) for pair in both
    ]
    intervals = [interval for history in told for interval in history.intervals]
    if intervals:
        blocks.append("\n".join(["History", *history_lines(intervals)]))
    beside = imported_lines(container.import_reads.of(*pair, "year", None, day) for pair in both)
    # When a data set was imported says nothing of when its events were known.
    if beside and known_at is None:
        blocks.append("\n".join(["Imported data sets, beside the above", *beside]))
    return "\n\n".join(blocks)


def as_json_text(
    container: Container,
    a: str,
    b: str,
    day: date | None = None,
    known_at: date | datetime | None = None,
    published_by: date | None = None,
) -> str:
    """A JSON array of both records as the API serves them."""
    return json.dumps(
        [json.loads(served.body) for served in container.relations.rendered_dyad(a, b, day, known_at, published_by)],
        ensure_ascii=False,
    )

"""`entente relation A B`: how two countries stand with one another, both ways, and by what evidence."""

import json
from datetime import date, datetime

import click

from entente.bootstrap.container import Container
from entente.cli.common import json_option, open_container
from entente.cli.show import history_lines, relation_lines


@click.command()
@click.argument("a")
@click.argument("b")
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="How it was on this day (UTC); default today.")
@json_option
def relation(a: str, b: str, as_of: datetime | None, as_json: bool) -> None:
    """Show how A stands with B, and B with A. Codes of any scheme or names: RUS, RU, Russia, cow:365."""
    container = open_container()
    day = as_of.date() if as_of else None
    click.echo(as_json_text(container, a, b, day) if as_json else as_text(container, a, b, day))


def as_text(container: Container, a: str, b: str, day: date | None) -> str:
    """Both records with their evidence, then the dated history."""
    query, entities = container.query, container.entities
    blocks = []
    for source, target in ((a, b), (b, a)):
        record = query.relation_record(source, target, day)
        blocks.append("\n".join(relation_lines(record, entities, container.events.event)))
    both = ((a, b), (b, a))
    intervals = [i for source, target in both for i in container.relations.history(source, target, as_of=day).intervals]
    if intervals:
        blocks.append("\n".join(["History", *history_lines(intervals)]))
    return "\n\n".join(blocks)


def as_json_text(container: Container, a: str, b: str, day: date | None) -> str:
    """The two records as the API serves them."""
    return json.dumps([json.loads(served.body) for served in container.query.dyad(a, b, day)], ensure_ascii=False)

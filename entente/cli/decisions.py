"""`entente confirm` and `entente reject`: an analyst's decisions about reported events."""

import json

import click

from entente.cli.common import json_option, open_container
from entente.cli.terminal import printable
from entente.services.curating.assertions import Decided, Signature
from schemas.assertions import decided_shape

_EVENTS = click.argument("events", nargs=-1, required=True, metavar="EVENT...")
_AUTHOR = click.option("--author", required=True, help="Who decides.")
_REASON = click.option("--reason", required=True, help="Why.")
_REFERENCE = click.option("--reference", help="Where it can be checked, such as a URL.")


@click.command()
@_EVENTS
@_AUTHOR
@_REASON
@_REFERENCE
@json_option
def confirm(events: tuple[str, ...], author: str, reason: str, reference: str | None, as_json: bool) -> None:
    """Confirm reported events that happened as they are coded.

    EVENT is the id of an event. All are confirmed, or none. A confirmed event is above any floor.
    """
    made = open_container().assertions.decide(Signature(author, reason, reference), events, ())
    click.echo(_shown(made, as_json))


@click.command()
@_EVENTS
@_AUTHOR
@_REASON
@_REFERENCE
@json_option
def reject(events: tuple[str, ...], author: str, reason: str, reference: str | None, as_json: bool) -> None:
    """Reject reported events that are not as they are coded.

    EVENT is the id of an event. All are rejected, or none. Their mentions are retired, and later ones not recorded.
    """
    made = open_container().assertions.decide(Signature(author, reason, reference), (), events)
    click.echo(_shown(made, as_json))


def _shown(made: Decided, as_json: bool) -> str:
    if as_json:
        return json.dumps(decided_shape(made), ensure_ascii=False)
    told = [f"{assertion.kind} {assertion.event}" for assertion in made.assertions]
    moved = [f"  {c.source}→{c.target} {c.facet}: {c.before} → {c.after}" for c in made.changes if c.standing == "held"]
    return "\n".join(map(printable, [*told, *moved]))

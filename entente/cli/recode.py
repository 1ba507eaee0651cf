"""`entente recode`: preview and apply coding articles again."""

import json
from collections.abc import Iterator, Sequence

import click

from entente.bootstrap.container import Container
from entente.cli.common import json_option, open_container, progress
from entente.cli.terminal import one_line, printable
from entente.relations.events import BY_ARTICLE, CodedEvent
from entente.relations.states import Change
from entente.services.curating.corrections import Correction
from entente.services.errors import ServiceError


@click.command()
@click.argument("ids", nargs=-1, metavar="[ARTICLE]...")
@click.option("--all", "everything", is_flag=True, help="All coded articles.")
@click.option("--yes", is_flag=True, help="Apply without asking.")
@click.option("--preview", is_flag=True, help="Only show what would change.")
@json_option
def recode(ids: tuple[str, ...], everything: bool, yes: bool, preview: bool, as_json: bool) -> None:
    """Code articles again with the current coder.

    Shows the events that would be added (+) and removed (-) and the facets that would change, then asks before it
    applies them.
    """
    if everything == bool(ids):
        raise click.UsageError("name articles, or give --all")
    container = open_container()
    chosen = list(ids) or list(container.corrections.every_article())
    changed = dict(_differences(container, chosen))
    for id, outcome in changed.items():
        click.echo(json.dumps({"article": id, **_counts(outcome)}) if as_json else _shown(id, outcome))
    click.echo(f"{len(changed)} of {len(chosen)} articles would be coded differently", err=True)
    if preview or not changed or not (yes or click.confirm("Apply?", err=True)):
        return
    with progress("Coding") as move:
        for done, id in enumerate(changed, start=1):
            container.corrections.recode(id)
            container.code_articles.run(id)
            move(done, len(changed))


def _differences(container: Container, ids: Sequence[str]) -> Iterator[tuple[str, Correction]]:
    with progress("Comparing") as move:
        for done, id in enumerate(ids, start=1):
            try:
                outcome = container.previews.recode(id)
            except ServiceError as error:
                raise click.ClickException(one_line(str(error))) from error
            if outcome.come or outcome.gone:
                yield id, outcome
            move(done, len(ids))


def _counts(outcome: Correction) -> dict[str, object]:
    return {
        "come": [_told(event) for event in outcome.come],
        "gone": [_told(event) for event in outcome.gone],
        "changes": len(outcome.changes),
    }


def _shown(id: str, outcome: Correction) -> str:
    moves = [f"  {c.source}→{c.target} {c.facet}: {c.before} → {c.after}{_standing(c)}" for c in outcome.changes]
    lines = [*(f"  + {_told(e)}" for e in outcome.come), *(f"  - {_told(e)}" for e in outcome.gone), *moves]
    return "\n".join(map(printable, [f"article {id}", *lines]))


def _standing(change: Change) -> str:
    return "" if change.standing == "held" else f" ({change.standing})"


def _told(event: CodedEvent) -> str:
    when = event.period.label if event.period else "undated"
    origin = f", {BY_ARTICLE[event.dated_by]}" if event.dated_by in BY_ARTICLE else ""
    return f"{event.source.party} {event.act} {event.target.party} ({event.status}, {when}{origin})"

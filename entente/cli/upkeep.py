"""`entente rebuild`, `verify` and `prune`: derive again from the ledger, compare with it, delete old deliveries."""

import json

import click

from entente.cli.common import json_option, open_container, progress
from entente.cli.terminal import printable


@click.command()
@json_option
def rebuild(as_json: bool) -> None:
    """Derive every relation again from the ledger; refill the cache.

    Readers are served from the old cache until the new one is complete.
    """
    container = open_container()
    with progress("Rebuilding") as move:
        count = container.projector.rebuild(move)
    click.echo(
        json.dumps({"dyads": count}) if as_json else f"{count} {'pair' if count == 1 else 'pairs'} of countries rebuilt"
    )


@click.command()
@json_option
def verify(as_json: bool) -> None:
    """Recompute every relation from the ledger and print differences.

    Compares with the stored states and with the cache. Exit 1 at any difference.
    """
    container = open_container()
    with progress("Verifying") as move:
        differences = container.projector.verify(move)
    if as_json:
        click.echo(json.dumps({"differences": differences}))
    elif not differences:
        click.echo("no difference")
    else:
        click.echo("\n".join(map(printable, differences)))
    if differences:
        count = len(differences)
        raise click.ClickException(f"{count} {'difference' if count == 1 else 'differences'}; run `entente rebuild`")


@click.command()
@click.option("--days", type=click.IntRange(1, 36_500), default=90, show_default=True, help="Days that they are kept.")
def prune(days: int) -> None:
    """Delete the records of old deliveries to subscribers.

    Deliveries that are still tried, articles, events and changes are kept.
    """
    count = open_container().subscriptions.prune(days)
    click.echo(f"{count:,} {'delivery' if count == 1 else 'deliveries'} deleted")

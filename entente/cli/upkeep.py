"""`entente rebuild` and `entente verify`: derive all relations again from the ledger, or compare them with it."""

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

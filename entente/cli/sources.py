"""`entente sources`: register senders of webhooks and manage their secrets."""

import json

import click

from entente.cli.common import json_option, open_container
from entente.cli.terminal import printable
from entente.relations.publishers import ANY
from entente.services.ports.sources import Source


@click.group()
def sources() -> None:
    """Register and list senders of webhooks; rotate their secrets."""


@sources.command()
@click.argument("name")
@click.option(
    "--publisher",
    "publishers",
    multiple=True,
    help=f"A publisher whose articles it may deliver, by name or host; repeatable. {ANY!r}: any. Default: NAME itself.",
)
@json_option
def add(name: str, publishers: tuple[str, ...], as_json: bool) -> None:
    """Register the sender NAME and print its secret.

    The secret (whsec_…) signs deliveries as Standard Webhooks describes.
    """
    source = open_container().sources.add(name, publishers)
    if as_json:
        shown = {"name": source.name, "publishers": source.publishers, "secret": source.secrets[0]}
        click.echo(json.dumps(shown))
        return
    told = f"{source.name} may post {_publishers(source)} to /v1/webhooks/{source.name}, signed with"
    click.echo(printable(told), err=True)
    click.echo(source.secrets[0])


@sources.command()
@click.argument("name")
@click.argument("publishers", nargs=-1, required=True, metavar="PUBLISHER…")
def bind(name: str, publishers: tuple[str, ...]) -> None:
    """Let NAME deliver articles of these publishers only.

    A publisher is a name or a host. '*' alone stands for any: for an aggregator.
    """
    source = open_container().sources.bind(name, publishers)
    click.echo(printable(f"{source.name} may post {_publishers(source)}"))


@sources.command()
@click.argument("name")
@json_option
def rotate(name: str, as_json: bool) -> None:
    """Create and print a new secret for NAME.

    The previous secret is accepted too, until the next rotation.
    """
    source = open_container().sources.rotate(name)
    if as_json:
        click.echo(json.dumps({"name": source.name, "secret": source.secrets[0]}))
        return
    click.echo(printable(f"{source.name} should now sign with"), err=True)
    click.echo(source.secrets[0])


@sources.command()
@click.argument("name")
def remove(name: str) -> None:
    """Refuse deliveries from NAME from now on.

    Articles that it sent are kept. `rotate` admits it again.
    """
    click.echo(printable(f"{open_container().sources.remove(name).name} may no longer post"))


@sources.command("list")
@json_option
def list_(as_json: bool) -> None:
    """List the registered senders."""
    found = open_container().sources.list()
    if as_json:
        rows = [
            {
                "name": s.name,
                "active": s.active,
                "created_at": s.created_at.isoformat(),
                "publishers": list(s.publishers),
            }
            for s in found
        ]
        click.echo(json.dumps(rows))
        return
    for source in found:
        state = "active" if source.active else "off"
        since = f"{source.name:<24} {state:<7} since {source.created_at:%Y-%m-%d}"
        click.echo(printable(f"{since}  {_publishers(source)}"))


def _publishers(source: Source) -> str:
    """Whose articles a sender may deliver, in words."""
    if ANY in source.publishers:
        return "articles of any publisher"
    return f"articles of {', '.join(source.publishers)}"

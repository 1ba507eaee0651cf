"""`entente keys`: create, list and revoke API keys."""

import json

import click

from entente.cli.common import json_option, open_container
from entente.cli.terminal import printable
from entente.services.ports.api_keys import SCOPES, ApiKey


@click.group()
def keys() -> None:
    """Create, list and revoke API keys.

    Every write over HTTP except a signed webhook needs a key.
    """


@keys.command("add")
@click.argument("name")
@click.option(
    "--scope", "scopes", multiple=True, required=True, type=click.Choice(SCOPES), help="Scope of the key; repeatable."
)
@click.option("--days", type=click.IntRange(1, 36_500), help="Days until the key expires; without it, never.")
@json_option
def add(name: str, scopes: tuple[str, ...], days: int | None, as_json: bool) -> None:
    """Create a key called NAME and print it. It is not shown again."""
    made = open_container().keys.add(name, scopes, days)
    if as_json:
        click.echo(json.dumps({**_shape(made.key), "token": made.token}))
        return
    click.echo(made.token)
    click.echo(f"Key {made.key.id} ({', '.join(made.key.scopes)}) is not shown again. Send it as:", err=True)
    click.echo("  Authorization: Bearer KEY", err=True)


@keys.command("list")
@json_option
def list_keys(as_json: bool) -> None:
    """List all keys, without their tokens."""
    found = open_container().keys.list()
    if as_json:
        click.echo(json.dumps([_shape(key) for key in found]))
        return
    for key in found:
        click.echo(_line(key))


@keys.command("revoke")
@click.argument("key_id", metavar="ID")
def revoke(key_id: str) -> None:
    """Revoke the key with this ID. This cannot be undone."""
    key = open_container().keys.revoke(key_id)
    click.echo(printable(f"revoked {key.id} ({key.name})"))


def _line(key: ApiKey) -> str:
    state = "revoked" if key.revoked_at else f"until {key.expires_at:%Y-%m-%d}" if key.expires_at else "no expiry"
    used = f"last used {key.last_used_at:%Y-%m-%d %H:%M}" if key.last_used_at else "never used"
    return printable(f"{key.id}  {key.name}  {','.join(key.scopes)}  {state}  {used}")


def _shape(key: ApiKey) -> dict[str, object]:
    times = {name: getattr(key, name) for name in ("created_at", "expires_at", "last_used_at", "revoked_at")}
    shown = {name: at.isoformat() if at else None for name, at in times.items()}
    return {"id": key.id, "name": key.name, "scopes": list(key.scopes), **shown}

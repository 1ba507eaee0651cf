"""`entente backup` and `entente restore`: copy an SQLite ledger to a file and back."""

from pathlib import Path

import click

from entente.cli.common import load_settings
from entente.cli.terminal import printable


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def backup(file: Path) -> None:
    """Copy the ledger to FILE, a new SQLite database that holds everything of worth in the data directory.

    The stack may run meanwhile. FILE holds the secrets of webhooks and subscriptions. With PostgreSQL use pg_dump
    (docs/operations.md).
    """
    from entente.bootstrap.ledger_copies import back_up

    settings = load_settings()
    back_up(settings, file)
    click.echo(printable(f"{settings.data_dir}: ledger copied to {file} ({file.stat().st_size / 1e6:.1f} MB)"))


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def restore(file: Path) -> None:
    """Make the backup FILE the ledger of the data directory, which must hold none.

    The backup may be of an older version: its tables are migrated. With PostgreSQL use pg_restore
    (docs/operations.md).
    """
    from entente.bootstrap.ledger_copies import restore as put_back

    settings = load_settings()
    revision = put_back(settings, file)
    click.echo(printable(f"{settings.data_dir}: ledger restored from {file} (revision {revision})"))

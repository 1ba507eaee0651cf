"""`entente migrate`: bring the ledger's tables to another revision, also back to one that an older version knows."""

import click

from entente.bootstrap import running
from entente.bootstrap.container import Container
from entente.cli.common import load_settings
from entente.cli.terminal import printable
from entente.services.errors import Conflict


@click.command()
@click.option("--to", "revision", metavar="REVISION", help="Default: the newest that this version knows.")
@click.option("--yes", is_flag=True, help="Go back without asking.")
@click.option("--show", is_flag=True, help="Only print the ledger's revision and those that this version knows.")
def migrate(revision: str | None, yes: bool, show: bool) -> None:
    """Migrate the ledger's tables. Every process that starts does so up to the newest revision.

    To return to an older version of Entente: stop everything, go back with the newer one to a revision that the older
    one knows, start the older one. What later revisions added is lost.
    """
    container = Container(load_settings())
    if show:
        now, known = container.revision()
        click.echo(printable(f"ledger: {now or 'no tables'}; this version knows: {', '.join(known)}"))
        return
    if revision is not None and _goes_back(container, revision):
        stack = running.find(container.settings.data_dir)
        if stack:
            raise Conflict(f"a stack runs on {container.settings.data_dir} (pid {stack.pid}): stop it first")
        if not yes:
            lost = f"Columns and tables that came after revision {revision}, and what they hold, will be lost. Go on?"
            click.confirm(lost, abort=True)
    container.migrate(revision)
    click.echo(printable(f"the ledger is at revision {container.revision()[0]}"))


def _goes_back(container: Container, revision: str) -> bool:
    now, known = container.revision()
    return revision in known and now in known and known.index(revision) < known.index(now)

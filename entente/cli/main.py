"""The `entente` command: its subcommands, and how errors become one line and an exit code.

Exit codes: 0 done, 1 failed (one line on standard error says why), 2 wrong usage.
"""

import atexit
import gc
import importlib
import keyword
from typing import Any

import click

import entente
from entente.bootstrap.errors import EXPECTED, StopRequested
from entente.cli.terminal import one_line, printable_errors

#: Subcommand → its module, imported on use: `entente code` must not wait for the database's libraries.
VERBS = {
    "up": "entente.cli.stack",
    "demo": "entente.cli.demo",
    "serve": "entente.cli.stack",
    "work": "entente.cli.stack",
    "beat": "entente.cli.stack",
    "ingest": "entente.cli.ingest",
    "articles": "entente.cli.articles",
    "relation": "entente.cli.relation",
    "baseline": "entente.cli.baseline",
    "import": "entente.cli.importing",
    "code": "entente.cli.code",
    "bench": "entente.cli.bench",
    "recode": "entente.cli.recode",
    "proposals": "entente.cli.proposals",
    "confirm": "entente.cli.decisions",
    "reject": "entente.cli.decisions",
    "rebuild": "entente.cli.upkeep",
    "verify": "entente.cli.upkeep",
    "prune": "entente.cli.upkeep",
    "migrate": "entente.cli.migrate",
    "backup": "entente.cli.backup",
    "restore": "entente.cli.backup",
    "export": "entente.cli.export",
    "mcp": "entente.cli.mcp",
    "doctor": "entente.cli.doctor",
    "sources": "entente.cli.sources",
    "feeds": "entente.cli.feeds",
    "subscriptions": "entente.cli.subscriptions",
    "keys": "entente.cli.api_keys",
}


class Verbs(click.Group):
    """A group that imports a subcommand's module on use and turns expected errors into ClickException."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        return list(VERBS)

    def get_command(self, _ctx: click.Context, name: str) -> click.Command | None:
        if name not in VERBS:
            return None
        attribute = f"{name}_" if keyword.iskeyword(name) else name
        command = getattr(importlib.import_module(VERBS[name]), attribute)
        assert isinstance(command, click.Command)
        return command

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        with printable_errors():
            return super().make_context(info_name, args, parent, **extra)

    def invoke(self, ctx: click.Context) -> object:
        try:
            with printable_errors():
                return super().invoke(ctx)
        except EXPECTED as error:
            raise click.ClickException(one_line(str(error)) or type(error).__name__) from error
        except StopRequested:
            raise click.ClickException("stopped before it finished") from None


@click.group(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(entente.__version__, prog_name="entente")
def main() -> None:
    """Code news into events between countries and keep a record of their relations, with evidence for each value.

    Settings come from the environment; .env.example lists them. Data is kept in ENTENTE_DATA_DIR (default ./var).
    """
    # Without it the interpreter's end searches all that was imported for garbage: .1 s and more of a short command.
    atexit.register(gc.freeze)

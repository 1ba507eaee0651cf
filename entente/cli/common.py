"""Shared by the commands: settings, the container, the --json option and progress bars."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import click

from entente.bootstrap import running
from entente.bootstrap.container import Container
from entente.bootstrap.logging import configure_logging
from entente.bootstrap.settings import Settings
from entente.cli.terminal import printable

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


def load_settings() -> Settings:
    """Read the settings from the environment and configure logging. Raises SettingsError.

    A command says on standard output what it did, so it logs from warnings on, unless a level is asked for.
    """
    settings = Settings.from_env()
    configure_logging(replace(settings, log_level="warning") if settings.log_level == "info" else settings)
    return settings


def open_container(*, migrate: bool = True) -> Container:
    """A container on the environment's settings.

    Where none is configured, it uses the Redis of the embedded stack that runs on the data directory, if there is one.
    """
    settings = load_settings()
    stack = running.find(settings.data_dir)
    if stack and settings.redis_url is None:
        settings = replace(settings, redis_url=stack.redis_url)
    container = Container(settings)
    if migrate:
        container.prepare()
    return container


def warn_of_old_states(container: Container) -> None:
    """Warn on standard error of states derived under another codebook version, with the remedy."""
    if behind := container.projector.left_behind():
        click.echo(printable(f"Warning: {behind}."), err=True)


@contextmanager
def progress(label: str) -> Iterator[Callable[[int, int], None]]:
    """Show a progress bar on standard error if that is a terminal. Yields a function of (done, total)."""
    with click.progressbar(length=1, label=label, file=sys.stderr, hidden=not sys.stderr.isatty()) as bar:

        def move(done: int, of: int) -> None:
            bar.length = max(of, 1)
            bar.update(done - bar.pos)

        yield move

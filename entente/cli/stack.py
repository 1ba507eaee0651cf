"""`entente up`: the whole system with one command; `serve`, `work`, `beat`: its processes one by one."""

import contextlib
import json
import os
from pathlib import Path

import click

from entente.bootstrap import processes
from entente.bootstrap.container import Container
from entente.bootstrap.errors import StopRequested
from entente.bootstrap.settings import Settings
from entente.cli.common import json_option, load_settings, warn_of_old_states


@click.command()
@json_option
def up(as_json: bool) -> None:
    """Run everything here: Redis, worker, beat and API. Ctrl-C stops it and leaves nothing behind."""
    from entente.bootstrap.stack import Stack

    # Being stopped is how this ends, at whatever moment.
    with contextlib.suppress(StopRequested), Stack(load_settings()) as stack:
        warn_of_old_states(stack.container)
        announce(stack.api_url, stack.settings, as_json)
        stack.supervise()


@click.command()
def serve() -> None:
    """Run the API alone, for a deployment with its own Redis and worker. ENTENTE_PORT 0 is port 8080 here."""
    settings = load_settings()
    container = Container(settings)
    container.migrate()
    warn_of_old_states(container)
    container.ledger.close()
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    _become(processes.api_command(f"{host}:{settings.port or 8080}"))


@click.command()
def work() -> None:
    """Run a worker alone. Start as many as you like, on any host that reaches Redis and the database."""
    settings = load_settings()
    settings.require_redis()
    Container(settings).migrate()
    _become(processes.worker_command(settings))


@click.command()
def beat() -> None:
    """Run beat alone: it has lost work rung for again. One a deployment."""
    settings = load_settings()
    settings.require_redis()
    _become(processes.beat_command(settings, str(settings.make_data_dir() / "beat-schedule")))


def announce(api_url: str, settings: Settings, as_json: bool) -> None:
    """Say where things are."""
    places = {
        "api": f"{api_url}/v1",
        "docs": f"{api_url}/docs",
        "data": str(settings.data_dir),
        "logs": str(settings.data_dir / "log"),
    }
    if as_json:
        click.echo(json.dumps(places))
        return
    click.echo("Entente is running; Ctrl-C stops it.")
    for name, place in places.items():
        click.echo(f"  {name:<5} {place}")


def _become(command: list[str]) -> None:
    environment = {**os.environ, **processes.WORKER_ENVIRONMENT}
    os.execve(Path(command[0]), command, environment)

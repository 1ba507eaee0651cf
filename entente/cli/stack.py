"""`entente up` runs the embedded stack; `serve`, `work` and `beat` run one of its processes each."""

import contextlib
import json
import os
from pathlib import Path

import click

from entente.bootstrap import processes
from entente.bootstrap.broker import PARTS
from entente.bootstrap.container import Container
from entente.bootstrap.errors import StopRequested
from entente.bootstrap.settings import Settings
from entente.cli.common import json_option, load_settings, warn_of_old_states
from entente.cli.terminal import printable


@click.command()
@json_option
def up(as_json: bool) -> None:
    """Run Redis, API, worker, fetcher, deliverer and beat on this machine until Ctrl-C.

    Uses the Redis of ENTENTE_REDIS_URL instead if that is set. No process outlives this one.
    """
    from entente.bootstrap.stack import Stack

    settings = load_settings()
    Container(settings).check_weights()
    # Ctrl-C and SIGTERM are the normal end, also during the start.
    with contextlib.suppress(StopRequested), Stack(settings) as stack:
        warn_of_old_states(stack.container)
        announce(stack.api_url, stack.settings, as_json)
        stack.supervise()


@click.command()
def serve() -> None:
    """Run the API alone, for use with separate Redis and workers.

    With ENTENTE_PORT 0 or blank it listens on port 8080.
    """
    settings = load_settings()
    container = Container(settings)
    container.prepare()
    warn_of_old_states(container)
    container.close()
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    _become(processes.api_command(f"{host}:{settings.port or 8080}"))


@click.command()
@click.option("--only", type=click.Choice(list(PARTS)), help="Run this part alone.")
def work(only: str | None) -> None:
    """Run the parts that take tasks: worker (codes), fetcher (asks websites) and deliverer (sends to subscribers).

    Any number of each may run, on any host that reaches Redis and the database.
    """
    from entente.bootstrap.parts import run_parts

    settings = load_settings()
    settings.require_redis()
    container = Container(settings)
    container.check_weights()
    container.prepare()
    container.close()
    if only:
        _become(processes.part_command(settings, only))
    run_parts(settings)


@click.command()
def beat() -> None:
    """Run the scheduler (Celery beat) alone; one per deployment.

    Every ENTENTE_SWEEP_SECONDS it queues four tasks: requeue lost articles, update stale cache entries, poll feeds
    that are due, and dispatch deliveries to subscribers.
    """
    settings = load_settings()
    settings.require_redis()
    _become(processes.beat_command(settings, str(settings.make_data_dir() / "beat-schedule")))


def announce(api_url: str, settings: Settings, as_json: bool) -> None:
    """Print the URLs of the API and its documentation, and the directories of data and logs."""
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
        click.echo(printable(f"  {name:<5} {place}"))


def _become(command: list[str]) -> None:
    os.execv(Path(command[0]), command)

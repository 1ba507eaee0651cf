"""`entente doctor`: check the installation, or that one part answers."""

import json
from dataclasses import asdict

import click
import requests

from entente.bootstrap.broker import PARTS
from entente.cli.common import json_option, load_settings, open_container
from entente.cli.terminal import one_line

_COLOURS = {"ok": "green", "warning": "yellow", "failure": "red"}


@click.command()
@click.option(
    "--alive",
    is_flag=False,
    flag_value="api",
    type=click.Choice(["api", *PARTS]),
    help="Only check that this machine's API (default), or any process of a part, answers: for health checks.",
)
@json_option
def doctor(alive: str | None, as_json: bool) -> None:
    """Check the installation and print a verdict for each part.

    The parts: data directory, ledger, clock, SQLite, Redis, worker, fetcher, deliverer, seeds, baseline, derived
    states, credits (owners and reprints), senders, coder. Exit 1 if any fails.
    """
    if alive:
        _alive(alive)
        return
    from entente.bootstrap.doctor import examine

    findings = examine(open_container(migrate=False))
    if as_json:
        click.echo(json.dumps([asdict(finding) for finding in findings]))
    else:
        for finding in findings:
            verdict = click.style(f"{finding.verdict:<8}", fg=_COLOURS[finding.verdict])
            click.echo(f"{verdict} {finding.check:<15} {one_line(finding.detail)}")
    failures = [finding.check for finding in findings if finding.verdict == "failure"]
    if failures:
        raise click.ClickException(f"failed: {', '.join(failures)}")


def _alive(part: str) -> None:
    if part in PARTS:
        if part not in open_container(migrate=False).queue.workers():
            raise click.ClickException(f"no {part} answers")
        return
    settings = load_settings()
    try:
        requests.get(f"{settings.local_url(settings.port or 8080)}/healthz", timeout=3).raise_for_status()
    except requests.RequestException as error:
        raise click.ClickException(f"the API doesn't answer: {error}") from error

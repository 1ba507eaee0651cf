"""`entente feeds`: register, list, stop, start and poll feeds."""

import json
from dataclasses import asdict
from datetime import datetime

import click

from entente.cli.common import json_option, open_container
from entente.cli.terminal import one_line, printable
from entente.services.ingesting.feeds import EVERY_SECONDS, USUAL_SECONDS
from entente.services.ports.feeds import Feed


@click.group()
def feeds() -> None:
    """Manage the feeds (RSS, Atom, JSON Feed) polled for articles."""


@feeds.command("add")
@click.argument("url")
@click.option("--publisher", help="Publisher of the articles; without it, each article's host.")
@click.option(
    "--every",
    default=USUAL_SECONDS,
    show_default=True,
    type=click.IntRange(EVERY_SECONDS.start, EVERY_SECONDS.stop - 1),
    help="Seconds between two polls.",
)
@json_option
def add(url: str, publisher: str | None, every: int, as_json: bool) -> None:
    """Register the feed at URL, or the one that the page at URL names.

    It is polled while beat and a fetcher run, as under `entente up`.
    """
    feed = open_container().feeds.add(url, publisher, every)
    told = f"{feed.id}  {feed.url}, every {feed.every_seconds} seconds"
    click.echo(json.dumps(_shape(feed)) if as_json else printable(told))


@feeds.command("list")
@json_option
def list_feeds(as_json: bool) -> None:
    """List all feeds, each with its last poll."""
    found = open_container().feeds.list()
    if as_json:
        click.echo(json.dumps([_shape(feed) for feed in found]))
        return
    for feed in found:
        click.echo(_line(feed))


@feeds.command("stop")
@click.argument("feed_id", metavar="ID")
def stop(feed_id: str) -> None:
    """Stop polling the feed with this ID. Its articles are kept."""
    click.echo(_line(open_container().feeds.set_active(feed_id, active=False)))


@feeds.command("start")
@click.argument("feed_id", metavar="ID")
def start(feed_id: str) -> None:
    """Resume polling the feed with this ID."""
    click.echo(_line(open_container().feeds.set_active(feed_id, active=True)))


@feeds.command("poll")
@click.argument("feed_id", metavar="ID")
def poll(feed_id: str) -> None:
    """Poll the feed with this ID once, in this process, if it is due."""
    container = open_container()
    taken = container.feeds.poll(feed_id)
    feed = container.feeds.get(feed_id)
    if taken is None and feed.last_error:
        raise click.ClickException(one_line(f"{feed.url}: {feed.last_error}"))
    click.echo("not due yet" if taken is None else f"{taken} new")


def _line(feed: Feed) -> str:
    polled = f"polled {feed.last_polled_at:%Y-%m-%d %H:%M}" if feed.last_polled_at else "not polled yet"
    taken = f"{feed.n_articles} articles" + f", {feed.n_skipped} items skipped" * bool(feed.n_skipped)
    address = feed.url + f" (feed: {feed.found_url})" * bool(feed.found_url)
    return printable(f"{feed.id}  {address}  {polled}, {taken}, {_health(feed)}")


def _health(feed: Feed) -> str:
    if not feed.active:
        return "stopped"
    if not feed.failures:
        return "ok"
    last = f"last read {feed.last_success_at:%Y-%m-%d %H:%M}" if feed.last_success_at else "never read"
    return f"{feed.failures} failure{'s' * (feed.failures > 1)}, {last}: {feed.last_error}"


def _shape(feed: Feed) -> dict[str, object]:
    return {name: v.isoformat() if isinstance(v, datetime) else v for name, v in asdict(feed).items()}

"""`entente ingest`: store articles and have them fetched and coded, by running parts if there are any, else here."""

import json
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import click

from entente.bootstrap.broker import FETCHER, WORKER
from entente.bootstrap.container import Container
from entente.cli.article_files import BadArticle, read_all
from entente.cli.common import json_option, open_container, progress
from entente.cli.terminal import one_line, printable
from entente.services.articles import ArticleDraft
from entente.services.errors import Invalid
from entente.services.ingesting.ingest import Accepted

#: Seconds to wait for a worker to finish one article.
STALL_SECONDS = 120.0
POLL_SECONDS = 0.1
UNFINISHED = ("pending", "coding")


@dataclass(frozen=True, slots=True)
class IngestReport:
    """The outcome for one article. `file` is its place; `events` and `changes` are counts."""

    file: str
    article_id: str
    created: bool
    status: str
    reason: str | None
    events: int
    changes: int


def _existing(_context: click.Context, _parameter: click.Parameter, places: tuple[str, ...]) -> tuple[str, ...]:
    for place in places:
        if place != "-" and not place.startswith(("http://", "https://")) and not Path(place).exists():
            raise click.BadParameter(f"{place!r} is not a file, directory, URL or -")
    return places


@click.command()
@click.argument("places", nargs=-1, required=True, metavar="FILE|DIR|URL|-...", callback=_existing)
@json_option
def ingest(places: tuple[str, ...], as_json: bool) -> None:
    """Ingest articles from files, directories, URLs or standard input.

    Files are JSON, or NDJSON (one object a line), as is standard input (-). Fields: text, title, published_at
    (YYYY-MM-DD or RFC 3339), source (the publisher), url, language; others are ignored. An article without a text is
    fetched from its url. Known articles are not stored again, so an interrupted run can be repeated.
    """
    container = open_container()
    articles, bad = _read(places)
    outcomes = []
    for outcome in _code(container, articles, bad):
        click.echo(json.dumps(asdict(outcome), ensure_ascii=False) if as_json else _line(outcome))
        outcomes.append(outcome)
    failed = [o for o in outcomes if o.status in (*UNFINISHED, "failed", "quarantined")]
    if bad or failed:
        first = str(bad[0]) if bad else f"{failed[0].file}: {failed[0].status}, {failed[0].reason or 'no worker'}"
        count = len(bad) + len(failed)
        raise click.ClickException(one_line(first if count == 1 else f"{count} articles failed; the first: {first}"))


def _read(places: tuple[str, ...]) -> tuple[list[tuple[str, ArticleDraft]], list[BadArticle]]:
    good: list[tuple[str, ArticleDraft]] = []
    bad: list[BadArticle] = []
    for place, found in read_all(places):
        if isinstance(found, BadArticle):
            bad.append(found)
        else:
            good.append((place, found))
    return good, bad


def _code(
    container: Container, articles: list[tuple[str, ArticleDraft]], bad: list[BadArticle]
) -> Iterator[IngestReport]:
    """Store every article, then fetch and code each, or wait until others have. What is refused goes to `bad`."""
    answering = container.queue.workers()
    ringing = WORKER in answering
    accepted: list[tuple[str, Accepted]] = []
    with progress("Storing") as move:
        for place, draft in articles:
            try:
                accepted.append((place, container.ingest.submit(draft, ring=ringing)))
            except Invalid as error:
                bad.append(BadArticle(f"{place}: {error.field}: {error}"))
            move(len(accepted), len(articles))
    with progress("Coding") as move:
        finish = _wait if ringing else _code_here
        for done, (place, one) in enumerate(accepted, start=1):
            if not (ringing and FETCHER in answering):
                container.fetch_articles.run(one.article_id)
            finish(container, one.article_id)
            yield _outcome(container, place, one)
            move(done, len(accepted))


def _code_here(container: Container, article_id: str) -> None:
    container.code_articles.run(article_id)


def _wait(container: Container, article_id: str) -> None:
    deadline = time.monotonic() + STALL_SECONDS
    while container.lookups.article(article_id).article.status in UNFINISHED and time.monotonic() < deadline:
        time.sleep(POLL_SECONDS)


def _outcome(container: Container, place: str, one: Accepted) -> IngestReport:
    report = container.lookups.article(one.article_id)
    return IngestReport(
        file=place,
        article_id=one.article_id,
        created=one.created,
        status=report.article.status,
        reason=report.article.reason,
        events=len(report.events),
        changes=len(report.changes),
    )


def _line(outcome: IngestReport) -> str:
    known = "" if outcome.created else ", known already"
    reason = f" ({outcome.reason})" if outcome.reason else ""
    counts = f"{_n(outcome.events, 'event')}, {_n(outcome.changes, 'change')}"
    return printable(f"{outcome.file}: {outcome.status}{reason}{known}, {counts} [article {outcome.article_id}]")


def _n(count: int, noun: str) -> str:
    return f"{count} {noun}" + ("" if count == 1 else "s")

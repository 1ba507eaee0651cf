"""`entente ingest`: store articles and have them fetched and coded, by running parts if there are any, else here."""

import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass

import click

from entente.bootstrap.broker import FETCHER, WORKER
from entente.bootstrap.container import Container
from entente.cli.common import json_option, open_container, progress
from entente.cli.files.articles import ArticleFiles
from entente.cli.files.columns import Columns
from entente.cli.files.dates import ORDERS
from entente.cli.files.errors import BadArticle, NotAnArticle
from entente.cli.files.kinds import KINDS
from entente.cli.files.places import Place, exists, is_address, places
from entente.cli.files.tally import Tally
from entente.cli.stopping import stopping
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


def _existing(_context: click.Context, _parameter: click.Parameter, given: tuple[str, ...]) -> tuple[str, ...]:
    for place in given:
        if not exists(place):
            raise click.BadParameter(f"{place!r} is not a file, directory, glob pattern that matches, URL or -")
    return given


@click.command()
@click.argument("given", nargs=-1, required=True, metavar="FILE|DIR|GLOB|URL|-...", callback=_existing)
@click.option("--text", metavar="COLUMN", help="Column (or JSON member) with the text.")
@click.option("--title", metavar="COLUMN", help="Column with the title.")
@click.option("--date", "published_at", metavar="COLUMN|DATE", help="Column with the date of publication, or the date.")
@click.option(
    "--date-order", type=click.Choice(ORDERS), help="How to read 3/4/2025; without it such dates are refused."
)
@click.option("--url", metavar="COLUMN", help="Column with the address.")
@click.option("--publisher", "source", metavar="COLUMN|NAME", help="Column with the publisher, or its name.")
@click.option("--language", metavar="COLUMN", help="Column with the language.")
@click.option("--format", "kind", type=click.Choice(KINDS), help="Kind of every file, instead of guessing it.")
@click.option("--encoding", help="Character encoding of every file, instead of guessing it.")
@json_option
def ingest(
    given: tuple[str, ...],
    date_order: str | None,
    kind: str | None,
    encoding: str | None,
    as_json: bool,
    **named: str | None,
) -> None:
    """Ingest articles from files, directories, URLs or standard input (-).

    JSON and NDJSON (one object a line) hold many articles, as do tables (CSV, TSV); text, HTML, e-mail (.eml), Word
    (.docx) and PDF files with text hold one each. The kind is guessed by the content. Fields: text, title,
    published_at, source (the publisher), url, language, or usual other names of these; others are ignored. An article
    without a text is fetched from its url. Known articles are not stored again, so an interrupted run can be repeated.
    """
    _check_encoding(encoding)
    container = open_container()
    columns = Columns({name: value for name, value in named.items() if value is not None}, date_order)
    files = ArticleFiles(container.files, columns, kind, encoding)
    tally = Tally()
    failed: list[IngestReport] = []
    with stopping() as stopped:
        accepted = _stored(container, _found(files, given, tally, stopped), tally)
        for outcome in _finished(container, accepted, stopped):
            click.echo(json.dumps(asdict(outcome), ensure_ascii=False) if as_json else _line(outcome))
            if outcome.status in (*UNFINISHED, "failed", "quarantined"):
                failed.append(outcome)
        _tell(tally, as_json)
        if stopped():
            raise click.ClickException("stopped; the same command goes on where it stopped")
    _raise_for(tally, failed)


def _check_encoding(encoding: str | None) -> None:
    try:
        "".encode(encoding or "utf-8")
    except LookupError:
        raise click.BadParameter(f"{encoding!r} is no character encoding", param_hint="--encoding") from None


def _found(
    files: ArticleFiles, given: Sequence[str], tally: Tally, stopped: Callable[[], bool]
) -> Iterator[tuple[str, ArticleDraft]]:
    """The articles of all places, with a bar over the files. What can't be taken goes to the tally."""
    waiting = [
        one if is_address(one) else place for one in given for place in ([one] if is_address(one) else places([one]))
    ]
    with progress("Storing") as move:
        for done, place in enumerate(waiting, start=1):
            for name, article in [files.address(place)] if isinstance(place, str) else files.read(place):
                if stopped():
                    return
                if isinstance(article, ArticleDraft):
                    yield name, article
                elif isinstance(article, NotAnArticle) and isinstance(place, Place) and place.listed:
                    tally.pass_over(article)
                else:
                    tally.refuse(article)
            move(done, len(waiting))


def _stored(
    container: Container, found: Iterator[tuple[str, ArticleDraft]], tally: Tally
) -> list[tuple[str, Accepted]]:
    ringing = WORKER in container.queue.workers()
    accepted: list[tuple[str, Accepted]] = []
    for place, draft in found:
        try:
            one = container.ingest.submit(draft, ring=ringing)
        except Invalid as error:
            tally.refuse(BadArticle(place, f"{error.field}: {error}"))
            continue
        tally.take(one.created, dated=draft.published_at is not None or draft.text is None)
        accepted.append((place, one))
    return accepted


def _finished(
    container: Container, accepted: Sequence[tuple[str, Accepted]], stopped: Callable[[], bool]
) -> Iterator[IngestReport]:
    """Fetch and code each article, or wait until others have."""
    answering = container.queue.workers()
    ringing = WORKER in answering
    with progress("Coding") as move:
        for done, (place, one) in enumerate(accepted, start=1):
            if stopped():
                return
            if not (ringing and FETCHER in answering):
                container.fetch_articles.run(one.article_id)
            if ringing:
                _wait(container, one.article_id, stopped)
            else:
                container.code_articles.run(one.article_id)
            yield _outcome(container, place, one)
            move(done, len(accepted))


def _wait(container: Container, article_id: str, stopped: Callable[[], bool]) -> None:
    deadline = time.monotonic() + STALL_SECONDS
    while container.lookups.article(article_id).article.status in UNFINISHED and time.monotonic() < deadline:
        if stopped():
            return
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


def _tell(tally: Tally, as_json: bool) -> None:
    """Sum up, unless a single article's line says it all. With --json, on standard error."""
    if tally.taken + tally.known != 1 or tally.n_refused or tally.passed_over:
        for line in tally.lines():
            click.echo(printable(line), err=as_json)


def _raise_for(tally: Tally, failed: Sequence[IngestReport]) -> None:
    """Raises ClickException with one line if anything was refused or failed."""
    count = tally.n_refused.total() + len(failed)
    if not count:
        return
    first = (
        str(tally.first) if tally.first else f"{failed[0].file}: {failed[0].status}, {failed[0].reason or 'no worker'}"
    )
    raise click.ClickException(one_line(first if count == 1 else f"{count} articles failed; the first: {first}"))


def _line(outcome: IngestReport) -> str:
    known = "" if outcome.created else ", known already"
    reason = f" ({outcome.reason})" if outcome.reason else ""
    counts = f"{_n(outcome.events, 'event')}, {_n(outcome.changes, 'change')}"
    return printable(f"{outcome.file}: {outcome.status}{reason}{known}, {counts} [article {outcome.article_id}]")


def _n(count: int, noun: str) -> str:
    return f"{count} {noun}" + ("" if count == 1 else "s")

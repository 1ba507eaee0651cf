"""`entente articles`: list articles with their status."""

import json
from datetime import date, datetime
from typing import Any

import click

from entente.cli.common import json_option, open_container
from entente.cli.terminal import one_line, printable
from entente.services.articles import STATUSES, ArticleSummary
from schemas.article_filters import article_filter
from schemas.reports import article_shape

_DAY = click.DateTime(["%Y-%m-%d"])


@click.command()
@click.option("--source", metavar="NAME", help="Publisher exactly as the article names it.")
@click.option("--publisher", metavar="NAME|HOST", help="Publisher by name, alias or host: every name that it has.")
@click.option("--status", multiple=True, type=click.Choice(STATUSES), help="Status; may be repeated.")
@click.option("--from", "from_", type=_DAY, help="Published on this day or later.")
@click.option("--to", type=_DAY, help="Published on this day or earlier.")
@click.option("--url", metavar="URL", help="URL of publication, exactly.")
@click.option(
    "-q", "q", metavar="WORDS", help="Words that must all occur in the title, in any form; texts aren't searched."
)
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1), help="Most articles listed.")
@json_option
def articles(limit: int, as_json: bool, **asked: Any) -> None:
    """List articles that pass every filter, newest first by day of publication.

    With --json, one object a line as GET /v1/articles has them.
    """
    given = {name: _day(value) for name, value in asked.items() if value}
    for article in open_container().articles.every(article_filter(given), limit):
        click.echo(json.dumps(article_shape(article), ensure_ascii=False) if as_json else _line(article))


def _day(value: Any) -> Any:
    return value.date() if isinstance(value, datetime) else value


def _line(article: ArticleSummary) -> str:
    reason = f" ({one_line(article.reason)})" if article.reason else ""
    day: date | str = (
        f"undated, received {article.published_on}" if article.dated_by == "receipt" else article.published_on
    )
    told = one_line(article.title or article.url or "without a title")
    return printable(f"{article.id}  {day}  {one_line(article.publisher)}  {article.status}{reason}  {told}")

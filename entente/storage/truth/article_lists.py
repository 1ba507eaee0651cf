"""Lists of articles, newest first: keyset pages over (`published_on`, `id`), without the texts.

The full-text index of titles is not in `tables.py`: migration 0010 creates a virtual table and triggers on SQLite, an
index on PostgreSQL.
"""

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import (
    ColumnElement,
    Connection,
    Text,
    and_,
    column,
    exists,
    func,
    literal_column,
    or_,
    select,
    table,
    tuple_,
)

from entente.services.articles import ArticleSummary
from entente.services.ports.articles import ArticleQuery
from entente.services.ports.paging import Page
from entente.services.reading.paging import page_of
from entente.storage.dialect import chunks
from entente.storage.truth.tables import articles, mentions
from entente.storage.words import fts5_match, vector_match

_t = articles.c
_SHOWN = (
    *(_t.id, _t.publisher, _t.url, _t.title, _t.language, _t.published_at, _t.published_on, _t.received_at),
    *(_t.status, _t.reason, _t.coder_version, _t.truncated, _t.reprint_of, _t.date_problem, _t.supersedes),
)

#: SQLite's index: one row for each article that has a title.
_titles = table("article_titles", column("title", Text), column("article_id", Text))

#: PostgreSQL's indexed expression; the planner uses the index only for exactly this spelling.
_VECTOR = "to_tsvector('english'::regconfig, articles.title)"


def search(
    connection: Connection, query: ArticleQuery, after: tuple[str, ...] | None, limit: int, backwards: bool
) -> Page[ArticleSummary]:
    """A page of the articles that pass every filter. Raises ValueError for an `after` that isn't a position."""
    wanted = select(*_SHOWN).where(*_conditions(query, connection.dialect.name))
    if after is not None:
        day, id = after
        row, mark = tuple_(_t.published_on, _t.id), tuple_(date.fromisoformat(day), id)
        wanted = wanted.where(row > mark if backwards else row < mark)
    order = (_t.published_on, _t.id) if backwards else (_t.published_on.desc(), _t.id.desc())
    rows = connection.execute(wanted.order_by(*order).limit(limit + 1)).all()
    found = [ArticleSummary(**row._mapping) for row in rows]
    return page_of(found, limit, after, backwards, lambda one: (one.published_on.isoformat(), one.id))


def publishers(connection: Connection) -> list[str]:
    """The distinct publishers: one look into their index for each, however many articles there are."""
    each = select(func.min(_t.publisher).label("name")).cte("each", recursive=True)
    following = select(func.min(_t.publisher)).where(_t.publisher > each.c.name).scalar_subquery()
    each = each.union_all(select(following).where(each.c.name.is_not(None)))
    return list(connection.execute(select(each.c.name).where(each.c.name.is_not(None))).scalars())


def addresses(connection: Connection, ids: Collection[str]) -> dict[str, str]:
    """The URL of each of these articles that has one, by id."""
    found: dict[str, str] = {}
    for some in chunks(sorted(ids)):
        rows = connection.execute(select(_t.id, _t.url).where(_t.id.in_(some), _t.url.is_not(None)))
        found.update({row.id: row.url for row in rows})
    return found


def published(connection: Connection, first: date, last: date, known_at: datetime | None) -> dict[date, int]:
    """The number of articles that were read, by day of publication; of those read by `known_at` if given.

    One without a day of publication is of none. With `known_at` also of those retracted or superseded later, which
    events of theirs tell.
    """
    # Not by the status "coded": an article without events was read as well, and one that waits to be recoded.
    counted: ColumnElement[bool] = _t.status.not_in(("rejected", "retracted", "superseded"))
    if known_at is not None:
        later = exists().where(mentions.c.article_id == _t.id, mentions.c.retired_at > known_at)
        counted = and_(_t.coded_at <= known_at, or_(counted, and_(_t.status.in_(("retracted", "superseded")), later)))
    # As `dated_by` of an article: others have the day of their receipt as `published_on`.
    dated = (_t.published_at.is_not(None), func.coalesce(_t.date_problem, "") != "future")
    read = (_t.coded_at.is_not(None), *dated, counted)
    found = select(_t.published_on, func.count()).where(*read, _t.published_on >= first, _t.published_on <= last)
    return {row[0]: row[1] for row in connection.execute(found.group_by(_t.published_on))}


def _conditions(query: ArticleQuery, dialect: str) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if query.publishers is not None:
        found.append(_t.publisher.in_(query.publishers))
    if query.statuses is not None:
        found.append(_t.status.in_(query.statuses))
    if query.published_from is not None:
        found.append(_t.published_on >= query.published_from)
    if query.published_to is not None:
        found.append(_t.published_on <= query.published_to)
    if query.url is not None:
        found.append(_t.url == query.url)
    if query.words is not None and dialect == "sqlite":
        found.append(_t.id.in_(select(_titles.c.article_id).where(fts5_match(_titles.c.title, query.words))))
    elif query.words is not None:
        found.append(vector_match(literal_column(_VECTOR, Text), query.words))
    return found

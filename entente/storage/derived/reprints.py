"""SqlReprintIndex: the ReprintIndex port on SQL.

On SQLite one transaction writes at a time, so nothing need be locked. On PostgreSQL advisory locks are taken, which end
with the transaction. Every unit of work takes bands, then groups, then rows and dyads, so none waits in a circle.
"""

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import (
    Connection,
    Executable,
    Row,
    Text,
    and_,
    bindparam,
    exists,
    func,
    literal_column,
    select,
    text,
    update,
)

from entente.relations.grouping.reprints import WITHIN_DAYS, Print
from entente.services.articles import ASSERTED
from entente.storage.derived.tables import article_bands
from entente.storage.dialect import GivenRows, add_rows, chunks, of_each
from entente.storage.truth.tables import articles, mentions

_t = articles.c

#: Key of the advisory lock on groups, and first key of those on bands: any numbers that nothing else here uses.
_GROUPS_LOCK = 1_163_284_301
_BANDS_LOCK = 1_163_284_302

_FIRST = func.coalesce(_t.reprint_of, _t.id)
_COLUMNS = (_t.id, _t.publisher, _t.published_on, _t.published_at, _t.content_hash)
_OF_ARTICLE = select(mentions.c.id).where(mentions.c.article_id == _t.id, mentions.c.retired_at.is_(None))
_IS_CODED = _t.coder_version.is_distinct_from(ASSERTED)
_IS_LIVE = and_(exists(_OF_ARTICLE), _IS_CODED)
#: The same for few articles: PostgreSQL looks the mentions of each up, and does not join all (as of `of_each`).
_EACH_IS_LIVE = and_(_OF_ARTICLE.limit(literal_column("1")).scalar_subquery().is_not(None), _IS_CODED)

# Statements are built once: building one takes several times as long as executing it.
_PRINT = select(*_COLUMNS).where(_t.id == bindparam("of_id"))
_OF_FIRST = select(_FIRST).where(_t.id == bindparam("of_id"), _EACH_IS_LIVE)
_GROUP = select(*_COLUMNS).where(
    _t.id.in_(
        select(_t.id)
        .where(_t.id == bindparam("of_first"), _t.reprint_of.is_(None))
        .union_all(select(_t.id).where(_t.reprint_of == bindparam("of_first")))
    ),
    _EACH_IS_LIVE,
)
_TEXT = select(_t.text).where(_t.id == bindparam("of_id"))
_ASSIGN = update(articles).where(_t.id == bindparam("of_id")).values(reprint_of=bindparam("first"))
_TEXTS_AT_ONCE = 100

#: In order of the keys, so that two units of work that share bands don't deadlock.
_LOCK_BANDS = text(
    "SELECT pg_advisory_xact_lock(CAST(:space AS int), key)"
    " FROM (SELECT unnest(CAST(:keys AS int[])) AS key ORDER BY 1) AS ordered"
)

_BANDS = GivenRows("bands", {"band": Text()})
_IDS = GivenRows("ids", {"id": Text()})


@cache
def _sharing(dialect: str) -> Executable:
    """The other articles of bands."""
    given = _BANDS.rows(dialect)
    own = (article_bands.c.band == given.c.band, article_bands.c.article_id != bindparam("of_id"))
    return of_each(dialect, given, article_bands, *own, columns=[article_bands.c.article_id]).distinct()


@cache
def _near(dialect: str) -> Executable:
    """Those of these articles that are of these days, each with its first print."""
    given = _IDS.rows(dialect)
    first_day, last_day = (bindparam(name, type_=_t.published_on.type) for name in ("first_day", "last_day"))
    own = (_t.id == given.c.id, _t.published_on.between(first_day, last_day), _EACH_IS_LIVE)
    return of_each(dialect, given, articles, *own, columns=[_t.id, _FIRST.label("first")])


@cache
def _texts(dialect: str) -> Executable:
    given = _IDS.rows(dialect)
    return of_each(dialect, given, articles, _t.id == given.c.id, columns=[_t.id, _t.text])


class SqlReprintIndex:
    """`articles.reprint_of` and `article_bands` as the stored form of the groups."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._dialect = connection.dialect.name
        self._locks = self._dialect == "postgresql"

    def lock(self) -> None:
        if self._locks:
            self._connection.execute(select(func.pg_advisory_xact_lock(_GROUPS_LOCK)))

    def lock_bands(self, bands: Sequence[str]) -> None:
        if self._locks:
            keys = sorted({_lock_key(band) for band in bands})
            self._connection.execute(_LOCK_BANDS, {"space": _BANDS_LOCK, "keys": keys})

    def note(self, id: str, bands: Sequence[str]) -> None:
        rows = [{"band": band, "article_id": id} for band in bands]
        add_rows(self._connection, article_bands, rows, replaced=())

    def near(self, print: Print, bands: Sequence[str]) -> Sequence[tuple[str, str]]:
        first_day, last_day = (_moved(print.published_on, days) for days in (-WITHIN_DAYS, WITHIN_DAYS))
        # Apart, so that the database can't begin with all articles of these days, as it does where it knows no counts.
        given = _BANDS.parameters(self._dialect, [(band,) for band in bands])
        sharing = self._connection.execute(_sharing(self._dialect), {**given, "of_id": print.id}).all()
        found = []
        for ids in chunks(sharing):
            named = {**_IDS.parameters(self._dialect, map(tuple, ids)), "first_day": first_day, "last_day": last_day}
            found += [(row.id, row.first) for row in self._connection.execute(_near(self._dialect), named)]
        return sorted(found, key=lambda one: (one[1], one[0]))

    def first(self, id: str) -> str | None:
        first: str | None = self._connection.execute(_OF_FIRST, {"of_id": id}).scalar_one_or_none()
        return first

    def print(self, id: str) -> Print:
        return _print(self._connection.execute(_PRINT, {"of_id": id}).one())

    def group(self, first: str) -> Sequence[Print]:
        return [_print(row) for row in self._connection.execute(_GROUP.order_by(_t.id), {"of_first": first})]

    def text(self, id: str) -> str:
        return self._connection.execute(_TEXT, {"of_id": id}).scalar_one() or ""

    def texts(self, ids: Collection[str]) -> Mapping[str, str]:
        given = (_IDS.parameters(self._dialect, some) for some in chunks([(id,) for id in ids]))
        found = (row for some in given for row in self._connection.execute(_texts(self._dialect), some))
        return {row.id: row.text or "" for row in found}

    def assign(self, firsts: Mapping[str, str | None]) -> None:
        rows = [{"of_id": id, "first": None if first == id else first} for id, first in sorted(firsts.items())]
        if rows:
            self._connection.execute(_ASSIGN, rows)

    def every(self) -> Iterator[tuple[Print, str, str]]:
        # The texts are read apart, so that the database sorts without them.
        found = select(*_COLUMNS, _FIRST.label("first")).where(_IS_LIVE).order_by(_t.published_on, _t.id)
        with self._connection.execute(found.execution_options(yield_per=_TEXTS_AT_ONCE)) as rows:
            for some in rows.partitions():
                texts = self.texts([row.id for row in some])
                yield from ((_print(row), row.first, texts[row.id]) for row in some)

    def without_bands(self, limit: int) -> Sequence[str]:
        missing = ~exists().where(article_bands.c.article_id == _t.id)
        return list(self._connection.execute(select(_t.id).where(missing, _IS_LIVE).limit(limit)).scalars())

    def contradictions(self) -> Iterable[str]:
        unlike = mentions.c.reprint_of.is_distinct_from(_t.reprint_of)
        found = select(_t.id).join_from(mentions, articles).where(unlike, mentions.c.retired_at.is_(None)).distinct()
        return list(self._connection.execute(found.order_by(_t.id)).scalars())


def _print(row: Row[*tuple[Any, ...]]) -> Print:
    return Print(row.id, row.publisher, row.published_on, row.published_at, row.content_hash)


def _moved(day: date, days: int) -> date:
    """The day so many days later, within the calendar."""
    return date.fromordinal(min(max(day.toordinal() + days, date.min.toordinal()), date.max.toordinal()))


def _lock_key(band: str) -> int:
    return int.from_bytes(hashlib.blake2b(band.encode(), digest_size=4).digest(), "big", signed=True)

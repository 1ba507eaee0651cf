"""SqlMentionLog: the MentionLog port on SQL."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import cache

from sqlalchemy import Connection, Executable, Text, and_, bindparam, func, literal, or_, select, tuple_, update

from entente.relations.dyads import Dyad
from entente.relations.events import CodedEvent, Mention
from entente.relations.grouping.group import Key
from entente.relations.grouping.regroup import KeyHistory
from entente.relations.periods import Period
from entente.services.articles import ASSERTED, Article
from entente.storage.derived.key_histories import key_histories
from entente.storage.dialect import GivenRows, add_rows, chunks, of_each
from entente.storage.truth.rows import pack_coded_event, unpack_mention
from entente.storage.truth.tables import articles, mentions

_t = mentions.c

# Statements are built once: building one takes several times as long as executing it.
_COUNT = select(func.count()).where(_t.article_id == bindparam("article"))
_LIVE = (_t.article_id == bindparam("article"), _t.retired_at.is_(None))
_RETIRE = update(mentions).where(*_LIVE).values(retired_at=bindparam("at")).returning(_t.dyad_a, _t.dyad_b)
_DYADS_OF = select(_t.dyad_a, _t.dyad_b).where(*_LIVE).distinct()
_LIVE_ROWS = select(mentions).where(*_LIVE).order_by(_t.number)

#: The publisher of the first print: the mention's own, unless its article is a reprint.
_FIRST = articles.alias("first")
_PRINTED_BY = func.coalesce(_FIRST.c.publisher, _t.publisher)
_OWNERS = select(_PRINTED_BY, _t.owner).join_from(mentions, _FIRST, _FIRST.c.id == _t.reprint_of, isouter=True)
_OWNERS = _OWNERS.distinct()
_OF_DYAD = (_t.dyad_a == bindparam("a"), _t.dyad_b == bindparam("b"))
_ANY_OF_DYAD = select(literal(1)).select_from(mentions).where(*_OF_DYAD).limit(1)
_OWNERS_OF_DYAD = _OWNERS.where(*_OF_DYAD)
_OWN = (
    update(mentions)
    .where(
        *_OF_DYAD,
        or_(
            and_(_t.reprint_of.is_(None), _t.publisher == bindparam("of_publisher")),
            _t.reprint_of.in_(select(articles.c.id).where(articles.c.publisher == bindparam("of_publisher"))),
        ),
    )
    .values(owner=bindparam("now"))
)


_ARTICLES = GivenRows("articles", {"id": Text()})


@cache
def _dates(dialect: str) -> Executable:
    given = _ARTICLES.rows(dialect)
    columns = (_t.source_party, _t.target_party, _t.act, _t.status, _t.period_first, _t.precision)
    return of_each(dialect, given, mentions, _t.article_id == given.c.id, columns=columns)


class SqlMentionLog:
    """Mentions as rows, never deleted. Ids are `ARTICLE.NUMBER`; numbers continue over recodes of the article."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def record(
        self,
        article: Article,
        events: Sequence[CodedEvent],
        coder_version: str,
        recorded_at: datetime,
        owner: str = "",
        reprint_of: str | None = None,
    ) -> None:
        if not events:
            return
        # The caller holds the article's lease, so no other transaction numbers its mentions.
        start = self._connection.execute(_COUNT, {"article": article.id}).scalar_one()
        rows = [
            {
                "id": f"{article.id}.{number}",
                "article_id": article.id,
                "number": number,
                "published_on": article.published_on,
                "publisher": article.publisher,
                "coder_version": coder_version,
                "recorded_at": recorded_at,
                "owner": owner,
                "reprint_of": reprint_of,
                **pack_coded_event(event),
            }
            for number, event in enumerate(events, start)
        ]
        add_rows(self._connection, mentions, rows)

    def credit(self, article_id: str, owner: str, reprint_of: str | None, at: datetime) -> None:
        live = self._connection.execute(_LIVE_ROWS, {"article": article_id}).mappings().all()
        old = [row for row in live if (row["owner"], row["reprint_of"]) != (owner, reprint_of)]
        if not old:
            return
        self.retire_some([row["id"] for row in old], at)
        start = self._connection.execute(_COUNT, {"article": article_id}).scalar_one()
        changed = {"credited_at": at, "owner": owner, "reprint_of": reprint_of}
        again = [
            {**row, **changed, "id": f"{article_id}.{number}", "number": number}
            for number, row in enumerate(old, start)
        ]
        add_rows(self._connection, mentions, again)

    def own(self, dyad: Dyad, owner_of: Callable[[str], str]) -> None:
        of_dyad = {"a": dyad.a, "b": dyad.b}
        for publisher, owner in self._connection.execute(_OWNERS_OF_DYAD, of_dyad).all():
            if (now := owner_of(publisher)) != owner:
                changed = {**of_dyad, "of_publisher": publisher, "now": now}
                self._connection.execute(_OWN, changed)

    def owners(self) -> Sequence[tuple[str, str]]:
        live = _OWNERS.where(_t.retired_at.is_(None)).order_by(_PRINTED_BY, _t.owner)
        return [(publisher, owner) for publisher, owner in self._connection.execute(live)]

    def by_coders_beside(self, coders: Collection[str], kinds: Collection[tuple[str, str]]) -> Mapping[str, int]:
        counted = (
            select(_t.coder_version, func.count())
            .where(_t.retired_at.is_(None), _t.coder_version.not_in([ASSERTED, *coders]))
            .where(tuple_(_t.act, _t.status).in_(sorted(kinds)))
            .group_by(_t.coder_version)
            .order_by(_t.coder_version)
        )
        return {row[0]: row[1] for row in self._connection.execute(counted)}

    def retire(self, article_id: str, at: datetime) -> set[Dyad]:
        rows = self._connection.execute(_RETIRE, {"article": article_id, "at": at})
        return {Dyad(row.dyad_a, row.dyad_b) for row in rows}

    def retire_some(self, ids: Sequence[str], at: datetime) -> set[Dyad]:
        live = update(mentions).where(_t.id.in_(ids), _t.retired_at.is_(None)).values(retired_at=at)
        rows = self._connection.execute(live.returning(_t.dyad_a, _t.dyad_b))
        return {Dyad(row.dyad_a, row.dyad_b) for row in rows}

    def any_of(self, dyad: Dyad) -> bool:
        return self._connection.execute(_ANY_OF_DYAD, {"a": dyad.a, "b": dyad.b}).first() is not None

    def of_dyad(self, dyad: Dyad, known_at: datetime | None = None, published_by: date | None = None) -> list[Mention]:
        found = select(mentions).where(_t.dyad_a == dyad.a, _t.dyad_b == dyad.b)
        if known_at is None:
            found = found.where(_t.retired_at.is_(None))
        else:
            since = func.coalesce(_t.credited_at, _t.recorded_at, type_=_t.recorded_at.type)
            found = found.where(since <= known_at, or_(_t.retired_at.is_(None), _t.retired_at > known_at))
        if published_by is not None:
            found = found.where(_t.published_on <= published_by)
        return [unpack_mention(row) for row in self._connection.execute(found)]

    def by_key(self, dyad: Dyad) -> Iterator[list[Mention]]:
        key = (_t.source_party, _t.target_party, _t.act, _t.status)
        live = (_t.dyad_a == dyad.a, _t.dyad_b == dyad.b, _t.retired_at.is_(None))
        for values in self._connection.execute(select(*key).where(*live).distinct().order_by(*key)).all():
            own = [column == value for column, value in zip(key, values, strict=True)]
            found = self._connection.execute(select(mentions).where(*own, _t.retired_at.is_(None)))
            yield [unpack_mention(row) for row in found]

    def of_article(self, article_id: str) -> list[Mention]:
        found = select(mentions).where(_t.article_id == article_id, _t.retired_at.is_(None)).order_by(_t.number)
        return [unpack_mention(row) for row in self._connection.execute(found)]

    def dyads_of(self, article_id: str) -> set[Dyad]:
        rows = self._connection.execute(_DYADS_OF, {"article": article_id})
        return {Dyad(row.dyad_a, row.dyad_b) for row in rows}

    def dates_of(self, article_ids: Collection[str]) -> Mapping[Key, set[Period | None]]:
        found: dict[Key, set[Period | None]] = {}
        dialect = self._connection.dialect.name
        given = (_ARTICLES.parameters(dialect, [(id,) for id in some]) for some in chunks(sorted(article_ids)))
        rows = (row for some in given for row in self._connection.execute(_dates(dialect), some))
        for *key, first, precision in rows:
            if key[3] != "negated":
                period = Period(first, precision) if first else None
                found.setdefault((key[0], key[1], key[2], key[3]), set()).add(period)
        return found

    def histories(self, near: Mapping[Key, Collection[Period | None]]) -> Mapping[Key, KeyHistory]:
        return key_histories(self._connection, near)

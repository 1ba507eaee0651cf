"""SqlArticleLog: the ArticleLog port on SQL. Claiming, renewing and ending a lease are single statements."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cache

from sqlalchemy import ColumnElement, Connection, and_, bindparam, exists, func, or_, select, update
from sqlalchemy.sql.dml import ReturningInsert

from entente.services.articles import ASSERTED, Article, ArticleDraft, ArticleSummary, Coding
from entente.services.ports.articles import ArticleQuery
from entente.services.ports.paging import Page
from entente.storage.dialect import chunks, insert_on
from entente.storage.truth import article_lists
from entente.storage.truth.rows import AnyRow
from entente.storage.truth.tables import articles

_t = articles.c

#: First key of the advisory locks on addresses: any number that nothing else here uses.
_ADDRESS_LOCK = 1_163_284_303

#: A time, or a bound parameter for it.
Moment = datetime | ColumnElement[datetime]


#: False of an article that holds an assertion, which is never coded.
_IS_TEXT = _t.coder_version.is_distinct_from(ASSERTED)


_now = bindparam("now", type_=_t.lease_until.type)


def _is_due(now: Moment) -> ColumnElement[bool]:
    return and_(_t.status == "pending", or_(_t.next_attempt_at.is_(None), _t.next_attempt_at <= now))


def _is_abandoned(now: Moment) -> ColumnElement[bool]:
    return and_(_t.status == "coding", _t.lease_until < now)


# Statements are built once: building one takes several times as long as executing it.
_GET = select(articles).where(_t.id == bindparam("of_id"))
_CLAIM = (
    update(articles)
    .where(_t.id == bindparam("of_id"), or_(_is_due(_now), _is_abandoned(_now)))
    .values(
        status="coding",
        attempts=_t.attempts + 1,
        lease_owner=bindparam("owner"),
        lease_until=bindparam("until"),
        next_attempt_at=None,
    )
    .returning(articles)
)
_CLAIM_TEXT = _CLAIM.where(_t.text.is_not(None))
_CLAIM_ADDRESS = _CLAIM.where(_t.text.is_(None))
#: False of a page that was not read, and of an article that only repeats another: neither is a version.
_IS_VERSION = and_(_t.text.is_not(None), _t.status.not_in(("duplicate", "failed")))
_LATER = articles.alias("later")
_IS_CURRENT = and_(
    _IS_VERSION,
    _IS_TEXT,
    ~exists().where(
        _LATER.c.supersedes == _t.id,
        _LATER.c.text.is_not(None),
        _LATER.c.status.not_in(("duplicate", "failed")),
    ),
)
#: Enough for every publisher that prints under one address or title.
_MOST_CURRENT = 50
_CURRENT = select(articles).where(_IS_CURRENT).order_by(_t.id.desc()).limit(_MOST_CURRENT)
_CURRENT_AT = _CURRENT.where(_t.url.in_(bindparam("urls", expanding=True)))
_TITLED = _CURRENT.where(_t.title.in_(bindparam("titles", expanding=True)))
_LOCKED = select(articles).where(_t.id == bindparam("of_id")).with_for_update(key_share=True)
_NEXT_VERSION = select(_t.id).where(_t.supersedes == bindparam("of_id"), _IS_VERSION).order_by(_t.id.desc()).limit(1)
_UNREAD_VERSION = select(_t.id).where(
    _t.supersedes == bindparam("of_id"), _t.text.is_(None), _t.status.in_(("pending", "coding"))
)
_SUPERSEDES = select(_t.supersedes, _t.status).where(_t.id == bindparam("of_id"))
_OF_OWNER = update(articles).where(
    _t.id == bindparam("of_id"), _t.status == "coding", _t.lease_owner == bindparam("of_owner")
)


@cache
def _add(dialect: str) -> ReturningInsert[str]:
    one = insert_on(dialect, articles).on_conflict_do_nothing(index_elements=[_t.content_hash])
    return one.returning(_t.id)


class SqlArticleLog:
    """Articles as rows; `status`, `lease_owner`, `lease_until` and `next_attempt_at` record the work to do."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(
        self, draft: ArticleDraft, content_hash: str, id: str, received_at: datetime, supersedes: str | None = None
    ) -> tuple[str, bool]:
        values = {
            "id": id,
            "publisher": draft.publisher,
            "url": draft.url,
            "title": draft.title,
            "text": draft.text,
            "language": draft.language,
            "published_at": draft.published_at,
            "date_problem": draft.date_problem,
            "published_on": draft.dated_on(received_at),
            "received_at": received_at,
            "content_hash": content_hash,
            "status": "pending",
            "supersedes": supersedes,
        }
        if self._connection.execute(_add(self._connection.dialect.name), values).one_or_none():
            return id, True
        first = select(_t.id).where(_t.content_hash == content_hash)
        return self._connection.execute(first).scalar_one(), False

    def get(self, id: str) -> Article | None:
        row = self._connection.execute(_GET, {"of_id": id}).one_or_none()
        return _unpack(row) if row else None

    def at(self, urls: Sequence[str]) -> dict[str, str]:
        found: dict[str, str] = {}
        for some in chunks(urls):
            rows = self._connection.execute(select(_t.url, _t.id).where(_t.url.in_(some)).order_by(_t.id.desc()))
            found |= {row.url: row.id for row in rows}
        return found

    def search(
        self, query: ArticleQuery, after: tuple[str, ...] | None, limit: int, backwards: bool = False
    ) -> Page[ArticleSummary]:
        """Raises ValueError for an `after` that isn't a position of a page."""
        return article_lists.search(self._connection, query, after, limit, backwards)

    def published(
        self, first: date, last: date, known_at: datetime | None = None, published_by: date | None = None
    ) -> Mapping[date, int]:
        return article_lists.published(self._connection, first, min(last, published_by or last), known_at)

    def addresses(self, ids: Collection[str]) -> Mapping[str, str]:
        return article_lists.addresses(self._connection, ids)

    def publishers(self) -> list[str]:
        return article_lists.publishers(self._connection)

    def claim(
        self, id: str, owner: str, now: datetime, lease_seconds: float, *, with_text: bool = True
    ) -> Article | None:
        until = now + timedelta(seconds=lease_seconds)
        claim = {"of_id": id, "now": now, "owner": owner, "until": until}
        row = self._connection.execute(_CLAIM_TEXT if with_text else _CLAIM_ADDRESS, claim).one_or_none()
        return _unpack(row) if row else None

    def renew(self, id: str, owner: str, now: datetime, lease_seconds: float) -> bool:
        return self._of_owner(id, owner, lease_until=now + timedelta(seconds=lease_seconds))

    def finish(
        self,
        id: str,
        owner: str,
        status: str,
        reason: str | None,
        coding: Coding | None,
        coded_at: datetime | None = None,
    ) -> bool:
        learnt: dict[str, object] = {}
        if coding is not None:
            learnt = {
                "language": coding.language,
                "coder_version": coding.coder_version,
                "truncated": coding.truncated,
            }
        if coded_at is not None:
            learnt["coded_at"] = func.coalesce(_t.coded_at, coded_at)
        if status in ("duplicate", "failed"):
            # Its address may be sent again: then the page is fetched again.
            learnt["content_hash"] = f"{status}:{id}"
        return self._of_owner(id, owner, status=status, reason=reason, lease_owner=None, lease_until=None, **learnt)

    def release(self, id: str, owner: str, reason: str, next_attempt_at: datetime | None) -> bool:
        return self._of_owner(
            id,
            owner,
            status="pending",
            reason=reason,
            lease_owner=None,
            lease_until=None,
            next_attempt_at=next_attempt_at,
        )

    def quarantine_spent(self, now: datetime, max_attempts: int) -> list[str]:
        spent = (
            update(articles)
            .where(_is_abandoned(now), _t.attempts >= max_attempts)
            .values(status="quarantined", reason="its workers died", lease_owner=None, lease_until=None)
            .returning(_t.id)
        )
        return sorted(self._connection.execute(spent).scalars())

    def due(self, now: datetime, pending_since: datetime, limit: int, *, with_text: bool | None = None) -> list[str]:
        waiting = and_(_is_due(now), _t.received_at < pending_since)
        found = select(_t.id).where(or_(waiting, _is_abandoned(now))).order_by(_t.received_at, _t.id).limit(limit)
        if with_text is not None:
            found = found.where(_t.text.is_not(None) if with_text else _t.text.is_(None))
        return list(self._connection.execute(found).scalars())

    def fill(self, id: str, owner: str, draft: ArticleDraft, content_hash: str, supersedes: str | None = None) -> str:
        known = select(_t.id).where(_t.content_hash == content_hash, _t.id != id)
        first: str | None = self._connection.execute(known).scalar_one_or_none()
        if first is not None:
            return first
        # Of an article without a date, the day of receipt stays.
        published_on = draft.dated_on(draft.published_at) if draft.published_at else draft.published_on
        self._of_owner(
            id,
            owner,
            publisher=draft.publisher,
            url=draft.url,
            title=draft.title,
            text=draft.text,
            language=draft.language,
            published_at=draft.published_at,
            date_problem=draft.date_problem,
            **({"published_on": published_on} if published_on else {}),
            content_hash=content_hash,
            supersedes=supersedes,
            status="pending",
            reason=None,
            attempts=0,
            lease_owner=None,
            lease_until=None,
        )
        return id

    def put_off(self, id: str, owner: str, reason: str, next_attempt_at: datetime) -> bool:
        waiting = {"status": "pending", "lease_owner": None, "lease_until": None, "attempts": 0}
        later = {"reason": reason, "next_attempt_at": next_attempt_at, "fetches": _t.fetches + 1}
        return self._of_owner(id, owner, **waiting, **later)

    def delay(self, id: str, next_attempt_at: datetime) -> None:
        # Only later: an article that its server asked to wait for waits as long.
        sooner = or_(_t.next_attempt_at.is_(None), _t.next_attempt_at < next_attempt_at)
        pending = update(articles).where(_t.id == id, _t.status == "pending", sooner)
        self._connection.execute(pending.values(next_attempt_at=next_attempt_at))

    def retract(self, id: str, reason: str) -> bool:
        taken_back = {"status": "retracted", "reason": reason, "lease_owner": None, "lease_until": None}
        return self._connection.execute(update(articles).where(_t.id == id).values(taken_back)).rowcount == 1

    def current_at(self, urls: Sequence[str]) -> list[Article]:
        return [_unpack(row) for row in self._connection.execute(_CURRENT_AT, {"urls": urls})]

    def titled(self, titles: Sequence[str]) -> list[Article]:
        return [_unpack(row) for row in self._connection.execute(_TITLED, {"titles": titles})]

    def lock_address(self, url: str) -> None:
        # On SQLite one transaction writes at a time.
        if self._connection.dialect.name == "postgresql":
            self._connection.execute(select(func.pg_advisory_xact_lock(_ADDRESS_LOCK, func.hashtext(url))))

    def last_version(self, id: str) -> Article | None:
        last: str | None = id
        while last is not None:
            # Locked before its next version is looked for: two that come at once follow each other.
            row = self._connection.execute(_LOCKED, {"of_id": last}).one_or_none()
            last = self.superseded_by(last) if row else None
        return _unpack(row) if row else None

    def earlier_versions(self, id: str) -> list[str]:
        earlier: list[str] = []
        row = self._connection.execute(_SUPERSEDES, {"of_id": id}).one_or_none()
        while row and row.supersedes:
            before = row.supersedes
            row = self._connection.execute(_SUPERSEDES, {"of_id": before}).one_or_none()
            if row and row.status == "superseded":
                break
            if row and row.status != "retracted":
                earlier.append(before)
        return earlier

    def superseded_by(self, id: str) -> str | None:
        later: str | None = self._connection.execute(_NEXT_VERSION, {"of_id": id}).scalar_one_or_none()
        return later

    def unread_version(self, id: str) -> str | None:
        waiting = self._connection.execute(_UNREAD_VERSION, {"of_id": id}).scalars()
        return waiting.first()

    def supersede(self, ids: Sequence[str]) -> None:
        over = {"status": "superseded", "lease_owner": None, "lease_until": None, "next_attempt_at": None}
        # In the order in which `last_version` locks them, so that the two don't deadlock.
        for id in reversed(ids):
            self._connection.execute(update(articles).where(_t.id == id, _t.status != "retracted").values(over))

    def every(self, after: str = "", limit: int = 500) -> list[str]:
        read = (
            select(_t.id)
            .where(_t.id > after, _t.status.in_(("coded", "no_events")), _IS_TEXT)
            .order_by(_t.id)
            .limit(limit)
        )
        return list(self._connection.execute(read).scalars())

    def unfinished(self, limit: int) -> list[str]:
        waiting = select(_t.id).where(_t.status.in_(("pending", "coding"))).order_by(_t.id).limit(limit)
        return list(self._connection.execute(waiting).scalars())

    def requeue(self, id: str) -> bool:
        again = (
            update(articles)
            .where(_t.id == id, _t.status.not_in(("pending", "coding", "retracted", "superseded")), _IS_TEXT)
            .values(status="pending", reason=None, attempts=0, fetches=0, next_attempt_at=None)
        )
        return self._connection.execute(again).rowcount == 1

    def _of_owner(self, id: str, owner: str, **values: object) -> bool:
        """Update the article if this owner has its lease, expired or not; True if updated."""
        of = {"of_id": id, "of_owner": owner}
        return self._connection.execute(_OF_OWNER.values(values), of).rowcount == 1


def _unpack(row: AnyRow) -> Article:
    return Article(
        id=row.id,
        publisher=row.publisher,
        url=row.url,
        title=row.title,
        text=row.text,
        language=row.language,
        published_at=row.published_at,
        published_on=row.published_on,
        received_at=row.received_at,
        content_hash=row.content_hash,
        status=row.status,
        reason=row.reason,
        attempts=row.attempts,
        coder_version=row.coder_version,
        truncated=row.truncated,
        fetches=row.fetches,
        reprint_of=row.reprint_of,
        date_problem=row.date_problem,
        supersedes=row.supersedes,
    )

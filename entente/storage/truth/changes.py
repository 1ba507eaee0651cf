"""SqlChangeLog: the ChangeLog port on SQL, the changes feed numbered without gaps."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import islice

from sqlalchemy import ColumnElement, Connection, bindparam, case, or_, select, tuple_, union_all
from sqlalchemy.sql.dml import ReturningInsert

from entente.relations.codebook import UNCONFIRMED
from entente.relations.states import Change
from entente.services.ports.changes import RecordedChange
from entente.services.ports.wants import Wants
from entente.storage.dialect import add_rows, insert_on
from entente.storage.truth.rows import pack_change, unpack_change
from entente.storage.truth.tables import change_counter, changes

#: Rows of `change_counter`.
_COUNTER, _CLOCK = 1, 2

#: Most ranges of indexes that the newest changes are merged from; with more filters all changes are read.
_MOST_PARTS = 100

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@cache
def _count(dialect: str) -> ReturningInsert[int]:
    count = insert_on(dialect, change_counter).values(id=_COUNTER, last=bindparam("more"))
    count = count.on_conflict_do_update(
        index_elements=[change_counter.c.id], set_={"last": change_counter.c.last + bindparam("more")}
    )
    return count.returning(change_counter.c.last)


_LAST_TIME = select(change_counter.c.last).where(change_counter.c.id == _CLOCK)


@cache
def _note(dialect: str) -> ReturningInsert[int]:
    later = case((change_counter.c.last < bindparam("at"), bindparam("at")), else_=change_counter.c.last)
    note = insert_on(dialect, change_counter).values(id=_CLOCK, last=bindparam("at"))
    note = note.on_conflict_do_update(index_elements=[change_counter.c.id], set_={"last": later})
    return note.returning(change_counter.c.last)


class SqlChangeLog:
    """The changes feed in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def recording_time(self, now: datetime) -> datetime:
        last = self._connection.execute(_LAST_TIME).scalar_one_or_none()
        return now if last is None else max(now, _EPOCH + last * _MICROSECOND)

    def note_recorded(self, at: datetime) -> datetime:
        note = _note(self._connection.dialect.name)
        latest = self._connection.execute(note, {"at": (at - _EPOCH) // _MICROSECOND}).scalar_one()
        return _EPOCH + latest * _MICROSECOND

    def append(
        self,
        made: Sequence[Change],
        article_id: str | None,
        at: datetime,
        kind: str = "facet",
        reason: str | None = None,
        supersedes: str | None = None,
    ) -> None:
        if not made:
            return
        # Numbers and times are given under the same locks, so they have the same order.
        at = self.note_recorded(at)
        # The counter's row stays locked until the commit: numbers become visible in order, and a rollback frees
        # its numbers.
        count = _count(self._connection.dialect.name)
        last = self._connection.execute(count, {"more": len(made)}).scalar_one()
        first = last - len(made) + 1
        recorded = [
            RecordedChange(seq, change, article_id, at, kind, reason, supersedes)
            for seq, change in enumerate(made, first)
        ]
        add_rows(self._connection, changes, [pack_change(one) for one in recorded])

    def after(self, number: int, limit: int, unconfirmed: str = "include") -> list[RecordedChange]:
        later = select(changes).where(changes.c.seq > number).order_by(changes.c.seq).limit(limit)
        if unconfirmed != "include":
            unsure = changes.c.standing == UNCONFIRMED
            later = later.where(unsure if unconfirmed == "only" else ~unsure)
        return [unpack_change(row) for row in self._connection.execute(later)]

    def newest(self, filters: Wants, limit: int) -> list[RecordedChange]:
        passing = (changes.c.kind == "facet", *_passing(filters))
        parts = list(islice(_parts(filters), _MOST_PARTS + 1))
        if len(parts) <= _MOST_PARTS:
            # Each reads the end of a range of an index; with OR all changes of the ranges would be read.
            newest = (select(changes.c.seq).where(*part, *passing) for part in parts)
            ends = [one.order_by(changes.c.seq.desc()).limit(limit).subquery() for one in newest]
            passing = (changes.c.seq.in_(union_all(*(select(end.c.seq) for end in ends))),)
        own = select(changes).where(*passing).order_by(changes.c.seq.desc()).limit(limit)
        return [unpack_change(row) for row in self._connection.execute(own)]

    def last(self) -> int:
        counted = select(change_counter.c.last).where(change_counter.c.id == _COUNTER)
        return self._connection.execute(counted).scalar_one_or_none() or 0

    def of_article(self, article_id: str) -> list[RecordedChange]:
        of = or_(changes.c.article_id == article_id, changes.c.supersedes == article_id)
        own = select(changes).where(of).order_by(changes.c.seq)
        return [unpack_change(row) for row in self._connection.execute(own)]


def _parts(filters: Wants) -> Iterator[tuple[ColumnElement[bool], ...]]:
    """Conditions that are each a range of one index, and together what the filters leave or more."""
    for historic in (changes.c.historic, ~changes.c.historic) if filters.historic else (~changes.c.historic,):
        if filters.pairs:
            for pair in filters.pairs:
                for source, target in (pair, pair[::-1]):
                    yield (changes.c.source == source, changes.c.target == target, historic)
        elif filters.countries:
            for country in filters.countries:
                yield (changes.c.source == country, historic)
                yield (changes.c.target == country, historic)
        elif filters.facets:
            for facet in filters.facets:
                yield (changes.c.facet == facet, historic)
        else:
            yield (historic,)


def _passing(filters: Wants) -> Iterator[ColumnElement[bool]]:
    """Conditions on a change of a facet; those of `wants` in entente/services/subscriptions.py."""
    if not filters.historic:
        yield ~changes.c.historic
    if not filters.unconfirmed:
        yield changes.c.standing != UNCONFIRMED
    if filters.countries:
        yield or_(changes.c.source.in_(filters.countries), changes.c.target.in_(filters.countries))
    if filters.pairs:
        both = [pair for one, other in filters.pairs for pair in ((one, other), (other, one))]
        yield tuple_(changes.c.source, changes.c.target).in_(both)
    if filters.facets:
        yield changes.c.facet.in_(filters.facets)
    if filters.to_values:
        yield changes.c.after.in_(filters.to_values)

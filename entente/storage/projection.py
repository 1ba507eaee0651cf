"""The Projection port on SQL: events, states, changes and dyads, all derived from the mentions.

A projection replaces what is stored by what was derived, but writes only the difference: the cost of one more event
is that of the rows it changes, not of the dyad's history.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, delete, insert, select, update

from entente.relations.events import Event
from entente.relations.states import Change, Interval
from entente.services.ports import Dyad, RecordedChange
from entente.storage.dialect import chunks, insert_into
from entente.storage.rows import fingerprint, pack_change, pack_event, pack_interval, unpack_change, unpack_interval
from entente.storage.tables import change_counter, changes, dyads, event_mentions, events, mentions, states

_COUNTER = 1


def _is(dyad: Dyad) -> ColumnElement[bool]:
    return (dyads.c.a == dyad.a) & (dyads.c.b == dyad.b)


class SqlProjection:
    """Derived rows of one transaction. `lock` comes first, or two projections of a dyad overwrite each other."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def lock(self, dyads_: Iterable[Dyad]) -> Mapping[Dyad, int]:
        versions: dict[Dyad, int] = {}
        # In order, so that two units of work that share dyads wait for each other instead of deadlocking.
        for some in chunks(sorted(set(dyads_))):
            statement = insert_into(self._connection, dyads).values([{"a": d.a, "b": d.b, "version": 1} for d in some])
            statement = statement.on_conflict_do_update(
                index_elements=[dyads.c.a, dyads.c.b], set_={"version": dyads.c.version + 1}
            )
            rows = self._connection.execute(statement.returning(dyads.c.a, dyads.c.b, dyads.c.version))
            versions |= {Dyad(row.a, row.b): row.version for row in rows}
        return versions

    def replace_events(self, dyad: Dyad, events_: Sequence[Event]) -> None:
        known = select(events.c.id, events.c.fingerprint).where(events.c.dyad_a == dyad.a, events.c.dyad_b == dyad.b)
        stored = {row.id: row.fingerprint for row in self._connection.execute(known)}
        derived = {event.id: event for event in events_}
        fresh = [event for event in derived.values() if stored.get(event.id) != fingerprint(event)]
        stale = (stored.keys() - derived.keys()) | (stored.keys() & {event.id for event in fresh})
        # Deleted first, links and all: a mention that moves from one event to another is never in two.
        for some in chunks(sorted(stale)):
            self._connection.execute(delete(events).where(events.c.id.in_(some)))
        if fresh:
            self._connection.execute(insert(events), [pack_event(event) for event in fresh])
            links = [
                {"event_id": event.id, "position": position, "mention_id": mention.id}
                for event in fresh
                for position, mention in enumerate(event.mentions)
            ]
            self._connection.execute(insert(event_mentions), links)

    def replace_states(self, dyad: Dyad, intervals: Sequence[Interval]) -> None:
        stored = {interval: id for id, interval in self._stored_states(dyad)}
        derived = set(intervals)
        stale = [id for interval, id in stored.items() if interval not in derived]
        for some in chunks(stale):
            self._connection.execute(delete(states).where(states.c.id.in_(some)))
        fresh = [pack_interval(interval) for interval in intervals if interval not in stored]
        if fresh:
            self._connection.execute(insert(states), fresh)

    def mark_dirty(self, dyad: Dyad, version: int, at: datetime) -> None:
        self._connection.execute(update(dyads).where(_is(dyad)).values(dirty_version=version, dirty_since=at))

    def clear_dirty(self, dyad: Dyad, version: int) -> None:
        caught_up = update(dyads).where(_is(dyad), dyads.c.dirty_version <= version)
        self._connection.execute(caught_up.values(dirty_version=None, dirty_since=None))

    def append_changes(self, changes_: Sequence[Change], article_id: str | None, at: datetime) -> None:
        if not changes_:
            return
        # The counter's row stays locked until the commit: numbers become visible in order, and a rollback takes
        # its numbers back.
        count = insert_into(self._connection, change_counter).values(id=_COUNTER, last=len(changes_))
        count = count.on_conflict_do_update(
            index_elements=[change_counter.c.id], set_={"last": change_counter.c.last + len(changes_)}
        )
        last = self._connection.execute(count.returning(change_counter.c.last)).scalar_one()
        first = last - len(changes_) + 1
        rows = [pack_change(change, seq, article_id, at) for seq, change in enumerate(changes_, first)]
        self._connection.execute(insert(changes), rows)

    def states(self, dyad: Dyad) -> list[Interval]:
        found = (interval for _, interval in self._stored_states(dyad))
        return sorted(found, key=lambda interval: (interval.track, interval.starts_on))

    def version(self, dyad: Dyad) -> int:
        return self._connection.execute(select(dyads.c.version).where(_is(dyad))).scalar_one_or_none() or 0

    def dirty(self, limit: int) -> list[tuple[Dyad, int]]:
        """The dyads that wait longest come first."""
        behind = select(dyads).where(dyads.c.dirty_version.is_not(None))
        rows = self._connection.execute(behind.order_by(dyads.c.dirty_since, dyads.c.a, dyads.c.b).limit(limit))
        return [(Dyad(row.a, row.b), row.dirty_version) for row in rows]

    def dyads(self) -> Iterator[Dyad]:
        # From the mentions, not from `dyads`: a rebuild must find what a lost projection would hide.
        pair = (mentions.c.dyad_a, mentions.c.dyad_b)
        every = select(*pair).distinct().order_by(*pair).execution_options(yield_per=1000)
        for row in self._connection.execute(every):
            yield Dyad(row.dyad_a, row.dyad_b)

    def changes(self, after: int, limit: int) -> list[RecordedChange]:
        later = select(changes).where(changes.c.seq > after).order_by(changes.c.seq).limit(limit)
        return [unpack_change(row) for row in self._connection.execute(later)]

    def changes_of(self, article_id: str) -> list[RecordedChange]:
        own = select(changes).where(changes.c.article_id == article_id).order_by(changes.c.seq)
        return [unpack_change(row) for row in self._connection.execute(own)]

    def _stored_states(self, dyad: Dyad) -> list[tuple[int, Interval]]:
        found = select(states).where(states.c.dyad_a == dyad.a, states.c.dyad_b == dyad.b)
        return [(row.id, unpack_interval(row)) for row in self._connection.execute(found)]

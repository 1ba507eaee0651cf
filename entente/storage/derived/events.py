"""SqlEventIndex: the EventIndex port on SQL, pages of events across dyads, newest first."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, exists, or_, select, tuple_

from entente.relations.dyads import Dyad
from entente.relations.errors import MalformedEventId
from entente.relations.events import Event, EventKey, Fact, Mention
from entente.services.ports.event_tables import TabledEvents
from entente.services.ports.events import EventQuery, Unconfirmed
from entente.services.ports.paging import Page
from entente.services.reading.paging import page_of
from entente.storage.derived.event_tables import COLUMNS, tabled_events
from entente.storage.derived.quotes import quoting_mentions
from entente.storage.derived.rows import unpack_event, unpack_fact
from entente.storage.derived.tables import dyads, event_mentions, events
from entente.storage.dialect import chunks, driver_rows
from entente.storage.truth.rows import unpack_mention
from entente.storage.truth.tables import mentions

_t = events.c


class SqlEventIndex:
    """Keyset pages over `events`, ordered by (first day, id), stable while rows are added."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of_dyad(self, dyad: Dyad) -> Iterator[Event]:
        own = (_t.dyad_a == dyad.a, _t.dyad_b == dyad.b)
        links = select(event_mentions.c.event_id, mentions).join_from(event_mentions, mentions)
        links = links.join(events, _t.id == event_mentions.c.event_id).where(*own)
        order = (_t.starts_on, _t.id)
        stream = {"yield_per": 1000}
        links = links.order_by(*order, event_mentions.c.position).execution_options(**stream)
        stored = select(events).where(*own).order_by(*order).execution_options(**stream)
        # Closed even if the caller stops early: else a server-side cursor would outlive its transaction.
        with self._connection.execute(links) as linked, self._connection.execute(stored) as rows:
            told = groupby(linked, key=lambda link: link.event_id)
            for row in rows:
                event_id, links_of_event = next(told)
                assert event_id == row.id
                yield unpack_event(row, [unpack_mention(link) for link in links_of_event])

    def search(
        self, query: EventQuery, after: tuple[str, ...] | None, limit: int, backwards: bool = False
    ) -> Page[Event]:
        """Raises ValueError for an `after` that isn't a position of a page."""
        wanted = select(events).where(*self._conditions(query))
        if after is not None:
            day, id = after
            row, mark = tuple_(_t.starts_on, _t.id), tuple_(date.fromisoformat(day), id)
            wanted = wanted.where(row > mark if backwards else row < mark)
        order = (_t.starts_on, _t.id) if backwards else (_t.starts_on.desc(), _t.id.desc())
        rows = self._connection.execute(wanted.order_by(*order).limit(limit + 1)).all()
        page = page_of(rows, limit, after, backwards, lambda row: (row.starts_on.isoformat(), row.id))
        told = self._mentions([row.id for row in page.items])
        return Page([unpack_event(row, told[row.id]) for row in page.items], page.next, page.previous)

    def tabled(
        self, query: EventQuery, after: tuple[str, ...] | None, limit: int
    ) -> tuple[TabledEvents, tuple[str, ...] | None]:
        rows = driver_rows(self._connection, self._newest(COLUMNS, query, after, limit))
        last = rows[limit - 1] if len(rows) > limit else None
        return tabled_events(rows[:limit], self._connection), (last[-1], last[0]) if last else None

    def facts(
        self, query: EventQuery, after: tuple[str, ...] | None, limit: int
    ) -> tuple[list[Fact], tuple[str, ...] | None]:
        rows = self._connection.execute(self._newest(select(events), query, after, limit)).all()
        last = rows[limit - 1] if len(rows) > limit else None
        return [unpack_fact(row) for row in rows[:limit]], (last.starts_on.isoformat(), last.id) if last else None

    def _newest(self, wanted: Select[Any], query: EventQuery, after: tuple[str, ...] | None, limit: int) -> Select[Any]:
        wanted = wanted.where(*self._conditions(query))
        if after is not None:
            day, id = after
            wanted = wanted.where(tuple_(_t.starts_on, _t.id) < tuple_(date.fromisoformat(day), id))
        return wanted.order_by(_t.starts_on.desc(), _t.id.desc()).limit(limit + 1)

    def dyads_after(self, day: date) -> list[Dyad]:
        found = select(_t.dyad_a, _t.dyad_b).where(_t.starts_on > day).distinct()
        return [Dyad(row.dyad_a, row.dyad_b) for row in self._connection.execute(found)]

    def dyad_of(self, event_id: str) -> Dyad | None:
        try:
            key = EventKey.parse(event_id)
        except MalformedEventId:
            return None
        dyad = Dyad.of_parties(key.source, key.target)
        known = select(dyads.c.a).where(dyads.c.a == dyad.a, dyads.c.b == dyad.b)
        return dyad if self._connection.execute(known).one_or_none() else None

    def _mentions(self, event_ids: list[str]) -> dict[str, list[Mention]]:
        found: dict[str, list[Mention]] = defaultdict(list)
        linked = select(event_mentions.c.event_id, mentions).join_from(event_mentions, mentions)
        for some in chunks(event_ids):
            wanted = linked.where(event_mentions.c.event_id.in_(some))
            for row in self._connection.execute(wanted.order_by(event_mentions.c.event_id, event_mentions.c.position)):
                found[row.event_id].append(unpack_mention(row))
        return found

    def _conditions(self, query: EventQuery) -> list[ColumnElement[bool]]:
        found = _conditions(query)
        if query.words is not None:
            told = select(event_mentions.c.event_id)
            quoting = quoting_mentions(self._connection.dialect.name, query.words)
            found.append(_t.id.in_(told.where(event_mentions.c.mention_id.in_(quoting))))
        return found


def _conditions(query: EventQuery) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if query.source is not None:
        found.append((_t.source if ":" in query.source else _t.source_entity) == query.source)
    if query.target is not None:
        found.append((_t.target if ":" in query.target else _t.target_entity) == query.target)
    if query.dyad is not None:
        found += [_t.dyad_a == query.dyad.a, _t.dyad_b == query.dyad.b]
    if query.acts is not None:
        found.append(_t.act.in_(query.acts))
    if query.statuses is not None:
        found.append(_t.status.in_(query.statuses))
    if query.starts_from is not None:
        found.append(_t.starts_on >= query.starts_from)
    if query.starts_to is not None:
        found.append(_t.starts_on <= query.starts_to)
    if query.min_confidence is not None:
        found.append(_t.confidence >= query.min_confidence)
    if query.kinds is not None:
        found.append(tuple_(_t.act, _t.status).in_(query.kinds))
    if query.recorded_since is not None:
        late = select(event_mentions.c.event_id).join_from(event_mentions, mentions)
        found.append(_t.id.in_(late.where(mentions.c.recorded_at >= query.recorded_since)))
    if query.unconfirmed is not None:
        found.append(
            _is_unconfirmed(query.unconfirmed) if query.unconfirmed.wanted else ~_is_unconfirmed(query.unconfirmed)
        )
    if query.article_id is not None:
        own = select(event_mentions.c.event_id).join_from(event_mentions, mentions)
        found.append(_t.id.in_(own.where(mentions.c.article_id == query.article_id)))
    return found


def _is_unconfirmed(filter: Unconfirmed) -> ColumnElement[bool]:
    """Condition that an event would move a facet and is below its floor (relations/floor.py)."""
    below = (and_(tuple_(_t.act, _t.status).in_(pairs), _t.confidence < floor) for floor, pairs in filter.floors)
    told = select(event_mentions.c.event_id).join_from(event_mentions, mentions)
    other_coder = exists(
        told.where(event_mentions.c.event_id == _t.id, mentions.c.coder_version.not_in(filter.calibrated))
    )
    return and_(or_(*below), _t.source == _t.source_entity, _t.target == _t.target_entity, ~other_coder)

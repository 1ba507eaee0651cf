"""EventReads: read one event by id, a page of events, or all that match, as known now or earlier."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from itertools import islice

from entente.relations.dyads import Dyad
from entente.relations.events import Event, EventKey, Fact
from entente.relations.grouping.group import group_mentions, locate
from entente.services.errors import Invalid, NotFound
from entente.services.ports.event_tables import TabledEvents
from entente.services.ports.events import EventQuery
from entente.services.ports.ledger import Ledger
from entente.services.ports.paging import Page
from entente.services.ports.system import Clock
from entente.services.reading.clocks import ReadClocks, read_clocks
from entente.services.reading.paging import Position, page_of
from entente.services.reading.past_events import past_events, tabled

#: Events read in one transaction by what yields all, so that a slow consumer holds none open.
_BATCH = 1000


class EventReads:
    """Reads of events, newest first. With `known_at` or `published_by`: as they were then, of the present codebook.

    Reads of many events with these clocks come by dyad, as what was known earlier is grouped one dyad at a time. They
    raise Invalid for a `known_at` in the future, and with `words`: the index of quotes is of what is known now.
    """

    def __init__(self, ledger: Ledger, clock: Clock) -> None:
        self._ledger = ledger
        self._clock = clock

    def page(
        self,
        query: EventQuery,
        after: Position | None = None,
        limit: int = 50,
        backwards: bool = False,
        *,
        known_at: date | datetime | None = None,
        published_by: date | None = None,
    ) -> Page[Event]:
        """A page of matching events. Raises Invalid for clocks without a source and a target: it is newest first."""
        clocks = self._clocks(query, known_at, published_by)
        if clocks is None:
            with self._ledger.read() as unit:
                return unit.events.search(query, after, limit, backwards)
        if query.dyad is None and (query.source is None or query.target is None):
            raise Invalid(
                "published_by" if known_at is None else "known_at",
                "a page needs a source and a target beside it: add both, or ask for csv, ndjson or parquet, which "
                "have the events of all pairs",
            )
        found = [event for events in past_events(self._ledger, query, clocks) for event in events]
        if backwards:
            found.reverse()
        rest = [event for event in found if after is None or _follows(event, after, backwards)]
        return page_of(rest[: limit + 1], limit, after, backwards, _position)

    def tables(
        self,
        query: EventQuery,
        limit: int | None = None,
        after: Position | None = None,
        *,
        known_at: date | datetime | None = None,
        published_by: date | None = None,
    ) -> Iterator[TabledEvents]:
        """Yield matching events, at most `limit`, as columns. Those added meanwhile may be missed."""
        clocks = self._clocks(query, known_at, published_by)
        return self._stored(query, limit, after) if clocks is None else self._past(query, clocks, limit, after)

    def with_addresses(
        self, query: EventQuery, *, known_at: date | datetime | None = None, published_by: date | None = None
    ) -> Iterator[tuple[TabledEvents, Sequence[str]]]:
        """The same, each with the addresses of the articles that tell most of the events, "" without one."""
        return map(self._addressed, self.tables(query, known_at=known_at, published_by=published_by))

    def facts(
        self, query: EventQuery, *, known_at: date | datetime | None = None, published_by: date | None = None
    ) -> Iterator[Fact]:
        """Yield matching events without their mentions, in constant memory."""
        clocks = self._clocks(query, known_at, published_by)
        if clocks is None:
            return self._stored_facts(query)
        return (event.fact for events in past_events(self._ledger, query, clocks) for event in events)

    def _clocks(
        self, query: EventQuery, known_at: date | datetime | None, published_by: date | None
    ) -> ReadClocks | None:
        """The clocks, or None for what is known now."""
        clocks = read_clocks(self._clock, None, known_at, published_by)
        if clocks.is_now:
            return None
        if query.words is not None:
            given = "published_by" if known_at is None else "known_at"
            raise Invalid("q", f"words are looked up in the quotes of today: leave out q, or {given}")
        return clocks

    def _stored(self, query: EventQuery, limit: int | None, after: Position | None) -> Iterator[TabledEvents]:
        left = limit
        while left is None or left > 0:
            with self._ledger.read() as unit:
                found, after = unit.events.tabled(query, after, _BATCH if left is None else min(_BATCH, left))
            if len(found):
                yield found
            if after is None:
                return
            left = None if left is None else left - len(found)

    def _stored_facts(self, query: EventQuery) -> Iterator[Fact]:
        after: Position | None = None
        while True:
            with self._ledger.read() as unit:
                found, after = unit.events.facts(query, after, _BATCH)
            yield from found
            if after is None:
                return

    def _past(
        self, query: EventQuery, clocks: ReadClocks, limit: int | None, after: Position | None
    ) -> Iterator[TabledEvents]:
        every = (event for events in past_events(self._ledger, query, clocks) for event in events)
        wanted = islice((event for event in every if after is None or _follows(event, after)), limit)
        while some := list(islice(wanted, _BATCH)):
            yield tabled(some)

    def _addressed(self, found: TabledEvents) -> tuple[TabledEvents, Sequence[str]]:
        with self._ledger.read() as unit:
            addresses = unit.articles.addresses(set(found.article))
        return found, [addresses.get(article, "") for article in found.article]

    def event(self, event_id: str) -> Event:
        """The event that this id named when it was given out. Raises NotFound, MalformedEventId."""
        key = EventKey.parse(event_id)
        dyad = Dyad.of_parties(key.source, key.target)
        with self._ledger.read() as unit:
            found = locate(event_id, group_mentions(unit.mentions.of_dyad(dyad)))
        if found is None:
            raise NotFound("event", event_id)
        return found


def _position(event: Event) -> Position:
    return event.starts_on.isoformat(), event.id


def _follows(event: Event, after: Position, backwards: bool = False) -> bool:
    """True if an event comes after a position, or before it if `backwards`. Raises ValueError for what is none."""
    day, id = after
    here, mark = (event.starts_on, event.id), (date.fromisoformat(day), id)
    return here > mark if backwards else here < mark

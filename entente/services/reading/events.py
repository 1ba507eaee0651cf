"""EventReads: read one event by id, a page of events, or all that match."""

from collections.abc import Iterator, Sequence

from entente.relations.dyads import Dyad
from entente.relations.events import Event, EventKey, Fact
from entente.relations.grouping.group import group_mentions, locate
from entente.services.errors import NotFound
from entente.services.ports.event_tables import TabledEvents
from entente.services.ports.events import EventQuery
from entente.services.ports.ledger import Ledger
from entente.services.ports.paging import Page
from entente.services.reading.paging import Position

#: Events read in one transaction by what yields all, so that a slow consumer holds none open.
_BATCH = 1000


class EventReads:
    """Reads of events, newest first."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def page(
        self, query: EventQuery, after: Position | None = None, limit: int = 50, backwards: bool = False
    ) -> Page[Event]:
        """A page of matching events."""
        with self._ledger.read() as unit:
            return unit.events.search(query, after, limit, backwards)

    def tables(
        self, query: EventQuery, limit: int | None = None, after: Position | None = None
    ) -> Iterator[TabledEvents]:
        """Yield matching events, at most `limit`, as columns. Those added meanwhile may be missed."""
        left = limit
        while left is None or left > 0:
            with self._ledger.read() as unit:
                found, after = unit.events.tabled(query, after, _BATCH if left is None else min(_BATCH, left))
            if len(found):
                yield found
            if after is None:
                return
            left = None if left is None else left - len(found)

    def with_addresses(self, query: EventQuery) -> Iterator[tuple[TabledEvents, Sequence[str]]]:
        """The same, each with the addresses of the articles that tell most of the events, "" without one."""
        for found in self.tables(query):
            with self._ledger.read() as unit:
                addresses = unit.articles.addresses(set(found.article))
            yield found, [addresses.get(article, "") for article in found.article]

    def facts(self, query: EventQuery) -> Iterator[Fact]:
        """Yield matching events without their mentions, in constant memory."""
        after: Position | None = None
        while True:
            with self._ledger.read() as unit:
                found, after = unit.events.facts(query, after, _BATCH)
            yield from found
            if after is None:
                return

    def event(self, event_id: str) -> Event:
        """The event that this id named when it was given out. Raises NotFound, MalformedEventId."""
        key = EventKey.parse(event_id)
        dyad = Dyad.of_parties(key.source, key.target)
        with self._ledger.read() as unit:
            found = locate(event_id, group_mentions(unit.mentions.of_dyad(dyad)))
        if found is None:
            raise NotFound("event", event_id)
        return found

"""EventReads: read one event by id, a page of events, or all that match."""

from collections.abc import Iterator

from entente.relations.dyads import Dyad
from entente.relations.events import Event, EventKey
from entente.relations.grouping.group import group_mentions, locate
from entente.services.errors import NotFound
from entente.services.ports.events import EventQuery
from entente.services.ports.ledger import Ledger
from entente.services.ports.paging import Page
from entente.services.reading.paging import Position

#: Events read in one transaction by `every`, so that a slow consumer holds none open.
_BATCH = 500


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

    def every(self, query: EventQuery, limit: int | None = None, after: Position | None = None) -> Iterator[Event]:
        """Yield matching events, at most `limit`, in constant memory. Events added meanwhile may be missed."""
        left = limit
        while left is None or left > 0:
            page = self.page(query, after, _BATCH if left is None else min(_BATCH, left))
            yield from page.items
            after = page.next
            if after is None:
                return
            left = None if left is None else left - len(page.items)

    def with_addresses(self, query: EventQuery) -> Iterator[tuple[Event, str]]:
        """Yield matching events, each with the address of the article that tells most of it, "" without one."""
        after: Position | None = None
        while True:
            with self._ledger.read() as unit:
                page = unit.events.search(query, after, _BATCH)
                addresses = unit.articles.addresses({event.mentions[0].article_id for event in page.items})
            yield from ((event, addresses.get(event.mentions[0].article_id, "")) for event in page.items)
            after = page.next
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

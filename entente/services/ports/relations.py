"""Port: search of directed relations across dyads."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from entente.relations.states import Interval


@dataclass(frozen=True, slots=True)
class DirectionQuery:
    """Filters of directed relations that SQL can apply; None doesn't filter.

    `facet` is (facet, value) that holds on `on`. Value None: any that is held; "pending" or "threatened": any of that
    standing. Where values of the facet are disputed, any may have held: such directions are found as well.
    `begun_since`: a value began on that day or later, up to `on`.
    """

    on: date
    source: str | None = None
    target: str | None = None
    facet: tuple[str, str | None] | None = None
    begun_since: date | None = None


class RelationIndex(Protocol):
    """Search of directed relations, ordered by (source, target)."""

    def directions(
        self, query: DirectionQuery, after: tuple[str, str] | None, limit: int, backwards: bool = False
    ) -> list[tuple[str, str]]:
        """Up to `limit` directions with a known event or value, after `after` in order, or before it if `backwards`."""

    def held(self, facet: str, entity: str | None = None, on: date | None = None) -> list[Interval]:
        """Held intervals of a facet, of one entity's relations in both directions or of all, by start.

        With `on` those that cover that day, else all.
        """

    def first_held(self, facet: str, entity: str | None = None) -> date | None:
        """The first day of the earliest of these intervals; None if there is none."""

    def partners(self, entity: str, known_at: datetime | None = None) -> list[str]:
        """Entities that share a mention or state fact with this one: live now, or known by `known_at`."""

"""The port that finds directed relations across dyads."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class DirectionQuery:
    """Which directed relations to list, in SQL's terms; None doesn't filter.

    `facet` is (facet, value) as it holds on `on`: None is any value, "pending" and "threatened" are any value of that
    standing. `begun_since`: a value began then or later, up to `on`.
    """

    on: date
    source: str | None = None
    target: str | None = None
    facet: tuple[str, str | None] | None = None
    begun_since: date | None = None


class RelationIndex(Protocol):
    """Finding directed relations across dyads, by (source, target)."""

    def directions(
        self, query: DirectionQuery, after: tuple[str, str] | None, limit: int, backwards: bool = False
    ) -> list[tuple[str, str]]:
        """Up to `limit` directions of which an event or a value is known, walking from `after` either way."""

    def partners(self, entity: str, known_at: datetime | None = None) -> list[str]:
        """Everyone with whom this entity shares a mention live now, or recorded by then and not yet retired then."""

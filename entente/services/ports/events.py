"""Port: search of events across dyads."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from entente.relations.codebook import Codebook
from entente.relations.dyads import Dyad
from entente.relations.events import Event, Fact
from entente.services.ports.event_tables import TabledEvents
from entente.services.ports.paging import Page


@dataclass(frozen=True, slots=True)
class Unconfirmed:
    """Filter of unconfirmed events: only those if `wanted`, else all others.

    `floors`: (floor, (act, status) pairs that move a facet and must reach it). `calibrated`: the coder versions to
    whose events floors apply.
    """

    wanted: bool
    floors: Sequence[tuple[float, Sequence[tuple[str, str]]]]
    calibrated: Sequence[str]

    @classmethod
    def of(cls, wanted: bool, codebook: Codebook) -> "Unconfirmed":
        """The filter under a codebook."""
        pairs: dict[float, set[tuple[str, str]]] = {}
        for of_facet in codebook.movers.values():
            for act, status in of_facet:
                pairs.setdefault(codebook.floor(act), set()).add((act, status))
        floors = [(floor, sorted(below)) for floor, below in sorted(pairs.items())]
        return cls(wanted, floors, sorted(codebook.calibrated))


@dataclass(frozen=True, slots=True)
class EventQuery:
    """Filters of the event list; None doesn't filter. Days are inclusive and compare with the event's first day.

    `kinds` are (act, status) pairs. `recorded_since`: a mention was recorded then or later. `words`: one quote contains
    all of them, in any inflected form and order.
    """

    source: str | None = None
    target: str | None = None
    dyad: Dyad | None = None
    acts: Sequence[str] | None = None
    statuses: Sequence[str] | None = None
    starts_from: date | None = None
    starts_to: date | None = None
    article_id: str | None = None
    min_confidence: float | None = None
    kinds: Sequence[tuple[str, str]] | None = None
    recorded_since: datetime | None = None
    words: str | None = None
    unconfirmed: Unconfirmed | None = None


class EventIndex(Protocol):
    """Search of stored events."""

    def of_dyad(self, dyad: Dyad) -> Iterator[Event]:
        """A dyad's stored events with their mentions, by first day and id."""

    def search(
        self, query: EventQuery, after: tuple[str, ...] | None, limit: int, backwards: bool = False
    ) -> Page[Event]:
        """A page of events, newest first. `after` is a page's `next`, or with `backwards` its `previous`."""

    def tabled(
        self, query: EventQuery, after: tuple[str, ...] | None, limit: int
    ) -> tuple[TabledEvents, tuple[str, ...] | None]:
        """Up to `limit` events as columns, newest first, and the position from which others follow; None: none do."""

    def facts(
        self, query: EventQuery, after: tuple[str, ...] | None, limit: int
    ) -> tuple[list[Fact], tuple[str, ...] | None]:
        """The same as facts: without the mentions."""

    def dyads_after(self, day: date) -> Sequence[Dyad]:
        """The dyads of events that begin after a day."""

    def dyad_of(self, event_id: str) -> Dyad | None:
        """The dyad that the id names, or None if the id is malformed or the dyad unknown."""

"""StateReads: every interval that matches, of all relations, for tables."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import zip_longest

from entente.relations.codebook import Codebook
from entente.relations.dyads import Dyad
from entente.relations.entities import Entities
from entente.relations.periods import Period
from entente.relations.states import Interval
from entente.services.errors import Contradiction
from entente.services.ports.ledger import Ledger, UnitOfWork
from entente.services.ports.relations import DirectionQuery
from entente.services.ports.system import Clock
from entente.services.reading.clocks import ReadClocks, read_clocks
from entente.services.reading.dyad_views import view

#: Directions read in one transaction, so that a slow consumer holds none open.
_BATCH = 100

_Direction = tuple[str, str]


@dataclass(frozen=True, slots=True)
class StateQuery:
    """Filters of a table of states; None doesn't filter. `source` and `target` are codes or names."""

    source: str | None = None
    target: str | None = None
    facet: str | None = None
    as_of: date | None = None
    known_at: date | datetime | None = None
    published_by: date | None = None


@dataclass(frozen=True, slots=True)
class TabledState:
    """An interval as a table shows it.

    `until`: the date with its precision from which the next value of its track holds, or on which its time ran out;
    None if it lasts. `confidence`: that of the surest event among its evidence; None if that is of documents only.
    """

    interval: Interval
    as_of: date
    until: Period | None
    confidence: float | None


class StateReads:
    """Every interval by source, target, facet, item, standing and start, in constant memory.

    Raises UnknownEntity, UnknownFacet, Invalid and Contradiction before the first is read.
    """

    def __init__(self, ledger: Ledger, codebook: Codebook, entities: Entities, clock: Clock) -> None:
        self._ledger = ledger
        self._codebook = codebook
        self._entities = entities
        self._clock = clock

    def every(self, query: StateQuery) -> Iterator[TabledState]:
        """Yield the intervals that began by `as_of`. Those added meanwhile may be missed."""
        clocks = read_clocks(self._clock, query.as_of, query.known_at, query.published_by)
        source, target = (
            self._entities.resolve(code).key if code is not None else None for code in (query.source, query.target)
        )
        if source is not None and source == target:
            raise Contradiction("target", f"{query.source!r} and {query.target!r} are both {source}")
        if query.facet is not None:
            self._codebook.facet(query.facet)
        # What is stored may not tell which directions fewer mentions make, so none is left out by its dates.
        return self._every(DirectionQuery(date.max, source, target), clocks, query.facet)

    def _every(self, wanted: DirectionQuery, clocks: ReadClocks, facet: str | None) -> Iterator[TabledState]:
        after: _Direction | None = None
        while True:
            with self._ledger.read() as unit:
                directions = unit.relations.directions(wanted, after, _BATCH)
                found = list(self._tabled(unit, directions, clocks, facet))
            yield from found
            if len(directions) < _BATCH:
                return
            after = directions[-1]

    def _tabled(
        self, unit: UnitOfWork, directions: Sequence[_Direction], clocks: ReadClocks, facet: str | None
    ) -> Iterator[TabledState]:
        if clocks.is_now:
            intervals = unit.derived.states_of(directions)
            confidences = unit.events.confidences({id for interval in intervals for id in interval.evidence})
            yield from self._rows(intervals, clocks.as_of, facet, confidences)
            return
        for source, target in directions:
            seen = view(unit, Dyad.of(source, target), self._codebook, clocks.known_at, clocks.published_by)
            intervals = seen.intervals_of(source, target, clocks.as_of, self._codebook)
            yield from self._rows(intervals, clocks.as_of, facet, {e.id: e.confidence for e in seen.events})

    def _rows(
        self, intervals: Sequence[Interval], as_of: date, facet: str | None, confidences: Mapping[str, float]
    ) -> Iterator[TabledState]:
        begun = [i for i in intervals if i.starts_on <= as_of and facet in (None, i.facet)]
        begun.sort(key=lambda interval: (interval.track, interval.starts_on))
        for interval, after in zip_longest(begun, begun[1:]):
            told = [confidences[id] for id in interval.evidence if id in confidences]
            yield TabledState(interval, as_of, _until(interval, after), max(told, default=None))


def _until(interval: Interval, after: Interval | None) -> Period | None:
    if interval.valid_to is None:
        return None
    if after is not None and after.track == interval.track and after.starts_on == interval.valid_to:
        return after.valid_from or Period.day(interval.valid_to)
    return Period.day(interval.valid_to)

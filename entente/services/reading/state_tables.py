"""StateReads: every interval that matches, of all relations, for tables."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import zip_longest
from typing import Any

from entente.relations.codebook import UNCONFIRMED, Codebook
from entente.relations.dyads import Dyad
from entente.relations.entities import Entities
from entente.relations.periods import Period
from entente.relations.states import Interval
from entente.services.errors import Contradiction
from entente.services.ports.ledger import Ledger
from entente.services.ports.state_tables import StatePage, TabledStates
from entente.services.ports.system import Clock
from entente.services.reading.clocks import ReadClocks, read_clocks
from entente.services.reading.dyad_views import view

#: Intervals read in one transaction: a slow consumer holds none open.
_INTERVALS = 2000


@dataclass(frozen=True, slots=True)
class StateQuery:
    """Filters of a table of states; None doesn't filter. `source` and `target` are codes or names.

    `unconfirmed`, of CHOICES: what to do with values that only events below the floor report.
    """

    source: str | None = None
    target: str | None = None
    facet: str | None = None
    as_of: date | None = None
    known_at: date | datetime | None = None
    published_by: date | None = None
    unconfirmed: str = "include"


class StateReads:
    """Every interval by source, target, facet, item, standing and start, in constant memory.

    Raises UnknownEntity, UnknownFacet, Invalid and Contradiction before the first is read.
    """

    def __init__(self, ledger: Ledger, codebook: Codebook, entities: Entities, clock: Clock) -> None:
        self._ledger = ledger
        self._codebook = codebook
        self._entities = entities
        self._clock = clock

    def tables(self, query: StateQuery) -> Iterator[TabledStates]:
        """Yield the intervals that began by `as_of`, as columns. Those added meanwhile may be missed."""
        clocks = read_clocks(self._clock, query.as_of, query.known_at, query.published_by)
        source, target = (
            self._entities.resolve(code).key if code is not None else None for code in (query.source, query.target)
        )
        if source is not None and source == target:
            raise Contradiction("target", f"{query.source!r} and {query.target!r} are both {source}")
        if query.facet is not None:
            self._codebook.facet(query.facet)
        wanted = StatePage(clocks.as_of, source, target, query.facet, query.unconfirmed)
        return self._of_now(wanted, clocks) if clocks.is_now else self._folded(wanted, clocks)

    def _of_now(self, wanted: StatePage, clocks: ReadClocks) -> Iterator[TabledStates]:
        """Read what is stored, but fold dyads with events of a later day: what is stored tells what these made of it.

        A sender east of here may be a day ahead.
        """
        with self._ledger.read() as unit:
            ahead = unit.events.dyads_after(clocks.as_of)
        beyond: tuple[str, str] | None = None
        for way in sorted(way for dyad in ahead for way in ((dyad.a, dyad.b), (dyad.b, dyad.a))):
            yield from self._stored(replace(wanted, beyond=beyond, before=way))
            yield from self._folded_direction(wanted, clocks, *way)
            beyond = way
        yield from self._stored(replace(wanted, beyond=beyond))

    def _stored(self, wanted: StatePage) -> Iterator[TabledStates]:
        after: tuple[Any, ...] | None = None
        while True:
            with self._ledger.read() as unit:
                found, after = unit.derived.tabled(wanted, after, _INTERVALS)
            if len(found):
                yield found
            if after is None:
                return

    def _folded(self, wanted: StatePage, clocks: ReadClocks) -> Iterator[TabledStates]:
        """Fold what was known by then, also of dyads of which everything has been retracted since."""
        with self._ledger.read() as unit:
            pairs = [way for dyad in unit.dyads.every() for way in ((dyad.a, dyad.b), (dyad.b, dyad.a))]
        for way in sorted(pairs):
            yield from self._folded_direction(wanted, clocks, *way)

    def _folded_direction(
        self, wanted: StatePage, clocks: ReadClocks, source: str, target: str
    ) -> Iterator[TabledStates]:
        if wanted.source not in (None, source) or wanted.target not in (None, target):
            return
        with self._ledger.read() as unit:
            seen = view(unit, Dyad.of(source, target), self._codebook, clocks.known_at, clocks.published_by)
        intervals = seen.intervals_of(source, target, clocks.as_of, self._codebook)
        confidences = {event.id: event.confidence for event in seen.events}
        found = tabled([i for i in intervals if _is_wanted(i, wanted)], wanted.as_of, confidences)
        if len(found):
            yield found


def tabled(intervals: Iterable[Interval], as_of: date, confidences: Mapping[str, float]) -> TabledStates:
    """Intervals as columns; `confidences`: that of each event, by id."""
    made = sorted(intervals, key=lambda interval: (interval.track, interval.starts_on))
    until = [_until(interval, after) for interval, after in zip_longest(made, made[1:])]
    return TabledStates(
        source=[i.source for i in made],
        target=[i.target for i in made],
        facet=[i.facet for i in made],
        item=[i.item for i in made],
        value=[i.value for i in made],
        standing=[i.standing for i in made],
        status=[i.status_on(as_of) if i.standing == "held" else i.standing for i in made],
        first_day=[i.valid_from.first.isoformat() if i.valid_from else None for i in made],
        precision=[i.valid_from.precision if i.valid_from else None for i in made],
        dated_by=[i.dated_by for i in made],
        known_by=[i.known_by.isoformat() for i in made],
        until=[period.first.isoformat() if period else None for period in until],
        until_precision=[period.precision if period else None for period in until],
        ends=[i.ends for i in made],
        rule=[i.rule for i in made],
        n_evidence=[i.n_evidence for i in made],
        n_owners=[len(i.owners) for i in made],
        first_evidence=[i.evidence[0] if i.evidence else "" for i in made],
        last_evidence=[i.evidence[-1] if i.evidence else "" for i in made],
        confidence=[max((confidences[id] for id in i.evidence if id in confidences), default=None) for i in made],
        origin=[i.origin for i in made],
    )


def _is_wanted(interval: Interval, wanted: StatePage) -> bool:
    unconfirmed = interval.standing == UNCONFIRMED
    return (
        interval.starts_on <= wanted.as_of
        and wanted.facet in (None, interval.facet)
        and (wanted.unconfirmed == "include" or unconfirmed == (wanted.unconfirmed == "only"))
    )


def _until(interval: Interval, after: Interval | None) -> Period | None:
    if interval.valid_to is None:
        return None
    if after is not None and after.track == interval.track and after.starts_on == interval.valid_to:
        return after.valid_from or Period.day(interval.valid_to)
    return Period.day(interval.valid_to)

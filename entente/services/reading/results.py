"""Results of reads of one relation (see relations.py)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from entente.relations.events import Event
from entente.relations.reasons import Difference, Reason
from entente.relations.record import Relation, StateFacts
from entente.relations.series import Series
from entente.relations.states import Interval
from entente.services.articles import Article
from entente.services.reading.clocks import ReadClocks


@dataclass(frozen=True, slots=True)
class ServedRelation:
    """A rendered record of source → target. `version` and `as_of` identify its content and make its ETag."""

    source: str
    target: str
    body: bytes
    version: int
    as_of: date


@dataclass(frozen=True, slots=True)
class RelationHistory:
    """Intervals of one direction that began by `clocks.as_of`, ordered by facet, item, standing and start.

    `unconfirmed`: those of them that are, also where `intervals` leaves them out. `facts`, here and below: the dyad's
    state facts by id.
    """

    source: str
    target: str
    clocks: ReadClocks
    intervals: Sequence[Interval]
    unconfirmed: Sequence[Interval]
    facts: StateFacts


@dataclass(frozen=True, slots=True)
class RelationSeries:
    """A series from the bucket of `first` to `clocks.as_of`; `n_before` counts events dated before it."""

    source: str
    target: str
    clocks: ReadClocks
    interval: str
    first: date
    series: Series
    n_before: int


@dataclass(frozen=True, slots=True)
class Grounds:
    """Reasons of each value that holds; of tracks without one, of the value that ended last; and the articles by id.

    `unconfirmed`: the reasons of values that only events below the floor report.
    """

    record: Relation
    facet: str | None
    holding: Sequence[Reason]
    ended: Sequence[Reason]
    unconfirmed: Sequence[Reason]
    articles: dict[str, Article]
    facts: StateFacts


@dataclass(frozen=True, slots=True)
class Comparison:
    """Records of a relation on two days, the differences, and the events dated after the first day up to the second."""

    before: Relation
    after: Relation
    differences: Sequence[Difference]
    events: Sequence[Event]
    facts: StateFacts

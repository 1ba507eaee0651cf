"""What reads of one relation give."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from entente.relations.events import Event
from entente.relations.reasons import Difference, Reason
from entente.relations.record import Relation
from entente.relations.series import Series
from entente.relations.states import Interval
from entente.services.articles import Article
from entente.services.reading.clocks import ReadClocks


@dataclass(frozen=True, slots=True)
class ServedRelation:
    """A rendered record of source → target. `version` and `as_of` together name the state it shows, as ETags do."""

    source: str
    target: str
    body: bytes
    version: int
    as_of: date


@dataclass(frozen=True, slots=True)
class RelationHistory:
    """Intervals of one direction that had begun by `clocks.as_of`, in order of facet, item, standing and start."""

    source: str
    target: str
    clocks: ReadClocks
    intervals: Sequence[Interval]


@dataclass(frozen=True, slots=True)
class RelationSeries:
    """A series from the bucket of `first` to `clocks.as_of`; `n_before` events are dated before it."""

    source: str
    target: str
    clocks: ReadClocks
    interval: str
    first: date
    series: Series
    n_before: int


@dataclass(frozen=True, slots=True)
class Grounds:
    """Why each value holds, which values ended last where none holds now, and the articles that the events quote."""

    record: Relation
    facet: str | None
    holding: Sequence[Reason]
    ended: Sequence[Reason]
    articles: dict[str, Article]


@dataclass(frozen=True, slots=True)
class Comparison:
    """A relation on two days, what differs, and the events dated after the first day, up to the second."""

    before: Relation
    after: Relation
    differences: Sequence[Difference]
    events: Sequence[Event]

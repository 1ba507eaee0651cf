"""How a coder came to its answer, sentence by sentence: what `entente code --explain` shows."""

from collections.abc import Sequence
from dataclasses import dataclass

from entente.relations.events import CodedEvent
from entente.services.articles import Coding


@dataclass(frozen=True, slots=True)
class FoundActor:
    """An actor of a sentence at [start, end) of its field (code points), with every entity that it may mean.

    `role`: party, private, place or look-alike, with the chance that it is; "" where the sentence was not read.
    """

    start: int
    end: int
    text: str
    entities: Sequence[str]
    sector: str
    form: str
    role: str
    sure: float


@dataclass(frozen=True, slots=True)
class ExplainedPair:
    """A pair that was looked at: the chance that anything is told, and the three likeliest (act, stage, chance)."""

    source: str
    target: str
    told: float
    likely: Sequence[tuple[str, str, float]]
    chosen: bool


@dataclass(frozen=True, slots=True)
class DecidedEvent:
    """An event, by which rule if one changed the answer, and where its date is from.

    `kept` is False for one that the article tells elsewhere with more detail; it is then no event of its own.
    """

    event: CodedEvent
    rule: str
    dated: str
    kept: bool


@dataclass(frozen=True, slots=True)
class ExplainedSentence:
    """A sentence at [start, end) of `field`. `reason` says why it gave no event, "" if it gave one."""

    field: str
    start: int
    end: int
    text: str
    actors: Sequence[FoundActor]
    pairs: Sequence[ExplainedPair]
    events: Sequence[DecidedEvent]
    reason: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """The answer that `Coder.code` gives, and how each sentence came to its part of it."""

    coding: Coding
    sentences: Sequence[ExplainedSentence]

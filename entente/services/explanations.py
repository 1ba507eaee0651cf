"""Types of an explanation: how a coder coded each sentence (`entente code --explain`)."""

from collections.abc import Sequence
from dataclasses import dataclass

from entente.relations.events import CodedEvent
from entente.services.articles import Coding


@dataclass(frozen=True, slots=True)
class FoundActor:
    """An actor of a sentence at [start, end) of its field (code points), with every entity that it may mean.

    `role`: party, private, place or look-alike; "" if the sentence was not read. `sure`: its probability, 0 to 1.
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
    """A pair of actors that was classified. `told`: probability of any act between them, 0 to 1.

    `likely`: the three most probable (act, stage, probability).
    """

    source: str
    target: str
    told: float
    likely: Sequence[tuple[str, str, float]]
    chosen: bool


@dataclass(frozen=True, slots=True)
class DecidedEvent:
    """An event, the rule that changed the classification (if one did), and the origin of its date.

    `kept` is False if the article reports it elsewhere in more detail; it is then not among the coding's events.
    """

    event: CodedEvent
    rule: str
    dated: str
    kept: bool


@dataclass(frozen=True, slots=True)
class ExplainedSentence:
    """A sentence at [start, end) of `field` (code points). `reason`: why it gave no event; "" if it gave one."""

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
    """The coding that `Coder.code` returns, and how each sentence was coded."""

    coding: Coding
    sentences: Sequence[ExplainedSentence]

"""The relation record: how one country stands with another as of a day, ready to be rendered.

A record is a function of (the dyad's events, its folded intervals, as_of day): nothing else enters it.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from entente.relations.codebook import Codebook
from entente.relations.events import Event
from entente.relations.score import Score, score
from entente.relations.states import Interval, holding

#: Evidence ids shown on a record; the rest is in the history.
MAX_EVIDENCE = 5


@dataclass(frozen=True, slots=True)
class Relation:
    """How `source` stands with `target` as of a day (UTC). `version` counts the dyad's projections.

    `known_at` None: from all that is known; else from what was recorded by then, and `version` is 0.

    `facets` has every facet of the codebook: the intervals that hold on the day, none where the value is unknown.
    `n_by_quad` counts the direction's events by quad class 1–4. `last_change` is the latest interval's start.
    """

    source: str
    target: str
    as_of: date
    version: int
    label: str
    facets: Mapping[str, Sequence[Interval]]
    score: Score
    n_events: int
    n_mentions: int
    n_by_quad: Mapping[int, int]
    last_change: date | None
    known_at: datetime | None = None


def relation(
    source: str,
    target: str,
    events: Sequence[Event],
    intervals: Sequence[Interval],
    codebook: Codebook,
    as_of: date,
    version: int,
) -> Relation:
    """The record of one direction. `events` and `intervals` may be the whole dyad's; the other direction's are left."""
    directed = [e for e in events if (e.source, e.target) == (source, target) and e.starts_on <= as_of]
    own = [i for i in intervals if (i.source, i.target) == (source, target) and i.starts_on <= as_of]
    held = holding(own, as_of)
    facets = {name: [i for i in held if i.facet == name] for name in codebook.facets}
    scored = score(directed, codebook, as_of)
    quads = Counter(codebook.codes(e.act, e.status).quad for e in directed)
    return Relation(
        source=source,
        target=target,
        as_of=as_of,
        version=version,
        label=_label(facets, scored, codebook),
        facets=facets,
        score=scored,
        n_events=len(directed),
        n_mentions=sum(len(e.mentions) for e in directed),
        n_by_quad={quad: quads[quad] for quad in (1, 2, 3, 4)},
        last_change=max((i.starts_on for i in own), default=None),
    )


def _label(facets: Mapping[str, Sequence[Interval]], scored: Score, codebook: Codebook) -> str:
    for rule in codebook.labels:
        if rule.facet:
            if any(i.value == rule.value and i.standing == "held" for i in facets.get(rule.facet, ())):
                return rule.label
        elif rule.min_net <= scored.net <= rule.max_net and scored.n_events >= rule.min_events:
            return rule.label
    return "unknown"

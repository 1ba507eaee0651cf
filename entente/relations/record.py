"""Relation record: label, facets, score and counts of one direction of a dyad as of a day.

A record is a pure function of the dyad's events, its intervals, the codebook and the day.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from entente.relations.codebook import UNCONFIRMED, Codebook
from entente.relations.events import Event
from entente.relations.score import Score, score_of
from entente.relations.state_facts import StateFact
from entente.relations.states import Interval, holding
from entente.relations.tally import Tally, daily, seen_from

#: State facts by id.
StateFacts = Mapping[str, StateFact]

#: Most evidence ids shown for an interval of a record; the rest is in the history.
MAX_EVIDENCE = 5


@dataclass(frozen=True, slots=True)
class Relation:
    """Relation record of source → target as of a day (UTC). `version` counts the dyad's projections.

    `known_at` None: made from all that is known; else from what was recorded by then, and `version` is 0. Likewise
    `published_by`: from what articles published by that day report.

    `facts`: the state facts that intervals of it name as evidence, by id.

    `facets` has every facet of the codebook: the intervals that hold on the day, empty if the value is unknown.
    `n_events` counts the direction's events that happened, `n_mentions` their mentions, and `n_by_quad` these events by
    quad class 1–4. `n_unfulfilled` counts events of acts that did not happen, or are not known to have: announced,
    threatened, denied … `last_change` is the start of the latest confirmed interval.
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
    n_unfulfilled: int
    n_by_quad: Mapping[int, int]
    last_change: date | None
    known_at: datetime | None = None
    published_by: date | None = None
    facts: StateFacts = field(default_factory=dict)


def relation(
    source: str,
    target: str,
    events: Sequence[Event],
    intervals: Sequence[Interval],
    codebook: Codebook,
    as_of: date,
    version: int,
    facts: StateFacts | None = None,
) -> Relation:
    """Make the record of one direction. `events` and `intervals` may be the whole dyad's; others are ignored."""
    told = (e.fact for e in events if (e.source, e.target) == (source, target))
    own = [i for i in intervals if (i.source, i.target) == (source, target) and i.starts_on <= as_of]
    sure = (i for i in own if i.standing != UNCONFIRMED)
    past = Past(
        tallies=list(seen_from(as_of, daily(told, codebook), codebook)),
        held=holding(own, as_of),
        last_change=max((i.starts_on for i in sure), default=None),
        facts=facts or {},
    )
    return relation_of(source, target, past, codebook, as_of, version)


@dataclass(frozen=True, slots=True)
class Past:
    """Input of a record of a day: tallies from `seen_from`, intervals that hold, the start of the last confirmed.

    `facts`: the state facts that these intervals name as evidence.
    """

    tallies: Sequence[tuple[date, Tally]]
    held: Sequence[Interval]
    last_change: date | None
    facts: StateFacts = field(default_factory=dict)


def relation_of(source: str, target: str, past: Past, codebook: Codebook, as_of: date, version: int) -> Relation:
    """Make the record of one direction from its sums and intervals."""
    facets: dict[str, list[Interval]] = {name: [] for name in codebook.facets}
    for interval in past.held:
        if interval.facet in facets:
            facets[interval.facet].append(interval)
    scored = score_of(past.tallies, codebook, as_of)
    tallies = [tally for _, tally in past.tallies]
    n_by_quad = {quad: sum(tally.quads[quad - 1] for tally in tallies) for quad in (1, 2, 3, 4)}
    n_done = sum(n_by_quad.values())
    return Relation(
        source=source,
        target=target,
        as_of=as_of,
        version=version,
        label=_label(facets, scored, codebook),
        facets=facets,
        score=scored,
        n_events=n_done,
        n_mentions=sum(tally.n_mentions for tally in tallies),
        n_unfulfilled=sum(tally.n_events for tally in tallies) - n_done,
        n_by_quad=n_by_quad,
        last_change=past.last_change,
        facts=past.facts,
    )


def _label(facets: Mapping[str, Sequence[Interval]], scored: Score, codebook: Codebook) -> str:
    for rule in codebook.labels:
        if rule.facet:
            held = (i for i in facets.get(rule.facet, ()) if i.standing == "held" and rule.item in ("", i.item))
            if any(i.value == rule.value for i in held):
                return rule.label
        elif rule.min_net <= scored.net <= rule.max_net and scored.n_events >= rule.min_events:
            return rule.label
    return "unknown"

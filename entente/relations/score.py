"""The score of a directed relation: intensities of its recent events, decayed, on a named scale.

Each event weighs ``w = 0.5 ** (age_days / half_life_days)``. With C the weighted sum of its cooperative intensities
and K that of the conflictual ones (both ≥ 0), and κ the prior,

    net         = 10·(C − K)/(C + K + κ)      −10 … 10
    cooperation = 100·C/(C + K + κ)             0 … 100
    conflict    = 100·K/(C + K + κ)             0 … 100
    tension     = conflict, halved where cooperation is as great (100·K/(C + K + κ)·K/(C + K))

so a pair that nothing is heard of tends to 0, and no country has a weight of its own. The interval is the 95 % one of
a weighted mean with Kish's effective sample size, scaled as `net` is.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from entente.relations.codebook import Codebook
from entente.relations.events import Event

#: What was denied, alleged or merely thought of says nothing about how two states stand.
SCORED = frozenset({"effective", "ongoing", "announced", "agreed", "requested", "threatened", "refused"})


@dataclass(frozen=True, slots=True)
class Score:
    """The score as of a day, with the parts that explain it. `interval` is (low, high) of `net`, None if unscored."""

    net: float
    cooperation: float
    conflict: float
    tension: float
    interval: tuple[float, float] | None
    n_events: int
    n_reports: int
    n_sources: int
    half_life_days: float
    window_days: int
    scale: str
    scale_version: str


def score(events: Iterable[Event], codebook: Codebook, as_of: date) -> Score:
    """Score one direction's events as of a day. Undated and later events, and those past the window, don't count."""
    rule = codebook.score
    weighted: list[tuple[float, float]] = []
    reports, publishers = 0, set()
    for event in events:
        if event.period is None or event.status not in SCORED or not event.between_states:
            continue
        age = (as_of - event.period.first).days
        if 0 <= age <= rule.window_days:
            weight = 0.5 ** (age / rule.half_life_days)
            weighted.append((weight, codebook.codes(event.act, event.status).intensity))
            reports += len(event.mentions)
            publishers |= {mention.publisher for mention in event.mentions}
    cooperative = math.fsum(w * i for w, i in weighted if i > 0)
    conflictual = math.fsum(-w * i for w, i in weighted if i < 0)
    mass = cooperative + conflictual + rule.prior
    conflict = 100 * conflictual / mass
    share = conflictual / (cooperative + conflictual) if conflictual else 0.0
    return Score(
        # Adding zero makes the -0.0 of a small negative number a plain zero.
        net=round(10 * (cooperative - conflictual) / mass, 2) + 0.0,
        cooperation=round(100 * cooperative / mass, 1),
        conflict=round(conflict, 1),
        tension=round(conflict * share, 1),
        interval=_interval(weighted, cooperative - conflictual, mass),
        n_events=len(weighted),
        n_reports=reports,
        n_sources=len(publishers),
        half_life_days=rule.half_life_days,
        window_days=rule.window_days,
        scale=codebook.scale,
        scale_version=codebook.scale_version,
    )


def _interval(weighted: list[tuple[float, float]], balance: float, mass: float) -> tuple[float, float] | None:
    total = math.fsum(w for w, _ in weighted)
    if not total:
        return None
    mean = math.fsum(w * i for w, i in weighted) / total
    variance = math.fsum(w * (i - mean) ** 2 for w, i in weighted) / total
    effective_n = total**2 / math.fsum(w * w for w, _ in weighted)
    # One event says nothing about the spread; the scale's own (a standard deviation of 5) stands in, as one prior.
    spread = math.sqrt((variance * effective_n + 25) / (effective_n + 1))
    margin = 1.96 * spread / math.sqrt(effective_n) * total
    low, high = (10 * (balance + side * margin) / (mass + margin) for side in (-1, 1))
    return round(max(-10.0, low), 2), round(min(10.0, high), 2)

"""The score of a directed relation: intensities of its recent events, decayed, on a named scale.

Each event that happened weighs ``w = 0.5 ** (age_days / half_life_days)``, from 1 January of the year in which the
window opens. With C the weighted sum of its cooperative intensities and K that of the conflictual ones (both ≥ 0), and
κ the prior,

    net         = 10·(C − K)/(C + K + κ)      −10 … 10
    cooperation = 100·C/(C + K + κ)             0 … 100
    conflict    = 100·K/(C + K + κ)             0 … 100
    tension     = conflict, halved where cooperation is as great (100·K/(C + K + κ)·K/(C + K))

so a direction without recent events tends to 0, and no country has a weight of its own. The interval is the 95 %
confidence interval of a weighted mean with Kish's effective sample size, scaled as `net` is. Sums: see `tally`.
"""

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from entente.relations.codebook import Codebook
from entente.relations.events import Event
from entente.relations.tally import ONE, PER_UNIT, Tally, daily, seen_from

#: Most owners that a score names.
TOP_OWNERS = 10


@dataclass(frozen=True, slots=True)
class Score:
    """The score as of a day, with its inputs. `interval` is (low, high) of `net`, None without scored events.

    `n_sources` counts the owners of the publishers that report them; `owners` are the TOP_OWNERS with most events.
    `window_days`: days back to the first day that counts, 1 January of the year in which the codebook's window opens.
    """

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
    version: str
    owners: tuple[str, ...] = ()


def score(events: Iterable[Event], codebook: Codebook, as_of: date) -> Score:
    """Score one direction's events as of a day. Undated, later and older events than the window don't count."""
    facts = (event.fact for event in events if event.between_states)
    return score_of(seen_from(as_of, daily(facts, codebook), codebook), codebook, as_of)


def score_of(tallies: Iterable[tuple[date, Tally]], codebook: Codebook, as_of: date) -> Score:
    """The score from (first day, tally) pairs, as `tally.seen_from` gives them."""
    rule = codebook.score
    opens = window_start(as_of, rule.window_days)
    inside = [(first, tally) for first, tally in tallies if first >= opens and tally.n_scored]
    faded = [(0.5 ** ((as_of - first).days / rule.half_life_days), tally) for first, tally in inside]
    cooperative = math.fsum(fade * tally.plus for fade, tally in faded) / ONE / PER_UNIT
    conflictual = math.fsum(fade * tally.minus for fade, tally in faded) / ONE / PER_UNIT
    mass = cooperative + conflictual + rule.prior
    conflict = 100 * conflictual / mass
    told = Counter[str]()
    for _, tally in inside:
        told.update(tally.owners)
    share = conflictual / (cooperative + conflictual) if conflictual else 0.0
    return Score(
        # Adding zero turns -0.0 into 0.0.
        net=round(10 * (cooperative - conflictual) / mass, 2) + 0.0,
        cooperation=round(100 * cooperative / mass, 1),
        conflict=round(conflict, 1),
        tension=round(conflict * share, 1),
        interval=_interval(faded, cooperative - conflictual, mass),
        n_events=sum(tally.n_scored for _, tally in inside),
        n_reports=sum(tally.n_reports for _, tally in inside),
        n_sources=len(told),
        half_life_days=rule.half_life_days,
        window_days=(as_of - opens).days,
        scale=codebook.scale,
        scale_version=codebook.scale_version,
        version=rule.version,
        owners=tuple(sorted(told, key=lambda owner: (-told[owner], owner))[:TOP_OWNERS]),
    )


def window_start(as_of: date, window_days: int) -> date:
    """The first day whose events count: 1 January of the year in which the window opens."""
    reach = min(window_days, (as_of - date.min).days)
    return (as_of - timedelta(days=reach)).replace(month=1, day=1)


def _interval(faded: list[tuple[float, Tally]], balance: float, mass: float) -> tuple[float, float] | None:
    total = math.fsum(fade * tally.weight for fade, tally in faded) / ONE
    if not total:
        return None
    mean = balance / total
    spread = math.fsum(fade * tally.spread for fade, tally in faded) / ONE / PER_UNIT**2
    variance = max(0.0, spread / total - mean**2)
    effective_n = total**2 / (math.fsum(fade * fade * tally.squares for fade, tally in faded) / ONE)
    # One event has no spread: assume the scale's own (standard deviation 5) with the weight of one event.
    deviation = math.sqrt((variance * effective_n + 25) / (effective_n + 1))
    margin = 1.96 * deviation / math.sqrt(effective_n) * total
    low, high = (10 * (balance + side * margin) / (mass + margin) for side in (-1, 1))
    return round(max(-10.0, low), 2), round(min(10.0, high), 2)

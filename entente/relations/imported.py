"""Series and scores of imported events: as ours, on the scale of their data set and never mixed with ours."""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate

from entente.relations.codebook import ScoreRule
from entente.relations.score import window_start
from entente.relations.series import spans


@dataclass(frozen=True, slots=True)
class ImportedDay:
    """Sums over a data set's events of one direction, day and quad class (None: it gives none).

    `plus`, `minus`: sums of intensities above and below zero, the latter as a positive number; `n_scaled`: events that
    have an intensity. `deaths`: those that the data set counts.
    """

    day: date
    quad: int | None
    n_events: int
    n_reports: int
    n_scaled: int
    plus: float
    minus: float
    deaths: int


@dataclass(frozen=True, slots=True)
class OwnScore:
    """The score of `score.py` on a data set's own scale: net −10 … 10, cooperation and conflict 0 … 100."""

    net: float
    cooperation: float
    conflict: float
    n_events: int


@dataclass(frozen=True, slots=True)
class ImportedBucket:
    """Events dated `first` … `last` (inclusive), and the score as of `last`.

    `score` and `mean_intensity` are None where no event has an intensity; `n_by_quad` leaves out events of no class.
    """

    first: date
    last: date
    n_events: int
    n_reports: int
    n_by_quad: Mapping[int, int]
    mean_intensity: float | None
    deaths: int
    score: OwnScore | None


def imported_series(
    days: Sequence[ImportedDay], rule: ScoreRule, length: str, first: date, last: date
) -> list[ImportedBucket]:
    """Buckets from that of `first` to `last`, of one data set's days in order of time."""
    found = _Decayed(days, rule)
    dates = [day.day for day in days]
    return [
        _bucket(start, end, days[bisect_left(dates, start) : bisect_right(dates, end)], found)
        for start, end in spans(length, first, last)
    ]


def _bucket(first: date, last: date, inside: Sequence[ImportedDay], decayed: "_Decayed") -> ImportedBucket:
    quads: Counter[int] = Counter()
    for day in inside:
        if day.quad is not None:
            quads[day.quad] += day.n_events
    n_scaled = sum(day.n_scaled for day in inside)
    total = sum(day.plus - day.minus for day in inside)
    return ImportedBucket(
        first=first,
        last=last,
        n_events=sum(day.n_events for day in inside),
        n_reports=sum(day.n_reports for day in inside),
        n_by_quad={quad: quads[quad] for quad in (1, 2, 3, 4)},
        mean_intensity=round(total / n_scaled, 2) + 0.0 if n_scaled else None,
        deaths=sum(day.deaths for day in inside),
        score=decayed.score(last),
    )


class _Decayed:
    """Sums of intensities up to each day, each day's weighted by how much later than the first it is.

    The decayed sum of a window is the difference of two of them, faded to the window's end; no bucket reads its window.
    """

    def __init__(self, days: Sequence[ImportedDay], rule: ScoreRule) -> None:
        self._rule = rule
        scaled = [day for day in days if day.n_scaled]
        self._dates = [day.day for day in scaled]
        # From the last day: the weights of long ago tend to 0 and none overflows.
        self._base = self._dates[-1] if scaled else date.min
        weights = [2.0 ** ((day.day - self._base).days / rule.half_life_days) for day in scaled]
        pairs = list(zip(weights, scaled, strict=True))
        self._plus = [0.0, *accumulate(weight * day.plus for weight, day in pairs)]
        self._minus = [0.0, *accumulate(weight * day.minus for weight, day in pairs)]
        self._n = [0, *accumulate(day.n_scaled for day in scaled)]

    def score(self, as_of: date) -> OwnScore | None:
        """The score as of a day; None if no event of its window has an intensity."""
        low = bisect_left(self._dates, window_start(as_of, self._rule.window_days))
        high = bisect_right(self._dates, as_of)
        n = self._n[high] - self._n[low]
        if not n:
            return None
        fade = 2.0 ** ((self._base - as_of).days / self._rule.half_life_days)
        cooperative = max(0.0, self._plus[high] - self._plus[low]) * fade
        conflictual = max(0.0, self._minus[high] - self._minus[low]) * fade
        mass = cooperative + conflictual + self._rule.prior
        return OwnScore(
            net=round(10 * (cooperative - conflictual) / mass, 2) + 0.0,
            cooperation=round(100 * cooperative / mass, 1),
            conflict=round(100 * conflictual / mass, 1),
            n_events=n,
        )

"""Series: a direction's events aggregated by day, week, month or year, with the score at the end of each."""

import math
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from entente.relations.codebook import HAPPENED, Codebook
from entente.relations.events import Event
from entente.relations.periods import Period
from entente.relations.score import Score, score

#: Lengths of a bucket, finest first. Weeks begin on Monday (ISO 8601).
BUCKETS = ("day", "week", "month", "year")

#: Most buckets of one series. The score of each reads every event of its window.
MAX_BUCKETS = 1000


@dataclass(frozen=True, slots=True)
class Bucket:
    """Events dated within `first` … `last` (inclusive) that happened, and the score as of `last`.

    `n_mentions`, `n_by_quad` and `mean_intensity` (the unweighted mean on the codebook's scale; None without events)
    are of these events; `n_unfulfilled` counts the others.
    """

    first: date
    last: date
    n_events: int
    n_mentions: int
    n_unfulfilled: int
    n_by_quad: Mapping[int, int]
    mean_intensity: float | None
    score: Score


@dataclass(frozen=True, slots=True)
class Series:
    """Buckets in order of time, without gaps. `n_coarser`: events of the span dated too coarsely for a bucket."""

    buckets: Sequence[Bucket]
    n_coarser: int


def series(events: Iterable[Event], codebook: Codebook, length: str, first: date, last: date) -> Series:
    """Make the series of one direction's events from the bucket of `first` to that of `last`, cut short at `last`.

    An event counts in a bucket that contains its whole period: one of "July 2025" is in no day and no week.
    """
    dated = sorted((e for e in events if e.period), key=lambda e: e.starts_on)
    days = [event.starts_on for event in dated]
    window = timedelta(days=codebook.score.window_days)
    buckets, n_coarser = [], 0
    for start, end in spans(length, first, last):
        begun = dated[bisect_left(days, start) : bisect_right(days, end)]
        # The last bucket is cut short at `last`; a period may yet reach to where it would have ended.
        whole = _bounds(length, start)[1]
        inside = [e for e in begun if e.period and e.period.last <= whole]
        n_coarser += len(begun) - len(inside)
        scored = dated[bisect_left(days, _less(end, window)) : bisect_right(days, end)]
        buckets.append(_bucket(start, end, inside, scored, codebook))
    return Series(buckets, n_coarser)


def count(length: str, first: date, last: date) -> int:
    """Number of buckets of a series."""
    if length == "month":
        return (last.year - first.year) * 12 + last.month - first.month + 1
    if length == "year":
        return last.year - first.year + 1
    days = (_bounds(length, last)[0] - _bounds(length, first)[0]).days
    return days // (7 if length == "week" else 1) + 1


def latest_start(length: str, last: date) -> date:
    """The earliest day from which a series to `last` has no more than MAX_BUCKETS."""
    back = MAX_BUCKETS - 1
    if length == "year":
        return date(max(1, last.year - back), 1, 1)
    if length == "month":
        months = max(12, last.year * 12 + last.month - 1 - back)
        return date(months // 12, months % 12 + 1, 1)
    return _less(_bounds(length, last)[0], timedelta(days=back * (7 if length == "week" else 1)))


def spans(length: str, first: date, last: date) -> Iterator[tuple[date, date]]:
    """First and last day of each bucket from that of `first` on; the last ends on `last`."""
    start = _bounds(length, first)[0]
    while start <= last:
        end = _bounds(length, start)[1]
        yield start, min(end, last)
        if end >= last:
            return
        start = end + timedelta(days=1)


def _bounds(length: str, day: date) -> tuple[date, date]:
    """First and last day of the bucket that `day` is in."""
    if length == "week":
        monday = day - timedelta(days=day.weekday())
        return monday, monday + timedelta(days=6) if monday <= date(9999, 12, 25) else date.max
    first = {"day": day, "month": day.replace(day=1), "year": day.replace(month=1, day=1)}[length]
    return first, Period(first, length).last


def _less(day: date, off: timedelta) -> date:
    return day - off if day - date.min > off else date.min


def _bucket(first: date, last: date, inside: Sequence[Event], scored: Sequence[Event], codebook: Codebook) -> Bucket:
    done = [event for event in inside if event.status in HAPPENED]
    codes = [codebook.codes(event.act, event.status) for event in done]
    quads = Counter(code.quad for code in codes)
    mean = round(math.fsum(code.intensity for code in codes) / len(codes), 2) + 0.0 if codes else None
    return Bucket(
        first=first,
        last=last,
        n_events=len(done),
        n_mentions=sum(event.n_mentions for event in done),
        n_unfulfilled=len(inside) - len(done),
        n_by_quad={quad: quads[quad] for quad in (1, 2, 3, 4)},
        mean_intensity=mean,
        score=score(scored, codebook, last),
    )

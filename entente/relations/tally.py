"""Tallies: sums over a direction's events by year, month and day, from which counts and scores are computed.

Every sum is an integer, so adding is exact: the result depends neither on the order in which events came nor on events
that were added and removed. The weight of an event of day d in a span that begins on day b is the fixed-point number
``round(2**32 · 2**((d − b)/half_life))``. As of day t, the span's sums are multiplied by ``2**((b − t)/half_life)``.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cache

from entente.relations.codebook import HAPPENED, Codebook
from entente.relations.events import Fact

LEVELS = ("year", "month", "day")

#: (source, target, level, first day)
TallyKey = tuple[str, str, str, date]

#: Fixed-point factor of weights, and units to one of intensity.
ONE = 1 << 32
PER_UNIT = 100


@dataclass(slots=True)
class Tally:
    """Sums over events of one direction. `n_events` counts all; `n_mentions` is of those that happened, and `quads`
    counts these by quad class 1–4.

    Later fields are of scored events only: dated ones that happened. What is announced, threatened, refused or denied
    is an event and adds to no other sum than `n_events`.

    `owners` counts each owner's events. `weight` is the sum of the weights, `squares` that of their squares;
    `plus`, `minus` and `spread` are the weighted sums of intensities above zero, below it (as a positive number), and
    of their squares, in units of 1/PER_UNIT and 1/PER_UNIT².
    """

    n_events: int = 0
    n_mentions: int = 0
    quads: list[int] = field(default_factory=lambda: [0, 0, 0, 0])
    n_scored: int = 0
    n_reports: int = 0
    owners: dict[str, int] = field(default_factory=dict)
    weight: int = 0
    squares: int = 0
    plus: int = 0
    minus: int = 0
    spread: int = 0

    def __bool__(self) -> bool:
        """False if the sums are of no event."""
        return self.n_events != 0

    def count(self, fact: Fact, codebook: Codebook, sign: int = 1) -> None:
        """Add an event dated to the span's first day; with `sign` −1, subtract it."""
        self.n_events += sign
        if fact.status not in HAPPENED:
            return
        self.n_mentions += sign * fact.n_mentions
        codes = codebook.codes(fact.act, fact.status)
        self.quads[codes.quad - 1] += sign
        if fact.period is None:
            return
        self.n_scored += sign
        self.n_reports += sign * fact.n_mentions
        for owner in fact.owners:
            self.owners[owner] = self.owners.get(owner, 0) + sign
        units = sign * round(codes.intensity * PER_UNIT)
        self.weight += sign * ONE
        self.squares += sign * ONE
        if codes.intensity > 0:
            self.plus += units * ONE
        else:
            self.minus -= units * ONE
        self.spread += sign * units * units * ONE

    def add(self, other: "Tally") -> None:
        """Add the sums of other events of the same span."""
        self._count(other)
        self.weight += other.weight
        self.squares += other.squares
        self.plus += other.plus
        self.minus += other.minus
        self.spread += other.spread

    def absorb(self, other: "Tally", once: int = ONE, twice: int = ONE) -> None:
        """Add a day's tally with weight `once`; `twice` is the weight of the sums of squared weights."""
        self._count(other)
        # A day's own sums are multiples of ONE, so the division is exact.
        self.weight += other.weight // ONE * once
        self.squares += other.squares // ONE * twice
        self.plus += other.plus // ONE * once
        self.minus += other.minus // ONE * once
        self.spread += other.spread // ONE * once

    def _count(self, other: "Tally") -> None:
        self.n_events += other.n_events
        self.n_mentions += other.n_mentions
        for quad, n in enumerate(other.quads):
            self.quads[quad] += n
        self.n_scored += other.n_scored
        self.n_reports += other.n_reports
        for owner, n in other.owners.items():
            now = self.owners.get(owner, 0) + n
            if now:
                self.owners[owner] = now
            else:
                self.owners.pop(owner, None)


def daily(facts: Iterable[Fact], codebook: Codebook, sign: int = 1) -> dict[tuple[str, str, date], Tally]:
    """Tallies by day of these events; events with a party that doesn't act for a state are left out."""
    found: dict[tuple[str, str, date], Tally] = defaultdict(Tally)
    for fact in facts:
        if fact.between_states:
            found[fact.source, fact.target, fact.starts_on].count(fact, codebook, sign)
    return found


def rolled_up(days: dict[tuple[str, str, date], Tally], codebook: Codebook) -> dict[TallyKey, Tally]:
    """Tallies of these days, and of their months and years."""
    found: dict[TallyKey, Tally] = defaultdict(Tally)
    for (source, target, day), tally in days.items():
        for level in LEVELS:
            first = first_of(level, day)
            found[source, target, level, first].absorb(tally, *_weights((day - first).days, codebook))
    return found


def seen_from(
    as_of: date, days: dict[tuple[str, str, date], Tally], codebook: Codebook
) -> Iterator[tuple[date, Tally]]:
    """(first day, tally) of the spans up to `as_of`: past years, past months of its year, days of its month."""
    found: dict[tuple[str, date], Tally] = defaultdict(Tally)
    for (_, _, day), tally in days.items():
        if day <= as_of:
            level = level_seen(day, as_of)
            first = first_of(level, day)
            found[level, first].absorb(tally, *_weights((day - first).days, codebook))
    return ((first, tally) for (_, first), tally in found.items())


def level_seen(day: date, as_of: date) -> str:
    """The level of the span that contains `day` in `seen_from`."""
    if day.year < as_of.year:
        return "year"
    return "month" if day.month < as_of.month else "day"


def first_of(level: str, day: date) -> date:
    """The first day of the span of that level in which a day lies."""
    if level == "day":
        return day
    return day.replace(day=1) if level == "month" else day.replace(month=1, day=1)


def _weights(days: int, codebook: Codebook) -> tuple[int, int]:
    return _fixed(days, codebook.score.half_life_days)


@cache
def _fixed(days: int, half_life: float) -> tuple[int, int]:
    grown = 2.0 ** (days / half_life)
    return round(ONE * grown), round(ONE * grown * grown)

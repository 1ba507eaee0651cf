"""What the fold makes: intervals in which a facet of a relation has a value, and what changed between two folds."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from entente.relations.events import EventKey
from entente.relations.periods import Period

#: How many of an interval's events are kept with it from its start, and as many from its end; the rest is derived.
EVIDENCE_EACH_END = 5


@dataclass(frozen=True, slots=True)
class Candidate:
    """One of the values that contradicting reports give: the events that say so, and their distinct publishers."""

    value: str
    n_sources: int
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Interval:
    """A facet's value over time, directed source→target, with the events that made it and the rule that did it.

    `valid_from` None means that the start is unknown and the value is `known_by` that day. `ends` says why it ended:
    "change", "expiry" or "" while it lasts. `item` is the member of a set facet, "" elsewhere. `standing`: "held",
    or "pending"/"threatened" for what is only announced. Days are UTC; `valid_to` is exclusive. `rule` is the id of
    the rule that gave the value, `@`, and the codebook's version.

    `evidence` holds the first and the last EVIDENCE_EACH_END of its `n_evidence` events. `status`: "effective";
    "reported" while one publisher alone says so, without much confidence; "disputed" where independent sources give
    overlapping dates to values that exclude each other, which are then the `candidates`, the value shown among them.
    """

    source: str
    target: str
    facet: str
    item: str
    standing: str
    value: str
    valid_from: Period | None
    known_by: date
    valid_to: date | None
    ends: str
    evidence: tuple[str, ...]
    rule: str
    n_evidence: int = 1
    status: str = "effective"
    candidates: tuple[Candidate, ...] = ()

    def status_on(self, day: date) -> str:
        """The status as of a day: "expired" once the value's time has run out, else `status`."""
        expired = self.ends == "expiry" and self.valid_to is not None and self.valid_to <= day
        return "expired" if expired else self.status

    @property
    def starts_on(self) -> date:
        """The first day on which the value may be counted on."""
        return self.valid_from.first if self.valid_from else self.known_by

    def holds_on(self, day: date) -> bool:
        """True if the interval covers that day."""
        return self.starts_on <= day and (self.valid_to is None or day < self.valid_to)

    def shaped_after(self, day: date) -> bool:
        """True if something dated after `day`, on which the interval holds, may have ended it or be its evidence."""
        if self.ends == "change":
            return True
        dates = [EventKey.parse(event).period for event in self.evidence]
        # Of an event without a date the id doesn't tell when it was known; a single one is what began the interval.
        return any(on.first > day if on else self.n_evidence > 1 for on in dates)

    @property
    def track(self) -> tuple[str, str, str, str, str]:
        """What the interval is an interval of."""
        return (self.source, self.target, self.facet, self.item, self.standing)


@dataclass(frozen=True, slots=True)
class Change:
    """A facet of a relation moved between two folds of the ledger, because of `event` ("" when one was taken back).

    `historic` is true when the move lies so far back that it fills history and is no news.
    """

    source: str
    target: str
    facet: str
    item: str
    standing: str
    before: str
    after: str
    effective_on: date
    event: str
    historic: bool


#: A move that took effect longer than this before it was learnt is history, not news.
NEWS_WINDOW_DAYS = 30


def holding(intervals: Iterable[Interval], day: date) -> list[Interval]:
    """The intervals that cover `day`, in order of track."""
    return sorted((i for i in intervals if i.holds_on(day)), key=lambda i: i.track)


def compare(before: Iterable[Interval], after: Iterable[Interval], learnt_on: date) -> list[Change]:
    """The changes that lead from one fold to the next, ordered by the day on which they took effect.

    A new interval is a change from the value that held just before it; an interval that is gone, with none of the
    same start and value in its place, is a change back.
    """
    old, new = _by_start(before), _by_start(after)
    changes = []
    for key in old.keys() | new.keys():
        was, now = old.get(key), new.get(key)
        if was and now and was.value == now.value:
            continue
        track, start = key
        previous = was.value if was else _value_before(new, track, start)
        current = now.value if now else _value_before(new, track, start)
        if previous != current:
            event = now.evidence[0] if now else ""
            historic = (learnt_on - start).days > NEWS_WINDOW_DAYS or _superseded(new, track, start)
            changes.append(Change(*track, previous, current, start, event, historic))
    return sorted(changes, key=lambda c: (c.effective_on, c.source, c.target, c.facet, c.item, c.standing))


_Track = tuple[str, str, str, str, str]


def _by_start(intervals: Iterable[Interval]) -> dict[tuple[_Track, date], Interval]:
    return {(interval.track, interval.starts_on): interval for interval in intervals}


def _value_before(intervals: Mapping[tuple[_Track, date], Interval], track: _Track, day: date) -> str:
    earlier = [start for other, start in intervals if other == track and start < day]
    if not earlier:
        return "unknown"
    last = intervals[track, max(earlier)]
    return "unknown" if last.valid_to is not None and last.valid_to < day else last.value


def _superseded(intervals: Mapping[tuple[_Track, date], Interval], track: _Track, day: date) -> bool:
    return any(other == track and start > day for other, start in intervals)

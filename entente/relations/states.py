"""Intervals (a facet's value over time), and the changes between two folds."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from entente.relations.codebook import UNCONFIRMED
from entente.relations.periods import Period
from entente.relations.state_facts import is_state_fact, origin_of

#: Owners kept with an interval or candidate.
MAX_OWNERS = 5

#: Events kept with an interval from its start, and as many from its end.
EVIDENCE_EACH_END = 5


@dataclass(frozen=True, slots=True)
class Candidate:
    """One of several contradicting values: the number of owners that report it, the events, the first few owners."""

    value: str
    n_sources: int
    evidence: tuple[str, ...]
    owners: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Interval:
    """A value of one facet, source → target, from `starts_on` to `valid_to`, with its evidence and rule.

    `valid_from` None: the start is unknown, and the value was known by `known_by`. `ends` is why it ended: "change",
    "expiry", "unconfirmed" (an event below the floor, likelier than not, says so), or "" if it lasts. `item` is the
    member of a set facet, "" elsewhere. `standing`: "held", "pending" (announced or agreed), "threatened" or
    "unconfirmed" (only events below the floor report it). Days are UTC; `valid_to` is exclusive. `rule` is
    RULE_ID@CODEBOOK_VERSION.

    `evidence`: ids of the first and last EVIDENCE_EACH_END of its `n_evidence` events and state facts. `status`:
    "effective"; "reported" if one owner alone reports it, with confidence below `Codebook.effective_confidence`;
    "disputed" if independent owners report values that exclude each other for overlapping dates. Those are the
    `candidates`. `owners`: the first MAX_OWNERS whose publishers report it, in the order of the events. `dated_by`: the
    origin of `valid_from`, as `Event.dated_by` of the event that began it.
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
    owners: tuple[str, ...] = ()
    dated_by: str = "text"

    def status_on(self, day: date) -> str:
        """The status as of a day: "expired" once the value's time has run out, else `status`."""
        expired = self.ends == "expiry" and self.valid_to is not None and self.valid_to <= day
        return "expired" if expired else self.status

    @property
    def origin(self) -> str:
        """What began it: "events", or the origin of a state fact, such as "baseline"."""
        return origin_of(self.evidence[0]) if self.evidence else origin_of("")

    @property
    def state_facts(self) -> list[str]:
        """The ids of the state facts among its evidence and that of its candidates."""
        told = [*self.evidence, *(id for candidate in self.candidates for id in candidate.evidence)]
        return list(dict.fromkeys(id for id in told if is_state_fact(id)))

    @property
    def starts_on(self) -> date:
        """The first day of the value; `known_by` if its start is unknown."""
        return self.valid_from.first if self.valid_from else self.known_by

    def holds_on(self, day: date) -> bool:
        """True if the interval covers that day."""
        return self.starts_on <= day and (self.valid_to is None or day < self.valid_to)

    def shaped_after(self, day: date) -> bool:
        """True if an event dated after `day` may have ended the interval, or be evidence of it. It holds on `day`."""
        if self.ends in ("change", UNCONFIRMED):
            return True
        dates = [_dated(id) for id in self.evidence]
        # The id of undated evidence doesn't contain its day; if it is the only evidence, it began the interval.
        return any(on.first > day if on else self.n_evidence > 1 for on in dates)

    @property
    def track(self) -> tuple[str, str, str, str, str]:
        """(source, target, facet, item, standing)."""
        return (self.source, self.target, self.facet, self.item, self.standing)


@dataclass(frozen=True, slots=True)
class Change:
    """A change of a facet's value between two folds, because of `event` ("" if an interval was removed).

    `historic`: the change took effect too long ago to be news, or a later value has replaced it. `confirmed`: the value
    had been reported before, but not confirmed. `dated_by`: the origin of `effective_on`, as of an Interval; None if
    that was not recorded.
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
    confirmed: bool = False
    dated_by: str | None = None

    @property
    def precision(self) -> str | None:
        """That of `effective_on`, as `event` dates it: day, month or year; None if its id has no such date."""
        try:
            dated = _dated(self.event) if self.event else None
        except ValueError:
            return None
        return dated.precision if dated and dated.first == self.effective_on else None


def _dated(evidence_id: str) -> Period | None:
    """The date at the end of the id of an event or state fact; None if it is undated."""
    label = evidence_id.rpartition(".")[2]
    return None if label == "undated" else Period.parse(label)


#: A change learnt more than so many days after it took effect is historic.
NEWS_WINDOW_DAYS = 30


def holding(intervals: Iterable[Interval], day: date) -> list[Interval]:
    """The intervals that cover `day`, in order of track."""
    return sorted((i for i in intervals if i.holds_on(day)), key=lambda i: i.track)


def unconfirmed_change(held: Interval, others: Iterable[Interval]) -> Interval | None:
    """The first of these intervals that would have ended a held value, if it were confirmed."""
    told = (*held.track[:4], UNCONFIRMED)
    during = (
        i
        for i in others
        if held.standing == "held"
        and i.track == told
        and i.value != held.value
        and (held.valid_to is None or i.starts_on < held.valid_to)
        and (i.valid_to is None or held.starts_on < i.valid_to)
    )
    return min(during, key=lambda i: i.starts_on, default=None)


def compare(before: Iterable[Interval], after: Iterable[Interval], learnt_on: date) -> list[Change]:
    """The changes from one fold to the next, ordered by the day on which they took effect.

    A new interval is a change from the value that held just before it. A removed interval, if none of the same start
    and value replaces it, is a change back to that value. A value that an unconfirmed report ends changes to unknown.
    """
    old, new = _by_start(before), _by_start(after)
    changes: list[Change] = []
    for key in old.keys() | new.keys():
        was, now = old.get(key), new.get(key)
        track, start = key
        if was and now and was.value == now.value:
            changes += _ended_by_doubt(was, now, old, new, learnt_on)
            continue
        previous = was.value if was else _value_before(new, track, start)
        current = now.value if now else _value_before(new, track, start)
        if previous != current:
            event = now.evidence[0] if now else ""
            historic = _is_historic(new, track, start, learnt_on)
            confirmed = now is not None and _was_unconfirmed(old.values(), now)
            begun = now or was
            dated_by = begun.dated_by if begun else None
            changes.append(Change(*track, previous, current, start, event, historic, confirmed, dated_by))
    return sorted(changes, key=lambda c: (c.effective_on, c.source, c.target, c.facet, c.item, c.standing))


_Track = tuple[str, str, str, str, str]
_Starts = Mapping[tuple[_Track, date], Interval]


def _ended_by_doubt(was: Interval, now: Interval, old: _Starts, new: _Starts, learnt_on: date) -> Iterator[Change]:
    """The change of a value to unknown, or back, if what ends it is not confirmed: no interval of its track follows."""
    before, after = _doubted_end(was, old), _doubted_end(now, new)
    doubt = after or before
    if doubt is None or (before and after) or not (after or now.valid_to is None or now.valid_to > doubt.starts_on):
        return
    values, event = ((now.value, "unknown"), doubt.evidence[0]) if after else (("unknown", now.value), "")
    historic = _is_historic(new, now.track, doubt.starts_on, learnt_on)
    yield Change(*now.track, *values, doubt.starts_on, event, historic, dated_by=doubt.dated_by)


def _doubted_end(interval: Interval, others: _Starts) -> Interval | None:
    """The unconfirmed interval that ends this one; None if none does, or a value of its own track follows at once."""
    if interval.ends != UNCONFIRMED or interval.valid_to is None or (interval.track, interval.valid_to) in others:
        return None
    return others.get(((*interval.track[:4], UNCONFIRMED), interval.valid_to))


def _by_start(intervals: Iterable[Interval]) -> dict[tuple[_Track, date], Interval]:
    return {(interval.track, interval.starts_on): interval for interval in intervals}


def _value_before(intervals: Mapping[tuple[_Track, date], Interval], track: _Track, day: date) -> str:
    earlier = [start for other, start in intervals if other == track and start < day]
    if not earlier:
        return "unknown"
    last = intervals[track, max(earlier)]
    return "unknown" if last.valid_to is not None and last.valid_to < day else last.value


def _was_unconfirmed(before: Iterable[Interval], now: Interval) -> bool:
    """True if what holds now was reported for its first day, but not confirmed."""
    told = (*now.track[:4], UNCONFIRMED)
    same = (i for i in before if now.standing == "held" and i.track == told and i.value == now.value)
    return any(i.holds_on(now.starts_on) for i in same)


def _is_historic(intervals: _Starts, track: _Track, start: date, learnt_on: date) -> bool:
    """True if a change took effect too long before it was learnt to be news, or a later value has replaced it."""
    replaced = any(other == track and day > start for other, day in intervals)
    return (learnt_on - start).days > NEWS_WINDOW_DAYS or replaced

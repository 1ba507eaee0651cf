"""Reasons of a facet's value (rules and events), and differences between two days."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from entente.relations.codebook import UNCONFIRMED, Codebook, Effect
from entente.relations.events import Event
from entente.relations.states import Interval, holding


@dataclass(frozen=True, slots=True)
class Cause:
    """An event and its effect on the facet; None if the codebook now has no such effect."""

    event: Event
    effect: Effect | None


@dataclass(frozen=True, slots=True)
class Reason:
    """An interval and its causes, in the order of its evidence."""

    interval: Interval
    causes: Sequence[Cause]


@dataclass(frozen=True, slots=True)
class Difference:
    """A track whose value differs between two days: the interval that held on each, None where it was unknown."""

    facet: str
    item: str
    standing: str
    before: Interval | None
    after: Interval | None


def reason(interval: Interval, events: Iterable[Event], codebook: Codebook) -> Reason:
    """An interval's evidence among `events`, with the effect of each."""
    by_id = {event.id: event for event in events}
    found = [by_id[id] for id in interval.evidence if id in by_id]
    return Reason(interval, [Cause(event, _effect(event, interval, codebook)) for event in found])


def _effect(event: Event, interval: Interval, codebook: Codebook) -> Effect | None:
    """The effect by which this event gives the interval's value, or one of its candidates, in its direction."""
    values = {interval.value, *(candidate.value for candidate in interval.candidates)}
    moved = ("same", "both") if event.source == interval.source else ("reverse", "both")
    standing = "held" if interval.standing == UNCONFIRMED else interval.standing
    effects = [
        e
        for e in codebook.effects(event.act, event.status)
        if (e.facet, e.standing) == (interval.facet, standing) and e.value in values and e.moves in moved
    ]
    exact = [e for e in effects if e.item == interval.item]
    return next(iter(exact or effects), None)


def ended_before(intervals: Iterable[Interval], day: date) -> list[Interval]:
    """For each track without a value on `day`, the interval that ended last by then."""
    mine = list(intervals)
    held = {interval.track for interval in holding(mine, day)}
    last: dict[tuple[str, ...], Interval] = {}
    for interval in mine:
        if interval.track in held or interval.valid_to is None or interval.valid_to > day:
            continue
        known = last.get(interval.track)
        if known is None or (known.valid_to or day) <= interval.valid_to:
            last[interval.track] = interval
    return [last[track] for track in sorted(last)]


def differences(earlier: Iterable[Interval], later: Iterable[Interval]) -> list[Difference]:
    """Tracks whose intervals on two days differ in value or in being disputed, in order."""
    before = {i.track: i for i in earlier}
    after = {i.track: i for i in later}
    return [
        Difference(*track[2:], before.get(track), after.get(track))
        for track in sorted(before.keys() | after.keys())
        if _value(before.get(track)) != _value(after.get(track))
    ]


def _value(interval: Interval | None) -> tuple[str, bool] | None:
    return (interval.value, interval.status == "disputed") if interval else None

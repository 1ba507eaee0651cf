"""The fold: the events of a dyad → the intervals of both its directions. A pure function of the set of events.

Every (direction, facet, item, standing) is a track. An event's effects are *assertions* on tracks; on a track of kind
"latest" a later assertion replaces an earlier one, on a track of kind "highest" the highest value not yet expired
holds (COW's hostility levels), and either ends when its values' time has run out.
"""

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from entente.relations.codebook import Codebook, Effect, Facet
from entente.relations.events import Event
from entente.relations.periods import Period
from entente.relations.states import Interval

_Track = tuple[str, str, str, str, str]


@dataclass(frozen=True, slots=True)
class _Assertion:
    event: str
    value: str
    rule: str
    period: Period | None
    starts_on: date
    known_by: date
    lasts_days: int | None

    @property
    def expires_on(self) -> date | None:
        if self.lasts_days is None:
            return None
        last = self.period.last if self.period else self.known_by
        return last + timedelta(days=self.lasts_days)


def fold(events: Iterable[Event], codebook: Codebook) -> list[Interval]:
    """Intervals of every facet that these events of one dyad move, ordered by track and start.

    Only acts between states move facets. The order of `events` doesn't matter.
    """
    tracks: dict[_Track, list[_Assertion]] = defaultdict(list)
    for event in sorted((e for e in events if e.between_states), key=_order):
        for effect in codebook.effects(event.act, event.status):
            for source, target in _directions(event, effect):
                for item in _items(event, effect, tracks, (source, target)):
                    _assert(tracks, (source, target, effect.facet, item), event, effect)
    intervals: list[Interval] = []
    for track, assertions in tracks.items():
        intervals.extend(_intervals(track, assertions, codebook.facet(track[2])))
    return sorted(intervals, key=lambda i: (i.track, i.starts_on))


def _order(event: Event) -> tuple[date, int, str]:
    # On one day, what is only announced comes before what happened, so that the act itself has the last word.
    return (event.starts_on, event.status in ("effective", "ongoing"), event.id)


def _directions(event: Event, effect: Effect) -> list[tuple[str, str]]:
    forth, back = (event.source, event.target), (event.target, event.source)
    return {"same": [forth], "reverse": [back], "both": [forth, back]}[effect.moves]


def _items(
    event: Event, effect: Effect, tracks: dict[_Track, list[_Assertion]], direction: tuple[str, str]
) -> list[str]:
    if effect.item == "*":
        known = [t[3] for t in tracks if t[:3] == (*direction, effect.facet) and t[4] == "held"]
        return known or ["other"]
    if effect.item.startswith("context:"):
        prefix = effect.item.removeprefix("context:") + ":"
        named = {c.removeprefix(prefix) for m in event.mentions for c in m.event.context if c.startswith(prefix)}
        return sorted(named) or ["other"]
    return [effect.item]


def _assert(
    tracks: dict[_Track, list[_Assertion]], of: tuple[str, str, str, str], event: Event, effect: Effect
) -> None:
    held = tracks.get((*of, "held"), [])
    if effect.only_from and (held[-1].value if held else "unknown") not in effect.only_from:
        return
    start = event.starts_on
    made = _Assertion(event.id, effect.value, effect.rule, event.period, start, event.known_by, effect.lasts_days)
    tracks[*of, effect.standing].append(made)
    if effect.standing == "held":
        # The act itself settles whatever had been announced or threatened of it.
        for standing in ("pending", "threatened"):
            open_track = tracks.get((*of, standing))
            if open_track and open_track[-1].value != "":
                open_track.append(replace(made, value=""))


@dataclass(slots=True)
class _Run:
    """A stretch of one value: the assertions that support it, and when it began and ended."""

    members: list[_Assertion]
    valid_from: Period | None
    starts_on: date
    valid_to: date | None = None
    ends: str = ""

    def end(self, day: date | None, why: str) -> "_Run":
        self.valid_to, self.ends = day, why if day else ""
        return self


def _intervals(track: _Track, assertions: list[_Assertion], facet: Facet) -> Iterator[Interval]:
    """The intervals of one track: its stretches of one value, with every assertion that supports each."""
    source, target, name, item, standing = track
    for run in _highest(assertions, facet) if facet.combine == "highest" else _latest(assertions):
        first = run.members[0]
        if first.value == "" or run.valid_to == run.starts_on:
            continue
        yield Interval(
            source=source,
            target=target,
            facet=name,
            item=item,
            standing=standing,
            value=first.value,
            valid_from=run.valid_from,
            known_by=min(member.known_by for member in run.members),
            valid_to=run.valid_to,
            ends=run.ends,
            evidence=tuple(dict.fromkeys(member.event for member in run.members)),
            rule=first.rule,
        )


def _latest(assertions: list[_Assertion]) -> Iterator[_Run]:
    """A later assertion of another value ends the one before; so does its own time."""
    run: _Run | None = None
    for assertion in assertions:
        if run:
            expires = _expiry(run.members)
            if expires and expires < assertion.starts_on:
                yield run.end(expires, "expiry")
                run = None
            elif assertion.value != run.members[0].value:
                yield run.end(assertion.starts_on, "change")
                run = None
        if run:
            run.members.append(assertion)
        else:
            run = _Run([assertion], assertion.period, assertion.starts_on)
    if run:
        yield run.end(_expiry(run.members), "expiry")


def _highest(assertions: list[_Assertion], facet: Facet) -> Iterator[_Run]:
    """Sweep the days on which the highest unexpired value changes."""
    rank = {value: position for position, value in enumerate(facet.values)}
    active: list[_Assertion] = []
    run: _Run | None = None
    queue = deque(assertions)
    for day in sorted({a.starts_on for a in assertions} | {e for a in assertions if (e := a.expires_on)}):
        active = [a for a in active if a.expires_on is None or a.expires_on > day]
        arrived = _arrivals(queue, day)
        for assertion in arrived:
            # Peace ends every hostility, and a hostility ends the peace: neither comes back when the other runs out.
            clearing = assertion.value in facet.clears
            active = [a for a in active if not clearing and a.value not in facet.clears] + [assertion]
        top = max((rank[a.value] for a in active), default=None)
        if run and (top is None or rank[run.members[0].value] != top):
            yield run.end(day, "change" if arrived else "expiry")
            run = None
        supporting = [a for a in active if rank[a.value] == top]
        if run:
            run.members += [a for a in arrived if a in supporting]
        elif supporting:
            began = supporting[0].period if supporting[0].starts_on == day else Period.day(day)
            run = _Run(supporting, began, day)
    if run:
        yield run.end(_expiry(run.members), "expiry")


def _arrivals(queue: deque[_Assertion], day: date) -> list[_Assertion]:
    arrived = []
    while queue and queue[0].starts_on <= day:
        arrived.append(queue.popleft())
    return arrived


def _expiry(assertions: list[_Assertion]) -> date | None:
    """The day on which the last of these assertions runs out; None if one of them doesn't."""
    days = [assertion.expires_on for assertion in assertions]
    return None if None in days else max(day for day in days if day)

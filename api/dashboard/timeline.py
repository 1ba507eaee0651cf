"""Geometry of the timeline of a pair: score, facets and events on one axis of time, drawn as SVG by a template."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from api.dashboard.wording import plainly, wording

#: Sizes in units of the SVG.
WIDTH, LEFT, RIGHT = 960, 176, 22
SCORE_HEIGHT, LANE_HEIGHT, TOP = 130, 20, 22

#: Years that are shown unless the reader asks for more.
YEARS_SHOWN = 30

#: Most turning points, and the least move of the score, in one part of the series, that is one.
MOST_TURNS, LEAST_MOVE = 5, 0.8

_NET = 10.0


@dataclass(frozen=True, slots=True)
class Bar:
    """An interval in its lane. `open_start`, `open_end`: it goes on beyond what is shown."""

    x: float
    width: float
    tone: int
    status: str
    value: str
    since: str | None
    until: str | None
    dated_by: str


@dataclass(frozen=True, slots=True)
class Lane:
    """The intervals of one facet, or of one item of it, in one direction or both."""

    y: int
    title: str
    direction: str
    bars: Sequence[Bar]


@dataclass(frozen=True, slots=True)
class Turn:
    """A turning point of the score: where it lies, by how much the score moved, and the event behind it."""

    number: int
    x: float
    y: float
    direction: str
    day: str
    move: float
    event: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Timeline:
    """All that is drawn. `lines`: points of the score by direction; `ticks`: (x, label); `marks`: x of events."""

    first: date
    last: date
    height: int
    lanes: Sequence[Lane]
    lines: Mapping[str, str]
    ticks: Sequence[tuple[float, str]]
    marks: Sequence[tuple[float, str, int]]
    turns: Sequence[Turn] = field(default_factory=tuple)
    zero: float = TOP + SCORE_HEIGHT / 2

    @property
    def lanes_from(self) -> int:
        """Where the lanes begin."""
        return _lanes_from(bool(self.lines))


class Axis:
    """Days as places from LEFT to the right edge."""

    def __init__(self, first: date, last: date) -> None:
        self.first = first
        self.last = last
        self._days = max(1, (last - first).days)

    def x(self, day: date) -> float:
        """The place of a day; of one outside, the nearer end."""
        part = min(1.0, max(0.0, (day - self.first).days / self._days))
        return round(LEFT + part * (WIDTH - LEFT - RIGHT), 1)

    def ticks(self) -> list[tuple[float, str]]:
        """Ten labelled places at most: years, or months where fewer than three years are shown."""
        years = self.last.year - self.first.year
        if years < 3:
            months = [date(y, m, 1) for y in range(self.first.year, self.last.year + 1) for m in range(1, 13)]
            inside = [day for day in months if self.first < day <= self.last]
            step = max(1, len(inside) // 8)
            return [(self.x(day), day.isoformat()[:7]) for day in inside[::step]]
        step = next(n for n in (1, 2, 5, 10, 20, 50, 100, 200, 500) if years / n <= 10)
        found = [date(y, 1, 1) for y in range(self.first.year, self.last.year + 1) if y % step == 0]
        return [(self.x(day), str(day.year)) for day in found if day >= self.first]


def start_of(days: Iterable[date], last: date, wanted: date | None) -> date:
    """The first day to show: the one asked for, else the earliest of `days`, at most YEARS_SHOWN back."""
    if wanted is not None and wanted < last:
        return wanted
    earliest = min(days, default=last - timedelta(days=365))
    begins = max(earliest, date(max(1, last.year - YEARS_SHOWN), 1, 1))
    # A month of room, so that the first event is not on the edge.
    return min(begins, last - timedelta(days=90)) - timedelta(days=30)


def timeline(
    axis: Axis,
    intervals: Mapping[str, Sequence[Mapping[str, Any]]],
    series: Mapping[str, Sequence[Mapping[str, Any]]],
    events: Sequence[Mapping[str, Any]],
    shared: Iterable[str],
) -> Timeline:
    """Lay out a pair. Intervals and series by direction ("forth", "back"), all in their shapes on the wire."""
    begin = _lanes_from(bool(series))
    lanes = _lanes(axis, intervals, set(shared), begin)
    lines = {way: _line(axis, buckets) for way, buckets in series.items()}
    marks = [(axis.x(_day(e)), e["id"], e["quad"]) for e in events if e["date"] and _day(e) >= axis.first]
    lowest = begin + LANE_HEIGHT * len(lanes) + 26
    turns = _turns(axis, series, events)
    return Timeline(axis.first, axis.last, lowest, lanes, lines, axis.ticks(), marks, turns)


def _lanes(
    axis: Axis, intervals: Mapping[str, Sequence[Mapping[str, Any]]], shared: set[str], begin: int
) -> list[Lane]:
    grouped: dict[tuple[str, str, str], list[Mapping[str, Any]]] = {}
    for way, found in intervals.items():
        for interval in found:
            if interval["facet"] in shared and way == "back":
                continue
            if interval["valid_to"] and date.fromisoformat(interval["valid_to"]) <= axis.first:
                continue
            both = "both" if interval["facet"] in shared else way
            grouped.setdefault((interval["facet"], interval["item"], both), []).append(interval)
    order = list(wording().facets)
    ranked = sorted(grouped, key=lambda k: (order.index(k[0]) if k[0] in order else 99, k[1], k[2] != "forth"))
    lanes = []
    for number, key in enumerate(ranked):
        facet, item, way = key
        title = wording().facet(facet).title + (f": {plainly(item)}" if item else "")
        bars = [_bar(axis, interval) for interval in sorted(grouped[key], key=lambda i: i["known_by"])]
        lanes.append(Lane(begin + number * LANE_HEIGHT, title, way, bars))
    return lanes


def _lanes_from(scored: bool) -> int:
    """Where the lanes begin: below the score, if there is one."""
    return TOP + (SCORE_HEIGHT + 24 if scored else 0)


def _bar(axis: Axis, interval: Mapping[str, Any]) -> Bar:
    begins = _first(interval["valid_from"]) if interval["valid_from"] else date.fromisoformat(interval["known_by"])
    ends = date.fromisoformat(interval["valid_to"]) if interval["valid_to"] else axis.last
    x = axis.x(begins)
    return Bar(
        x,
        max(3.0, round(axis.x(ends) - x, 1)),
        wording().tone(interval["facet"], interval["value"]),
        interval["status"],
        wording().facet(interval["facet"]).value(interval["value"]).short,
        interval["valid_from"],
        interval["valid_to"],
        interval["dated_by"],
    )


def _line(axis: Axis, buckets: Sequence[Mapping[str, Any]]) -> str:
    shown = [b for b in buckets if date.fromisoformat(b["to"]) >= axis.first]
    return " ".join(f"{axis.x(date.fromisoformat(b['to']))},{_y(b['score']['net'])}" for b in shown)


def _y(net: float) -> float:
    return round(TOP + SCORE_HEIGHT / 2 * (1 - net / _NET), 1)


def _turns(
    axis: Axis, series: Mapping[str, Sequence[Mapping[str, Any]]], events: Sequence[Mapping[str, Any]]
) -> list[Turn]:
    """The greatest moves of the score, each with the most intense event of that part of the series."""
    found = []
    for way, buckets in series.items():
        before = 0.0
        for bucket in buckets:
            move, before = bucket["score"]["net"] - before, bucket["score"]["net"]
            first, last = date.fromisoformat(bucket["from"]), date.fromisoformat(bucket["to"])
            if abs(move) < LEAST_MOVE or first < axis.first:
                continue
            inside = [e for e in events if e["date"] and e["way"] == way and first <= _day(e) <= last]
            agreeing = [e for e in inside if e["intensity"] * move > 0]
            if agreeing:
                event = max(agreeing, key=lambda e: abs(e["intensity"]))
                found.append((move, way, last, bucket["score"]["net"], event))
    # Of two moves at once, one of each direction, the greater stands for both.
    at_once = {turn[2]: turn for turn in sorted(found, key=lambda turn: abs(turn[0]))}
    greatest = sorted(at_once.values(), key=lambda turn: -abs(turn[0]))[:MOST_TURNS]
    in_order = sorted(greatest, key=lambda turn: turn[2])
    return [
        Turn(n, axis.x(last), _y(net), way, event["date"], move, event)
        for n, (move, way, last, net, event) in enumerate(in_order, start=1)
    ]


def _day(event: Mapping[str, Any]) -> date:
    return _first(event["date"])


def _first(label: str) -> date:
    parts = [int(part) for part in label.split("-")]
    return date(parts[0], *[*parts[1:], 1, 1][:2])

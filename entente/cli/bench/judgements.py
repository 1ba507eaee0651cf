"""Compare the values that records show with those of the careful reader."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from entente.cli.bench.archives import Read, Shown
from entente.cli.bench.scoring import bootstrap
from entente.cli.bench.stories import Reading, Story, Track

#: right: the reader records it. wrong: the reader records another value of the track. stale: the reader recorded it on
#: an earlier day, and it has ended. extra: nothing of the track holds, nor did the value. missing: recorded, not shown.
KINDS = ("right", "wrong", "stale", "extra", "missing")

_SHOWN = KINDS[:-1]


@dataclass(frozen=True, slots=True)
class Judgement:
    """One value of one reading. `number` counts the story's readings from 1. `wanted`: the reader's value, "" if none.

    `shown`: of a missing value what is unconfirmed of it, if anything. `told_by`: the first article that tells it.
    """

    story: str
    number: int
    track: Track
    kind: str
    wanted: str
    shown: Shown | None
    told_by: str = ""


def judge(story: Story, reads: Sequence[Read]) -> Iterator[Judgement]:
    """Judge what is shown on each day, and what is missing."""
    earlier: set[tuple[Track, str]] = set()
    for number, read in enumerate(reads, 1):
        wanted = read.reading.values
        for track, shown in read.shown.items():
            told = wanted.get(track, "")
            if told == shown.value:
                kind = "right"
            elif (track, shown.value) in earlier:
                kind = "stale"
            else:
                kind = "wrong" if told else "extra"
            yield Judgement(story.id, number, track, kind, told, shown)
        for track, value in wanted.items():
            if track not in read.shown:
                unsure = read.unconfirmed.get((*track[:4], "unconfirmed"))
                yield Judgement(story.id, number, track, "missing", value, unsure, read.reading.told_by[track])
        earlier |= set(wanted.items())


def as_shown(story: Story, readings: Sequence[Reading]) -> list[Read]:
    """Another reader's readings of the story as if they were what records show."""
    return [
        Read(first, {track: Shown(value, doubted=False, quotes=()) for track, value in again.values.items()}, {})
        for first, again in zip(story.readings, readings, strict=True)
    ]


def not_right(judged: Sequence[Judgement], again: Iterable[tuple[Story, Sequence[Reading]]]) -> list[bool]:
    """Of each shown value that is not right: whether another reader of the story lists it on that day.

    Stories that he did not read are left out. Many such values would be a fault of the labels, not of the program.
    """
    readings = {story.id: read for story, read in again}
    return [
        readings[j.story][j.number - 1].values.get(j.track) == j.shown.value
        for j in judged
        if j.shown and j.kind not in ("right", "missing") and j.story in readings
    ]


@dataclass(frozen=True, slots=True)
class Share:
    """A share of `n` values, None without any, with its 95 % interval (bootstrap over stories)."""

    value: float | None
    n: int
    interval: tuple[float, float] | None


def shown_right(judged: Sequence[Judgement]) -> Share:
    """The share of shown values that are right."""
    return _share([(j.story, j.kind == "right") for j in judged if j.kind in _SHOWN])


def had_shown(judged: Sequence[Judgement]) -> Share:
    """The share of the reader's values that are shown, and right."""
    return _share([(j.story, j.kind == "right") for j in judged if j.wanted])


def _share(rows: Sequence[tuple[str, bool]]) -> Share:
    if not rows:
        return Share(None, 0, None)
    stories: dict[str, list[bool]] = {}
    for story, right in rows:
        stories.setdefault(story, []).append(right)

    def of(sample: Sequence[Sequence[bool]]) -> float:
        return sum(map(sum, sample)) / sum(map(len, sample))

    whole = list(stories.values())
    return Share(of(whole), len(rows), bootstrap(whole, of))

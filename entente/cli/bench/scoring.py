"""Measures of agreement between expected and coded events."""

import json
import random
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence, Set
from typing import Any, TypeVar

from entente.relations.codebook import HAPPENED

T = TypeVar("T")

Event = Mapping[str, Any]
Match = Mapping[str, Any]


def f1(hits: int, expected: int, given: int) -> float:
    """Harmonic mean of precision hits/given and recall hits/expected; 0 without a hit."""
    return 2 * hits / (expected + given) if hits else 0.0


def macro_f1(rows: Sequence[tuple[Hashable, Hashable]]) -> float:
    """Unweighted mean of F1 over the classes that occur as gold; rows are (gold, given)."""
    gold, given = [g for g, _ in rows], [p for _, p in rows]
    scores = []
    for label in set(gold):
        hits = sum(g == p == label for g, p in rows)
        scores.append(f1(hits, sum(g == label for g in gold), sum(p == label for p in given)))
    return sum(scores) / len(scores)


def bootstrap(rows: Sequence[T], measure: Callable[[Sequence[T]], float], rounds: int = 500) -> tuple[float, float]:
    """The 95 % percentile bootstrap interval of a measure over rows (Efron 1979). The seed is fixed."""
    chance = random.Random(20260101)
    found = sorted(measure(chance.choices(rows, k=len(rows))) for _ in range(rounds))
    return found[int(0.025 * rounds)], found[int(0.975 * rounds)]


def micro(gold: Sequence[Set[Any]], given: Sequence[Set[Any]]) -> tuple[float, float, float]:
    """Precision, recall and F1 over all members of all sets."""
    hits = sum(len(g & p) for g, p in zip(gold, given, strict=True))
    expected, coded = sum(map(len, gold)), sum(map(len, given))
    return hits / max(1, coded), hits / max(1, expected), f1(hits, expected, coded)


def interval_of(
    gold: Sequence[Set[Any]], given: Sequence[Set[Any]], which: int, rounds: int = 500
) -> tuple[float, float]:
    """The 95 % percentile bootstrap interval over texts of micro precision (`which` 0), recall (1) or F1 (2)."""
    counts = [(len(g & p), len(g), len(p)) for g, p in zip(gold, given, strict=True)]

    def of(sample: Sequence[tuple[int, int, int]]) -> float:
        hits, expected, coded = map(sum, zip(*sample, strict=True))
        return (hits / max(1, coded), hits / max(1, expected), f1(hits, expected, coded))[which]

    return bootstrap(counts, of, rounds)


def difference(
    gold: Sequence[Set[Any]], one: Sequence[Set[Any]], other: Sequence[Set[Any]], rounds: int = 1000
) -> tuple[float, float, float]:
    """Micro F1 of `one` minus that of `other`, with the bounds of its 95 % interval (paired bootstrap over texts)."""
    rows = [(len(g), len(g & a), len(a), len(g & b), len(b)) for g, a, b in zip(gold, one, other, strict=True)]

    def of(sample: Sequence[tuple[int, ...]]) -> float:
        told, hits, coded, other_hits, other_coded = map(sum, zip(*sample, strict=True))
        return f1(hits, told, coded) - f1(other_hits, told, other_coded)

    return of(rows), *bootstrap(rows, of, rounds)


def fits(event: Event, match: Match) -> bool:
    """Whether the event has every value that the match names. A list means any of its members; `date` is a prefix."""
    return all(_holds(event, key, wanted) for key, wanted in match.items() if key != "note")


def missed(events: Sequence[Event], required: Iterable[Match]) -> Iterator[str]:
    """Yield a line for each required match that no event fits."""
    for match in required:
        if not any(fits(event, match) for event in events):
            yield f"missed {json.dumps(match, ensure_ascii=False)}"


def violated(events: Sequence[Event], forbidden: Iterable[Match]) -> Iterator[str]:
    """Yield a line for each event that fits a forbidden match."""
    for match in forbidden:
        for event in events:
            if fits(event, match):
                yield f"forbidden {shown(event)}"


def shown(event: Event) -> str:
    """An event as one line of text."""
    parties = f"{event['source']['entity']} {event['act']} {event['target']['entity']}"
    return f"{parties}, {event['status']}, {event['event_date']}: “{event['quote']['text'][:110]}”"


def _holds(event: Event, key: str, wanted: Any) -> bool:
    if key == "date":
        return (event["event_date"] or "").startswith(wanted)
    if key == "effective":
        return (event["status"] in HAPPENED) is wanted
    if key in ("source", "target"):
        have = event[key]["entity"]
    elif key in ("source_sector", "target_sector"):
        have = event[key.removesuffix("_sector")]["sector"]
    else:
        have = event[key]
    return have in (wanted if isinstance(wanted, list) else [wanted])

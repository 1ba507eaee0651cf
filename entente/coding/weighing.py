"""How sure an act is that is told as done: what the network claims of it, weighed with how the text tells it.

A logistic regression (decisions.toml, `weighing`). What stands around the words that tell an act, as whether they name
both parties, or whether the text tells it again, is evidence that the network was not taught to use.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import exp, log
from typing import Any

from entente.coding.found import FoundInText
from entente.coding.items import OTHER
from entente.coding.reader.reader import ReadEvent
from entente.relations.codebook import HAPPENED
from entente.relations.events import CodedEvent

#: An event read, and as it is coded; None if it is none.
Told = tuple[ReadEvent, CodedEvent | None]

#: What counts as evidence, each a number; decisions.toml has a weight for every one.
FEATURES = (
    # The claim: log odds of the confidence, and of what the network has; told beside another act of the pair.
    "claimed", "likelihood", "further",
    # The act again, of the same parties: the surest telling in another sentence; the other way round in the text.
    "told_again", "reversed",
    # Who is named in the sentence, how many there are, and how far from the act in hundreds of code points.
    "source_named", "target_named", "both_named", "named", "source_distance", "target_distance", "nearer",
    "source_before", "target_after",
    # Other pairs of which the same words tell it, the surest of them, and pairs of which the sentence tells.
    "shared", "shared_surest", "other_pairs",
    # Where the sentence stands: in the title, the first lines, how far down; how much of the text is on the two.
    "title", "lead", "place", "dyad_share",
    # How the sentence is built, where the date comes from, and whether the item is told.
    "commas_before", "commas_after", "quoted", "ago", "by_publication", "undated", "dated_elsewhere", "no_item",
)  # fmt: skip

#: Claims are no surer than this, for their log odds.
_LEAST, _MOST = 0.01, 0.995

#: Log odds of what is weighed, at most: no event is impossible, and none certain.
_SUREST = 9.0

#: Code points of a distance at most, so many entities, pairs, names and lines of a lead.
_FAR, _MANY, _PAIRS, _NEARER, _LEAD = 250, 6, 4, 3, 2

#: Events of a line that are compared: more of them are a list of countries.
_MAX_EVENTS = 100

_QUOTES, _OPENING, _CLOSING = re.compile('"'), re.compile("“"), re.compile("”")
_AGO = re.compile(r"\bago\b|\blast year\b", re.IGNORECASE)
_PARTED = re.compile(r"[,;]")


@dataclass(frozen=True, slots=True)
class Weighing:
    """Weights of the evidence, in log odds for one of each of FEATURES; `base` is added to all."""

    base: float
    weights: Mapping[str, float]

    @classmethod
    def of(cls, table: Mapping[str, Any]) -> "Weighing":
        """From the table `weighing` of decisions.toml. Raises ValueError: a weight is missing, or is no number."""
        weights = {name: table.get(name) for name in ("base", *FEATURES)}
        for name, weight in weights.items():
            if not isinstance(weight, int | float):
                raise ValueError(f"weighing.{name} must be a number, not {weight!r}")
        return cls(table["base"], {name: table[name] for name in FEATURES})

    def weighed(
        self, told: Sequence[Told], found: FoundInText, movers: Collection[str], unnamed: Collection[str]
    ) -> list[CodedEvent | None]:
        """The events; those of `movers` that are told as done with the confidence that the evidence gives them.

        `unnamed`: acts whose item a text may leave unnamed.
        """
        events = [event for _, event in told]
        for place, evidence in evidence_of(told, found, movers, unnamed):
            event = events[place]
            assert event is not None
            odds = self.base + sum(self.weights[name] * number for name, number in evidence.items())
            odds = min(max(odds, -_SUREST), _SUREST)
            events[place] = replace(event, confidence=round(1 / (1 + exp(-odds)), 4))
        return events


def evidence_of(
    told: Sequence[Told], found: FoundInText, movers: Collection[str], unnamed: Collection[str]
) -> Iterator[tuple[int, dict[str, float]]]:
    """(place in `told`, number of each of FEATURES) of each event of `movers` that is told as done."""
    done = [
        (place, read, event)
        for place, (read, event) in enumerate(told)
        if event is not None and event.act in movers and event.status in HAPPENED
    ]
    again: dict[tuple[str, str, str], list[tuple[int, float]]] = defaultdict(list)
    lines: dict[int, list[tuple[ReadEvent, CodedEvent]]] = defaultdict(list)
    dyads: Counter[frozenset[str]] = Counter()
    for _, read, event in done:
        again[event.source.entity, event.target.entity, event.act].append((read.line, event.confidence))
        if len(lines[read.line]) < _MAX_EVENTS:
            lines[read.line].append((read, event))
        dyads[_dyad(event)] += 1
    for tellings in again.values():
        tellings.sort(key=lambda telling: -telling[1])
    for place, read, event in done:
        source, target = event.source.entity, event.target.entity
        evidence = dict.fromkeys(FEATURES, 0.0)
        evidence |= _named(read, event, found) | _told(read, event, found) | _beside(read, event, lines[read.line])
        tellings = again[source, target, event.act]
        evidence["told_again"] = next((sure for line, sure in tellings if line != read.line), 0.0)
        if not any(_reverses(event, other) for _, other in lines[read.line]):
            evidence["reversed"] = max((sure for _, sure in again.get((target, source, event.act), ())), default=0.0)
        evidence["dyad_share"] = dyads[_dyad(event)] / len(done)
        items = {item.partition(":")[2] for item in event.context}
        evidence["no_item"] = float(event.act in unnamed and items <= {OTHER})
        yield place, evidence


def _dyad(event: CodedEvent) -> frozenset[str]:
    return frozenset((event.source.entity, event.target.entity))


def _reverses(event: CodedEvent, other: CodedEvent) -> bool:
    return (other.source.entity, other.target.entity, other.act) == (
        event.target.entity,
        event.source.entity,
        event.act,
    )


def _log_odds(share: float) -> float:
    share = min(max(share, _LEAST), _MOST)
    return log(share / (1 - share))


def _named(read: ReadEvent, event: CodedEvent, found: FoundInText) -> dict[str, float]:
    """Evidence of who is named in the sentence."""
    mentions, (start, end) = found.mentions[read.line], read.trigger
    source = [m for m in mentions if event.source.entity in m.entities()]
    target = [m for m in mentions if event.target.entity in m.entities()]
    far = {m: max(0, m.start - end, start - m.end) for m in mentions}
    by_source = min(source, key=lambda m: far[m], default=None)
    by_target = min(target, key=lambda m: far[m], default=None)
    distances = [min(far[m], _FAR) if m else _FAR for m in (by_source, by_target)]
    others = [m for m in mentions if m not in source and m not in target and far[m] < max(distances)]
    return {
        "source_named": float(bool(source)),
        "target_named": float(bool(target)),
        "both_named": float(bool(source and target)),
        "named": float(min(len({entity for m in mentions for entity in m.entities()}), _MANY)),
        "source_distance": distances[0] / 100,
        "target_distance": distances[1] / 100,
        "nearer": float(min(len(others), _NEARER)),
        "source_before": float(by_source is not None and by_source.start < start),
        "target_after": float(by_target is not None and by_target.start >= start),
    }


def _told(read: ReadEvent, event: CodedEvent, found: FoundInText) -> dict[str, float]:
    """Evidence of the claim, the sentence and its place in the text."""
    sentence = found.sentences[read.line]
    before, after = sentence.text[: read.trigger[0]], sentence.text[read.trigger[0] :]
    opened = len(_OPENING.findall(before)) > len(_CLOSING.findall(before))
    return {
        "claimed": _log_odds(event.confidence),
        "likelihood": _log_odds(read.choice.likelihood),
        "further": float(read.choice.further),
        "title": float(sentence.field == "title"),
        "lead": float(read.line <= _LEAD),
        "place": read.line / len(found.sentences),
        "commas_before": float(len(_PARTED.findall(before))),
        "commas_after": float(len(_PARTED.findall(after))),
        "quoted": float(opened or len(_QUOTES.findall(before)) % 2 == 1),
        "ago": float(bool(_AGO.search(sentence.text))),
        "by_publication": float(event.dated_by == "publication"),
        "undated": float(event.dated_by == "none"),
        "dated_elsewhere": float(not isinstance(read.dated, str) and read.dated[0] != read.line),
    }


def _beside(read: ReadEvent, event: CodedEvent, line: Sequence[tuple[ReadEvent, CodedEvent]]) -> dict[str, float]:
    """Evidence of what else the sentence tells, of other pairs."""
    others = [(theirs, other) for theirs, other in line if _dyad(other) != _dyad(event)]
    (start, end) = read.trigger
    shared = [other for theirs, other in others if theirs.trigger[0] < end and start < theirs.trigger[1]]
    return {
        "shared": float(min(len(set(map(_dyad, shared))), _PAIRS)),
        "shared_surest": max((other.confidence for other in shared), default=0.0),
        "other_pairs": float(min(len({_dyad(other) for _, other in others}), _PAIRS)),
    }

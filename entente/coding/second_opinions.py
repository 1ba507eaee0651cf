"""Settling an act between the frames and the second reader (seeds/frames/second_reader.toml)."""

import math
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from entente.coding.findings import Finding, Reading
from entente.coding.mentions import Mention
from entente.coding.second_reader import NOTHING, SecondReader
from entente.coding.syntax import Node, Tree
from entente.coding.word_pieces import MarkedPair

#: How a finding of the reader's own begins its rule.
RULE = "second reader"

#: Pairs of one sentence that are read; a longer list is no act between two.
MAX_PAIRS = 12

#: Roots of words that go with a deed ("expelled them, accusing them of spying").
_WORDS = ("ACCUSE", "REQUEST", "REJECT")

_LEAST = 1e-6

Span = tuple[int, int]
#: (span of the source, span of the target) → what the reader says of the two.
Opinions = Mapping[tuple[Span, Span], Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class Trust:
    """Logarithms by which the frames' finding outweighs the reader, by the way it was found; root → act."""

    by_way: Mapping[str, float]
    act_of: Mapping[str, str]

    @classmethod
    def load(cls, path: Path) -> "Trust":
        """Read the table."""
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        return cls(table["trust"], table["act"])

    def of(self, finding: Finding) -> float:
        """How far to trust a finding of the frames; what no row names needs no second opinion."""
        return self.by_way.get(_way(finding), math.inf)


class SecondOpinions:
    """Lets the second reader look at what the frames found, sentence by sentence."""

    def __init__(self, reader: SecondReader, trust: Trust, root_of: Callable[[str, str], str]) -> None:
        """`root_of(act, status)`: its PLOVER root."""
        self._reader = reader
        self._trust = trust
        self._root_of = root_of

    def revise(self, tree: Tree, reading: Reading, given: bool) -> None:
        """Settle a sentence's findings. `given`: its actors are the caller's, who asks what happens between them."""
        asked = self._pairs(tree, reading, given)
        opinions = {(_span(s), _span(t)): self._reader.read(_marked(tree, s, t)) for s, t in asked}
        told: dict[tuple[str, str], set[str]] = {}
        for f in reading.findings:
            told.setdefault(_parties(f), set()).add(self._root_of(f.act, f.status))
        reading.findings = [self._settled(f, opinions, given, told[_parties(f)]) for f in reading.findings]
        if given:
            reading.findings.extend(self._unfound(tree, reading, opinions))

    def _pairs(self, tree: Tree, reading: Reading, given: bool) -> list[tuple[Mention, Mention]]:
        """The pairs of which the frames are not sure; where the actors are given, also those without a finding."""
        unsure = [(f.source, f.target) for f in reading.findings if self._trust.of(f) < math.inf]
        if given:
            done = {(_span(f.source), _span(f.target)) for f in reading.findings}
            unsure += [(s, t) for s, t in _ordered(tree) if (_span(s), _span(t)) not in done]
        inside = [p for p in unsure if all(tree.start <= m.start and m.end <= tree.end for m in p)]
        return list({(_span(s), _span(t)): (s, t) for s, t in inside}.values())[:MAX_PAIRS]

    def _settled(self, finding: Finding, opinions: Opinions, given: bool, told: set[str]) -> Finding:
        """A finding, or what the reader takes it for, which may be another of the roots `told` of the pair."""
        answer = opinions.get((_span(finding.source), _span(finding.target)))
        if answer is None:
            return finding
        likely = _of_acts(answer) if given else dict(answer)
        root = self._root_of(finding.act, finding.status)
        best = max(likely, key=likely.__getitem__)
        if best == "AGREE" and self._root_of(finding.act, "announced") == "THREATEN":
            # What the frames found is no act of friendship: to intend it is to threaten.
            best = "THREATEN"
            likely = {**likely, best: max(likely[best], likely["AGREE"])}
        own = likely.get(root, 0.0)
        trust = self._trust.of(finding) + (0.0 if given else self._trust.by_way["found"])
        settled = best in (root, NOTHING) or ((finding.nominal or root in _WORDS) and best in told)
        if settled or math.log(likely[best]) < math.log(max(own, _LEAST)) + trust:
            return replace(finding, seconded=own)
        act, status = self._trust.act_of[best], "effective"
        return replace(
            finding, act=act, status=status, rule=f"{RULE}: {best} rather than {root} ({finding.rule})", noun=None,
            alleged_by=None, fallback=True, seconded=likely[best],
        )  # fmt: skip

    def _unfound(self, tree: Tree, reading: Reading, opinions: Opinions) -> Iterator[Finding]:
        done = {(_span(f.source), _span(f.target)) for f in reading.findings}
        for source, target in _ordered(tree):
            answer = opinions.get((_span(source), _span(target)))
            if answer is None or (_span(source), _span(target)) in done:
                continue
            likely = _of_acts(answer)
            best = max(likely, key=likely.__getitem__)
            trigger = _verb(tree)
            yield Finding(
                source, target, self._trust.act_of[best], "effective", trigger, None, 8, f"{RULE}: {best}",
                fallback=True, seconded=likely[best] * (1 - answer.get(NOTHING, 0.0)),
            )  # fmt: skip


def _span(mention: Mention) -> Span:
    return mention.start, mention.end


def _parties(finding: Finding) -> tuple[str, str]:
    """Who did it to whom, by whatever names."""
    return min(finding.source.entities(), default=""), min(finding.target.entities(), default="")


def _way(finding: Finding) -> str:
    if finding.fallback:
        return "guess"
    if finding.nominal:
        return "noun"
    rule = finding.rule
    return "frame" if rule.startswith("frame") else "default" if rule.startswith("default") else "matrix"


def _ordered(tree: Tree) -> Iterator[tuple[Mention, Mention]]:
    """Every two mentions of different actors, both ways."""
    named = [m for node in tree.nodes if (m := node.mention) is not None]
    for one in dict.fromkeys(named):
        for other in dict.fromkeys(named):
            if not one.entities() & other.entities():
                yield one, other


def _marked(tree: Tree, source: Mention, target: Mention) -> MarkedPair:
    return MarkedPair(
        tree.text,
        (source.start - tree.start, source.end - tree.start),
        (target.start - tree.start, target.end - tree.start),
    )


def _of_acts(answer: Mapping[str, float]) -> dict[str, float]:
    """The probabilities given that something is done."""
    rest = max(1 - answer.get(NOTHING, 0.0), _LEAST)
    return {root: share / rest for root, share in answer.items() if root != NOTHING}


def _verb(tree: Tree) -> Node:
    return next((n for n in tree.nodes if n.dep == "root" or n.dep == "ROOT"), tree.nodes[0])

"""What a story has told so far, and what that makes of sentences that leave a party out.

"The ban was lifted", "it pulled its army out", "Oslo rejected the accusation", "Argentina reciprocated": each leaves
out what the sentences before have said. Only the last sentences count, and only where they leave no choice.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from entente.coding.acts import AGAIN, Decision
from entente.coding.findings import HAPPENED, Finding, OpenEnd, Reading
from entente.coding.mentions import Mention
from entente.coding.named_states import is_state
from entente.coding.open_ends import is_done_to_something_else, is_said_of_others, recognises_somebody
from entente.coding.partners import Partners
from entente.coding.syntax import Node
from entente.coding.taken_up import TakenUp

#: How many sentences back a party may have been named.
REACH = 3


@dataclass
class Story:
    """Findings so far, and who was named in which sentence."""

    sets: Mapping[str, frozenset[str]]
    taken_up: TakenUp
    told: list[Finding] = field(default_factory=list)
    named: dict[int, Sequence[Mention]] = field(default_factory=dict)
    partners: Partners = field(default_factory=lambda: Partners({}))

    def close(self, reading: Reading, index: int) -> list[Finding]:
        """Findings for the open ends of sentence `index`, where the story leaves no choice."""
        told = [*self.told[-20:], *reading.findings]
        found: list[Finding] = []
        for end in reading.open_ends:
            if end.decision.act in self.sets["evaluative"] and is_said_of_others(end):
                continue
            finding = self._closed(end, [*told, *(replace(f, carried=False) for f in found)], index)
            made = [finding] if finding is not None else []
            made = made or [
                _finding(end, *pair, self._relief(end.decision.act, pair[1], told))
                for pair in self.partners.close(end, [*reading.findings, *found], index)
            ]
            found.extend(made)
        self.partners.remember(index, [*reading.findings, *found])
        return found

    def _closed(self, end: OpenEnd, told: Sequence[Finding], index: int) -> Finding | None:
        decision, source, sets = end.decision, end.source, self.sets
        if decision.act in ("reciprocate", "follow_suit") or decision.act.startswith(AGAIN):
            return self._repeated(end, told)
        if source is None:
            return self._passive(end, told, index)
        if decision.act in sets["of_persons"] and _is_of_those(end):
            earlier = next(
                (f for f in reversed(told) if f.act in sets["of_persons"] and _shares(f.source, source)), None
            )
            if earlier is not None:
                return _finding(end, source, earlier.target)
        if decision.act not in sets["answers"] | sets["topical"] and is_done_to_something_else(end):
            return None
        if recognises_somebody(end):
            return None
        if decision.act in sets["topical"] and decision.status in (*HAPPENED, "announced"):
            topic = self._protagonist(source)
            return _finding(end, source, topic, self._relief(decision.act, topic, told)) if topic is not None else None
        if decision.status not in (*HAPPENED, "requested"):
            return None
        if decision.act in sets["of_deeds"] and _is_told_before(end, told, sets["spoken"]):
            return None
        for back, earlier in enumerate(reversed(told)):
            mine = source.entities() & earlier.source.entities()
            provoked = decision.act not in ("condemn", "protest_note") or earlier.act not in sets["spoken"]
            if decision.act != "deny" and (earlier.act in sets["blameless"] or earlier.act.startswith("sign_")):
                provoked = False
            if (
                provoked
                and decision.act in sets["answers"]
                and back < 6
                and source.entities() & earlier.target.entities()
            ):
                return _finding(end, source, earlier.source)
            if decision.act in sets["carrying"] and mine and not source.entities() & earlier.target.entities():
                return _finding(end, source, earlier.target)
        other = self._only_other(source, index)
        vague = decision.act == "impose_sanctions" and decision.noun is not None and decision.noun.lemma == "measure"
        if other is not None and decision.act in (sets["answers"] | sets["between"] | sets["carrying"]) and not vague:
            return _finding(end, source, other)
        return None

    def _repeated(self, end: OpenEnd, told: Sequence[Finding]) -> Finding | None:
        """An act told before, again or undone: "Argentina reciprocated", "Canada followed suit", "it lifted them"."""
        if end.source is None:
            return None
        for earlier in _main_first(told) if end.decision.act == "follow_suit" else reversed(told):
            if earlier.status not in HAPPENED or (earlier.carried and end.decision.act.startswith(AGAIN)):
                continue
            if earlier.trigger.start >= end.node.start:
                continue
            if end.decision.act == "reciprocate" and earlier.target.entities() & end.source.entities():
                return _finding(end, end.source, earlier.source, earlier.act)
            violent = earlier.act in self.sets["across_borders"]
            if violent and end.decision.act == "follow_suit" and _top(earlier.trigger) is not _top(end.node):
                return None
            if end.decision.act == "follow_suit" and not earlier.target.entities() & end.source.entities():
                return _finding(end, end.source, earlier.target, earlier.act)
            act = self.taken_up.again.get((earlier.act, end.decision.act.removeprefix(AGAIN)))
            if act is not None and earlier.source.entities() & end.source.entities():
                return _finding(end, end.source, earlier.target, act)
        return None

    @staticmethod
    def _relief(act: str, topic: Mention, told: Sequence[Finding]) -> str:
        """What money is for, where the story tells of others who send the same country relief."""
        relief = any(f.act == "give_humanitarian_aid" and _shares(f.target, topic) for f in told)
        return "give_humanitarian_aid" if act == "give_economic_aid" and relief else act

    def _passive(self, end: OpenEnd, told: Sequence[Finding], index: int) -> Finding | None:
        """An act without an agent: "the ban was lifted", "the Norwegian ambassador was summoned"."""
        if end.target is None:
            if end.node.dep in ("acl", "acl:relcl", "advcl", "advmod", "amod"):
                undone = next((f for f in told if self._is_undone_by(end, f)), None)
                if undone is not None:
                    return _finding(end, undone.source, undone.target)
            again = next((n for n in end.node.sub("nsubj:pass") if _is_another(n)), None)
            for earlier in reversed(told):
                if again is not None and earlier.act == end.decision.act and earlier.status in HAPPENED:
                    return _finding(end, earlier.source, earlier.target)
                if earlier.act in self.taken_up.undoes.get(end.decision.act, ()) and earlier.status in HAPPENED:
                    return _finding(end, earlier.source, earlier.target)
            return None
        other = self._only_other(end.target, index)
        if end.decision.status in ("refused", "hypothetical"):
            return None
        if other is not None and end.decision.act in self.sets["between"]:
            return _finding(end, other, end.target)
        return None

    def _is_undone_by(self, end: OpenEnd, finding: Finding) -> bool:
        """True for the freeze of "released assets frozen since 2012": what is undone was done between the same two."""
        undone = (
            *self.taken_up.undoes.get(finding.act, ()),
            *(("arms_embargo",) if finding.act == "lift_sanctions" else ()),
        )
        return end.decision.act in undone and _top(finding.trigger) is _top(end.node)

    def _only_other(self, party: Mention, index: int) -> Mention | None:
        """The one other state that the last sentences named; None where there are several, or none."""
        found: dict[frozenset[str], Mention] = {}
        for earlier in range(index, index - REACH - 1, -1):
            for mention in self.named.get(earlier, ()):
                if mention.parts or mention.entities() & party.entities() or not is_state(mention):
                    continue
                found.setdefault(frozenset(mention.entities()), mention)
        if len(found) == 1:
            return next(iter(found.values()))
        return self._protagonist(party)

    def _protagonist(self, party: Mention) -> Mention | None:
        """The one other state of the headline, or of the first sentence where there is none."""
        for index in sorted(self.named)[:2]:
            others = [
                m for m in self.named[index] if is_state(m) and not m.parts and not m.entities() & party.entities()
            ]
            if len({frozenset(m.entities()) for m in others}) == 1 and len(others) < len(self.named[index]):
                return others[0]
        return None


def _main_first(told: Sequence[Finding]) -> list[Finding]:
    """The findings of the sentences told last, nearest sentence first, but in each the first act first."""
    sentences: dict[int, list[Finding]] = {}
    for finding in told:
        sentences.setdefault(id(_top(finding.trigger)), []).append(finding)
    ordered = [sorted(of_one, key=lambda f: f.trigger.start) for of_one in reversed(sentences.values())]
    return [f for of_one in ordered for f in of_one if not any(_returns(f, other) for other in of_one)]


def _returns(finding: Finding, other: Finding) -> bool:
    """True if the other, told later, does the same in return."""
    later = other.trigger.start > finding.trigger.start and other.act == finding.act
    return later and _shares(finding.source, other.target) and _shares(finding.target, other.source)


def _top(node: Node) -> Node:
    return next((g for g in (node, *node.path_up()) if g.head is None), node)


def _is_told_before(end: OpenEnd, told: Sequence[Finding], spoken: Collection[str]) -> bool:
    """True if the sentence itself tells, before it is answered, of a deed in which the speaker has no part."""
    here = [f for f in told if _top(f.trigger) is _top(end.node) and f.trigger.start < end.node.start]
    here = [f for f in here if f.act not in spoken and f.status in HAPPENED]
    source = end.source.entities() if end.source is not None else set()
    return bool(here) and not any((f.source.entities() | f.target.entities()) & source for f in here)


def _shares(one: Mention, other: Mention) -> bool:
    return bool(one.entities() & other.entities())


def _is_of_those(end: OpenEnd) -> bool:
    """True for "arrested the men", "freed them": persons whom the story has told of."""
    objects = end.node.sub("obj")
    definite = [o for o in objects if any(c.lower in ("the", "these", "those", "both") for c in o.children)]
    return any(o.lower in ("them", "both") for o in objects) or any(o.lemma in _PERSONS for o in definite)


_PERSONS = frozenset(
    "man woman crew pair fisherman sailor soldier journalist prisoner tourist worker group two".split()
)


def _is_another(node: Node) -> bool:
    """True for "another 33", "three more", "ten others": more of those of whom the story just told."""
    return any(n.lower in ("another", "more", "others", "further") for n in node.subtree())


def _finding(end: OpenEnd, source: Mention, target: Mention, act: str = "") -> Finding:
    decision: Decision = end.decision
    chosen = act or decision.act
    return Finding(source, target, chosen, decision.status, end.node, decision.noun, 6, decision.rule, carried=True)

"""Partners: whom an act concerns that names nobody, from who acted on whom in the last sentences."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from entente.coding.findings import HAPPENED, Finding, OpenEnd
from entente.coding.mentions import Mention
from entente.coding.open_ends import (
    BORDERS,
    hits_a_place,
    is_done_to_something_else,
    is_named_by,
    object_of,
    sentence_of,
)

#: Sentences that an unnamed partner may lie back.
REACH = 4

#: How much oftener than any other a state must be named for an article to be about it.
_TOPIC_LEAD = 1.4


@dataclass
class Partners:
    """Who acted with whom, sentence by sentence. `sets`: seeds/frames/act_sets.toml; `mutual`: acts of both sides."""

    sets: Mapping[str, Collection[str]]
    mutual: Collection[str] = frozenset()
    _told: list[tuple[int, Finding]] = field(default_factory=list)
    _headline: tuple[Mention, ...] = ()
    _headline_at: int = 0
    _present: dict[int, list[Mention]] = field(default_factory=dict)
    _named: Counter[str] = field(default_factory=Counter)
    _mention: dict[str, Mention] = field(default_factory=dict)

    def look_at(self, index: int, lead: bool, mentions: Sequence[Mention]) -> None:
        """Take in who is named; the first lead sentence with just two states says whose story it is."""
        states = self._present[index] = _distinct([m for m in mentions if _is_state(m) and not m.parts])
        for mention in states:
            key = min(mention.entities())
            self._named[key] += 1
            self._mention.setdefault(key, mention)
        if lead and len(states) == 2 and not self._headline:
            self._headline, self._headline_at = tuple(states), index

    def remember(self, index: int, findings: Sequence[Finding]) -> None:
        """Take in what a sentence told."""
        self._told.extend((index, finding) for finding in findings)
        del self._told[:-30]

    def close(self, end: OpenEnd, here: Sequence[Finding], index: int) -> Iterator[tuple[Mention, Mention]]:
        """(source, target) for an act that leaves one of them, or both, out; `here`: the sentence's own findings."""
        act, source = end.decision.act, end.source
        told = [*self._told, *((index, finding) for finding in here if finding.trigger is not end.node)]
        if end.node.dep == "acl" and end.node.tag == "VB":
            return
        if source is None:
            together = act in self.mutual or act in self.sets["joint"]
            if together and end.decision.status in HAPPENED and end.target is None:
                reduced = end.node.dep == "acl" and end.node.tag == "VBN" and not end.node.sub("obl", "obl:unmarked")
                present = (n for n in sentence_of(end.node) if n.mention is not None and n.case() not in _VENUES)
                named = {e for n in present if n.mention is not None for e in n.mention.entities()}
                if not reduced:
                    yield from self._last_pair(told, index, named)
        elif act in self.sets["answering"]:
            # What a sentence tells further on cannot be what is answered in it.
            before = [*self._told, *((index, f) for f in here if f.trigger.start < end.node.start)]
            partner = self._addressed(act, object_of(end), source, before, index)
            if partner is not None:
                yield source, partner
        elif act in self.sets["bilateral"] and not is_done_to_something_else(end):
            partner = self._partner(source, told, index, act)
            if partner is not None:
                yield source, partner
                if act in self.mutual:
                    yield partner, source
            elif end.decision.status == "requested" or act in self.sets["of_outsiders"]:
                yield from ((source, party) for party in self._outsiders_pair(source, told, index))
        elif (act in self.sets["at_borders"] and any(n.lemma in BORDERS for n in end.node.subtree())) or (
            act == "request" and any(m.entities() & source.entities() for m in self._headline)
        ):
            partner = self._partner(source, told, index)
            if partner is not None:
                yield source, partner
        elif act in self.sets["across_borders"] and hits_a_place(end):
            others = [m for m in self._headline if not m.entities() & source.entities()]
            if len(others) == 1 and _is_country(others[0]):
                yield source, others[0]
        elif act in self.sets["of_outsiders"]:
            for party in self._outsiders_pair(source, told, index):
                yield source, party

    def _partner(
        self, source: Mention, told: Sequence[tuple[int, Finding]], index: int, act: str = ""
    ) -> Mention | None:
        """The one other side of the nearest sentence that told of this actor; else of the headline, or the topic."""
        for back in range(REACH + 1):
            others = _distinct(
                [
                    other
                    for at, finding in told
                    if at == index - back
                    for one, other in _ways(finding)[: 2 if back or act in self.sets["in_return"] else 1]
                    if one.entities() & source.entities() and _is_state(other) and self._counts(finding, back)
                ]
            )
            if len(others) > 1:
                others = [m for m in others if any(m.entities() & h.entities() for h in self._headline)]
                if others or not self._pair_with(source):
                    return others[0] if len(others) == 1 else None
                break
            if others:
                return others[0]
        if index < self._headline_at or (index == self._headline_at and act not in self.sets["of_deals"]):
            return None
        for at, finding in reversed(told):
            # "Germany withdrew its soldiers from Mali. Denmark pulled out its own."
            alike = finding.act == act and finding.status in HAPPENED and index - at == 1
            if alike and not source.entities() & (finding.source.entities() | finding.target.entities()):
                return finding.target if _is_country(finding.target) else None
        others = [m for m in self._headline if not m.entities() & source.entities()]
        beside = [m for m in self._present.get(index, ()) if not m.entities() & source.entities()]
        if len(others) != 1 and len(beside) == 1 and len(self._present[index]) == 2 and _is_aside(source, beside[0]):
            return beside[0]
        return others[0] if len(others) == 1 else self._topic(source)

    def _counts(self, finding: Finding, back: int) -> bool:
        """False for an outsider's word on what others did, which makes him nobody's partner."""
        known = {e for m in self._headline for e in m.entities()}
        word = finding.act in self.sets["evaluative"] or finding.act == "mediate"
        return not (back and word and known and not finding.source.entities() & known)

    def _topic(self, source: Mention) -> Mention | None:
        """The state that the whole article is about, if one is named far more often than any other."""
        ranked = [(n, key) for key, n in self._named.most_common(3) if key not in source.entities()]
        if not ranked or ranked[0][0] < 4 or (len(ranked) > 1 and ranked[0][0] < _TOPIC_LEAD * ranked[1][0]):
            return None
        return self._mention[ranked[0][1]]

    def _addressed(
        self, act: str, noun: str, source: Mention, told: Sequence[tuple[int, Finding]], index: int
    ) -> Mention | None:
        """Whom an answer answers: who last did something to the speaker; for an outsider, who last did anything."""
        near = [finding for at, finding in reversed(told) if index - at <= REACH]
        if act in ("condemn", "protest_note"):
            near = [finding for finding in near if finding.act not in self.sets["spoken"]]
        if act in ("condemn", "complain", "protest_note", "protest", "demonstrate"):
            near = [finding for finding in near if finding.act not in self.sets["blameless"]]
        if act == "praise":
            near = [finding for finding in near if finding.act not in self.sets["evaluative"]]
        words = set(self.sets["answering"])
        if act not in ("deny", "reject"):
            words |= {*self.sets["evaluative"], *self.sets["spoken"]}
        here = [f for at, f in reversed(told) if at == index and f.status in HAPPENED and f.act not in words]
        if here and act in self.sets["of_deeds"] and not any(f.source.entities() & source.entities() for f in here):
            # An act of both sides is told first of whom the clause names first.
            return next(f for _, f in told if f.trigger is here[0].trigger).source
        for finding in near:
            if finding.target.entities() & source.entities():
                return finding.source
        if act in ("deny", "reject") and self._pair_with(source):
            return self._pair_with(source)[0]
        if act == "deny":
            return None
        lead = self._lead(told, words)
        if (
            (noun in _STEPS or noun == "it")
            and lead is not None
            and not any(m.entities() & source.entities() for m in self._headline)
        ):
            return lead if not lead.entities() & source.entities() else None
        for finding in [finding for _, finding in reversed(told)]:
            if is_named_by(noun, finding) and not finding.source.entities() & source.entities():
                return finding.source
        deeds = [f for f in near if f.status in (*HAPPENED, "alleged", "announced") and f.act not in words]
        while deeds and deeds[0].trigger.head is not None and deeds[0].source.entities() & source.entities():
            # What the speaker itself did, told aside ("South Africa, which sued Israel, welcomed that").
            deeds = deeds[1:]
        if deeds and not deeds[0].source.entities() & source.entities():
            return deeds[0].source
        if deeds or act not in self.sets["of_deeds"] or any(m.entities() & source.entities() for m in self._headline):
            return None
        return lead if lead is not None and not lead.entities() & source.entities() else None

    def _lead(self, told: Sequence[tuple[int, Finding]], words: Collection[str]) -> Mention | None:
        """Who did what the article opens with."""
        return next((f.source for at, f in told if at <= self._headline_at + 1 and f.act not in words), None)

    def _pair_with(self, source: Mention) -> list[Mention]:
        """The other of the two that the article opens with, if the source is one of them."""
        others = [m for m in self._headline if not m.entities() & source.entities()]
        return others if len(others) == 1 else []

    def _outsiders_pair(self, source: Mention, told: Sequence[tuple[int, Finding]], index: int) -> tuple[Mention, ...]:
        """The two between whom an outsider mediates."""
        if any(m.entities() & source.entities() for m in self._headline):
            return ()
        if len(self._headline) == 2 and not any(at == index for at, _ in told):
            return self._headline
        for at, finding in reversed(told):
            pair = (finding.source, finding.target)
            if index - at <= REACH and all(_is_country(m) and not m.entities() & source.entities() for m in pair):
                return pair
        return self._headline

    def _last_pair(
        self, told: Sequence[tuple[int, Finding]], index: int, named: set[str]
    ) -> Iterator[tuple[Mention, Mention]]:
        """Both ways between the two of whom the sentences before told: "the border was reopened".

        A sentence that names (`named`) a third one tells of that.
        """
        for at, finding in reversed(told):
            pair = (finding.source, finding.target)
            if named - finding.source.entities() - finding.target.entities():
                continue
            if 0 < index - at <= 2 and all(_is_state(m) for m in pair):
                yield pair
                yield finding.target, finding.source
                return


def _ways(finding: Finding) -> tuple[tuple[Mention, Mention], tuple[Mention, Mention]]:
    return (finding.source, finding.target), (finding.target, finding.source)


#: What an outsider calls the deed that the article is about.
_STEPS = frozenset("decision move step measure announcement action expulsion expulsions recognition".split())

#: Before a place where the two meet.
_VENUES = ("in", "at")


def _is_aside(source: Mention, other: Mention) -> bool:
    """True for whom a sentence names right after its subject ("Russia, which borders Lithuania, threatened …")."""
    return len(" and ") < other.start - source.end < len(", which has a border with ")


def _is_state(mention: Mention) -> bool:
    outside = mention.sector in ("CVL", "REB", "BUS", "MED")
    return not outside and any(len(s.entity) == 3 or s.role == "organisation" for s in mention.senses)


def _is_country(mention: Mention) -> bool:
    return _is_state(mention) and all(s.role != "organisation" for s in mention.senses)


def _distinct(mentions: Sequence[Mention]) -> list[Mention]:
    found: list[Mention] = []
    for mention in mentions:
        if not any(mention.entities() & other.entities() for other in found):
            found.append(mention)
    return found

"""The story's other side: acts whose target, or whose author, a sentence leaves out because the story has named it.

"It also expelled three diplomats": whose they are is plain from what was told before. Only acts that need a
counterpart are completed (seeds/frames/cues.toml, table `story`), and only by the one partner that is salient.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from entente.coding.extraction import Finding, OpenEnd, Reading
from entente.coding.mentions import Mention
from entente.coding.sentences import Sentence

#: Sentences that an unnamed partner may lie back.
REACH = 4

_HAPPENED = ("effective", "ongoing")
_RANK = 6
_REVERSALS = {
    "unban": ("ban",),
    "lift_sanctions": ("impose_sanctions", "tighten_sanctions"),
    "ease_sanctions": ("impose_sanctions",),
    "suspend_sanctions": ("impose_sanctions",),
    "lift_blockade": ("blockade",),
    "remove_tariff": ("impose_tariff",),
    "lift_import_ban": ("ban_imports",),
    "lift_arms_embargo": ("arms_embargo",),
    "release_assets": ("freeze_assets",),
    "reopen_border": ("close_border",),
    "reopen_airspace": ("close_airspace",),
    "resume_aid": ("cut_aid", "cut_military_aid", "cut_economic_aid", "cut_humanitarian_aid"),
    "release_prisoners": ("arrest", "detain_nationals", "abduct", "seize"),
}


@dataclass(frozen=True, slots=True)
class _Told:
    index: int
    finding: Finding


@dataclass
class Story:
    """What one document has told so far. `cues`: the table `story` of seeds/frames/cues.toml."""

    cues: Mapping[str, Collection[str]]
    mutual: Collection[str] = frozenset()
    _told: list[_Told] = field(default_factory=list)
    _headline: tuple[Mention, ...] = ()
    _headline_at: int = 0

    def look_at(self, sentence: Sentence, mentions: Sequence[Mention]) -> None:
        """Take in who is named; the first lead sentence with just two states says whose story it is."""
        if self._headline or not sentence.lead:
            return
        states = _distinct([m for m in mentions if _is_state(m)])
        if len(states) == 2:
            self._headline, self._headline_at = tuple(states), sentence.index

    def completed(self, reading: Reading, sentence: Sentence) -> list[Finding]:
        """The findings that the open ends of a sentence become; remembers them and the sentence's own."""
        here = [_Told(sentence.index, finding) for finding in reading.findings]
        found: list[Finding] = []
        for end in reading.open_ends:
            told = [*self._told[-24:], *here]
            made = list(self._close(end, told, sentence.index))
            found.extend(made)
            here.extend(_Told(sentence.index, finding) for finding in made)
        self._told.extend(here)
        return found

    def _close(self, end: OpenEnd, told: Sequence[_Told], index: int) -> Iterator[Finding]:
        act = end.decision.act
        if end.node.dep == "acl" and end.node.tag == "VB":
            return
        if end.source is None:
            yield from self._agentless(end, told, index)
        elif act in self.cues["answers"]:
            partner = self._addressed(end.source, told, index)
            if partner is not None:
                yield _made(end, end.source, partner)
        elif act in self.cues["bilateral"] and not _is_done_to_something_else(end):
            partner = self._partner(end.source, told, index)
            if partner is not None:
                yield _made(end, end.source, partner)
                if act in self.mutual:
                    yield _made(end, partner, end.source)
        elif act in self.cues["between"]:
            for party in self._outsiders_pair(end.source, told, index):
                yield _made(end, end.source, party)

    def _partner(self, source: Mention, told: Sequence[_Told], index: int) -> Mention | None:
        """The other side of the nearest sentence that told of this actor, if it had but one; else of the headline."""
        for back in range(REACH + 1):
            others = _distinct(
                [
                    other
                    for item in told
                    if item.index == index - back
                    for one, other in _ways(item.finding)[: 2 if back else 1]
                    if one.entities() & source.entities() and _is_state(other)
                ]
            )
            if others:
                return others[0] if len(others) == 1 else None
        others = [m for m in self._headline if not m.entities() & source.entities()]
        return others[0] if len(others) == 1 and index > self._headline_at else None

    def _addressed(self, source: Mention, told: Sequence[_Told], index: int) -> Mention | None:
        """Whom an answer answers: who last did something to the speaker; for an outsider, who last did anything."""
        near = [item.finding for item in reversed(told) if index - item.index <= REACH]
        for finding in near:
            if finding.target.entities() & source.entities():
                return finding.source
        deeds = [f for f in near if f.status in _HAPPENED and f.act not in self.cues["answers"]]
        for finding in deeds[:1]:
            if not finding.source.entities() & source.entities():
                return finding.source
        return None

    def _outsiders_pair(self, source: Mention, told: Sequence[_Told], index: int) -> tuple[Mention, ...]:
        """The two between whom an outsider mediates, or on whom it calls."""
        for item in reversed(told):
            pair = (item.finding.source, item.finding.target)
            if index - item.index <= REACH and all(_is_state(m) and not m.entities() & source.entities() for m in pair):
                return pair
        return self._headline if not any(m.entities() & source.entities() for m in self._headline) else ()

    def _agentless(self, end: OpenEnd, told: Sequence[_Told], index: int) -> Iterator[Finding]:
        """By whom the ban was lifted or the border reopened, and towards whom, the act before says."""
        if end.decision.status not in _HAPPENED:
            return
        before = _REVERSALS.get(end.decision.act, ())
        for item in reversed(told):
            if item.finding.act in before and item.finding.status in _HAPPENED:
                yield replace(_made(end, item.finding.source, item.finding.target), undated=True)
                return
        if end.decision.act in self.mutual:
            for item in reversed(told):
                pair = (item.finding.source, item.finding.target)
                if 0 < index - item.index <= 2 and all(_is_state(m) for m in pair):
                    yield _made(end, *pair)
                    yield _made(end, *reversed(pair))
                    return


def _ways(finding: Finding) -> tuple[tuple[Mention, Mention], tuple[Mention, Mention]]:
    return (finding.source, finding.target), (finding.target, finding.source)


def _is_done_to_something_else(end: OpenEnd) -> bool:
    """True if the verb has an object of its own that only its default act was read from ("invades the podium")."""
    objects = [o for o in end.node.sub("obj") if o.is_noun]
    return bool(objects) and end.decision.noun is None and end.decision.rule.startswith("default")


def _made(end: OpenEnd, source: Mention, target: Mention) -> Finding:
    decision = end.decision
    return Finding(
        source, target, decision.act, decision.status, end.node, decision.noun, _RANK, decision.rule, carried=True
    )


def _is_state(mention: Mention) -> bool:
    return any(len(s.entity) == 3 or s.role == "organisation" for s in mention.senses) and mention.sector not in (
        "CVL",
        "REB",
        "BUS",
        "MED",
    )


def _distinct(mentions: Sequence[Mention]) -> list[Mention]:
    found: list[Mention] = []
    for mention in mentions:
        if not any(mention.entities() & other.entities() for other in found):
            found.append(mention)
    return found

"""Which of a clause's actors are the parties of its act: whom it is done to, who is asked, who speaks."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from entente.coding.acts import ActChooser, Decision
from entente.coding.clauses import Clauses, Part
from entente.coding.findings import Telling, distinct
from entente.coding.mentions import Mention
from entente.coding.modality import Cue
from entente.coding.syntax import Node

#: Parts of the United Kingdom act apart from it in sport only.
_HOME_NATIONS = frozenset({"England", "Scotland", "Wales", "Northern Ireland"})
_STATE_NOUNS = frozenset(
    """
    move decision action policy law step plan statement offensive strategy response act government side stance
    position target city village base soil capital infrastructure leader foreign minister state power coast oil
    ship claim rule control interest security economy goods product steel company vessel plane jet aircraft effort
    peace sovereignty independence regime invader aggression delegation team people national
    """.split()
)
#: What is done to whom "of" names: who condemns "the invasion of Ukraine" does not condemn Ukraine.
_SUFFERED = frozenset(
    """
    invasion annexation occupation bombing bombardment shelling killing murder assassination arrest detention
    kidnapping abduction blockade siege partition recognition isolation encirclement seizure storming expulsion
    """.split()
)
_PLACES = ("in", "inside", "near", "at", "across", "along", "off", "outside", "around", "over")

#: A party named at more than this remove (clauses.Part.rank) takes no part.
_REMOTE, _REMOTE_PLACE = 7, 8


class Parties:
    """Chooses the parties of an act among the actors of its clause."""

    def __init__(self, chooser: ActChooser, sets: Mapping[str, frozenset[str]]) -> None:
        self._chooser = chooser
        self._sets = sets

    def as_private(self, part: Part) -> Part:
        """A demonym before a noun that is no organ of a state ("a Polish comedy") names no state."""
        mention, noun = part.mention, part.via
        if mention.text in _HOME_NATIONS:
            return replace(part, mention=replace(mention, sector="CVL"))
        if mention.form != "adjective" or noun is None or part.prep != "poss" or mention.sector is not None:
            return part
        if self._chooser.noun_class(noun) is not None or noun.lemma in _STATE_NOUNS:
            return part
        return replace(part, mention=replace(mention, sector="CVL"))

    def targets(self, decision: Decision, others: Sequence[Part], lenient: bool) -> list[Part]:
        """Whom an act is done to: the nearest allowed parties. `lenient` allows all."""
        if decision.target:
            preps = decision.target.removeprefix("prep:").split("/")
            chosen = [p for p in others if p.prep in preps]
            if chosen or not lenient:
                return _nearest(chosen)
        if lenient:
            return _nearest(others)
        allowed = [part for part in others if self._allowed(decision, part)]
        if decision.act in self._sets["evaluative"] and any(part.prep == "by" for part in allowed):
            # "condemned the expulsion of Kenyans by Chad": the doer, not the victims.
            allowed = [part for part in allowed if part.prep != "of"]
        exempt = decision.act in self._sets["on_goods"]
        return _nearest([part if exempt else self.as_private(part) for part in allowed])

    def _allowed(self, decision: Decision, part: Part) -> bool:
        if part.rank > _REMOTE_PLACE:
            return False
        aimed = part.prep == "at" and decision.act in self._sets["evaluative"]
        if part.prep in _PLACES and part.rank >= 4 and not aimed:
            if decision.act not in self._sets["in_place"]:
                return False
        elif part.rank > _REMOTE:
            return False
        if part.prep == "own" and decision.act not in self._sets["against_ones_own"]:
            return False
        suffered = part.prep == "of" and part.via is not None and part.via.lemma in _SUFFERED
        if suffered and decision.act in self._sets["evaluative"]:
            return False
        of_victim = part.prep in ("on", "against", "in", "to") and part.via not in (None, decision.noun)
        return not (decision.act in self._sets["evaluative"] and of_victim)


def _nearest(parts: Sequence[Part]) -> list[Part]:
    best = min((part.rank for part in parts), default=0)
    return distinct([part for part in parts if part.rank == best])


def requested(
    clauses: Clauses, requester: Node, agents: list[Part], patients: list[Part]
) -> tuple[list[Part], list[Part]]:
    """A request runs from who asks to who is asked, whatever is asked for."""
    asking = (
        clauses.agents(requester)
        if requester.is_verb
        else [p for p in clauses.complements(requester, 0, 1) if p.prep in ("poss", "by", "of", "from")]
    )
    addressed = [
        Part(n, mention, 0)
        for c in requester.children
        if c.dep in ("obj", "iobj") or (c.dep == "obl" and c.case() in ("on", "upon", "to"))
        for n in c.conjuncts()
        for mention in ((n.mention.parts or (n.mention,)) if n.mention is not None else ())
    ]
    if addressed and requester.is_verb:
        return asking, addressed
    asked = [p for p in agents if not any(p.mention.entities() & a.mention.entities() for a in asking)]
    return asking, [replace(p, rank=0) for p in asked] or patients


def telling(clauses: Clauses, cues: Sequence[Cue]) -> Telling:
    """Who reports what a clause says, from its reporting verb or the attribution at the sentence's end."""
    for cue in cues:
        if cue.kind in ("reported", "alleged") and cue.by is not None:
            agents = clauses.agents(cue.by)
            if agents:
                return Telling(tuple(cues), agents[0].mention, cue.kind == "alleged")
            if cue.kind == "alleged":
                return Telling(tuple(cues), Mention(0, 0, "", ()), True)
    return Telling(tuple(cues), clauses.tree.speaker)


def reciprocal(node: Node) -> bool:
    """True for "accused each other", "expelled one another's diplomats"."""
    words = [n.lower for n in node.subtree()]
    return any(a in ("each", "one") and b.startswith(("other", "another")) for a, b in pairwise(words))


def owner_and_place(clauses: Clauses, noun: Node) -> tuple[list[Part], list[Part]]:
    """Whose embassy or border it is that closes, or is closed, and where: "The Swedish embassy in Mali will shut"."""
    parts = list(clauses.complements(noun, 0, 1))
    owner = [Part(noun, noun.mention, 0)] if noun.mention is not None else [p for p in parts if p.prep == "poss"]
    return owner, [replace(p, rank=1) for p in parts if p.prep in ("in", "to", "at", "with")]


def responsible(clauses: Clauses, node: Node) -> list[Part]:
    """Who did what somebody is thanked or blamed for ("thanked Kenya for the rice given to it")."""
    inner = node
    for governor in node.path_up():
        if governor.is_verb and governor.lemma in _MORAL and inner.case() in ("for", "over"):
            return [p for p in clauses.patients(governor) if p.rank == 0]
        if governor.is_verb and governor is not node.head:
            return []
        inner = governor
    return []


def lawgivers(clauses: Clauses, subjects: Sequence[Node]) -> list[Part]:
    """Who made the rule that does something ("published rules that ban …", "passed a law that requires …")."""
    made = [s for s in subjects if s.lemma in _RULES and s.mention is None and s.dep in ("obj", "nsubj:pass")]
    return [p for s in made if s.head is not None and s.head.is_verb for p in clauses.agents(s.head)]


_RULES = frozenset("rule law decree regulation order bill resolution act directive measure restriction".split())
_MORAL = frozenset("thank praise blame condemn criticise criticize applaud commend".split())

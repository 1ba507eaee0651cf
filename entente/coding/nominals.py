"""Acts that a noun tells without a verb of its own: "the attack on …", "a request by …", "on a visit to …"."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from entente.coding.acts import ActChooser
from entente.coding.clauses import Clauses, Part
from entente.coding.findings import Finding, between, distinct, inner_status
from entente.coding.lexicon import Lexicon
from entente.coding.modality import Modality, status_of
from entente.coding.parties import telling
from entente.coding.syntax import Node

_TARGET_PREPOSITIONS = ("on", "against", "to", "with", "of", "from", "into", "toward", "towards", "upon")

#: A visit that one is on, or comes from, is the subject's own.
_ON_A_VISIT = ("on", "during", "after")

#: Acts upon what somebody else has said, whose noun is an act of its own.
ANSWERS = frozenset({"reject", "deny", "refuse"})

#: Verbs of an answer: who answers is whom the thing was asked of.
_ANSWERED = frozenset("reject refuse turn_down decline dismiss grant accept approve consider study rebuff".split())


class Nominals:
    """Reads the nouns of a tree that no verb has for its object."""

    def __init__(
        self,
        lexicon: Lexicon,
        chooser: ActChooser,
        modality: Modality,
        acts: Collection[str],
        mutual: Collection[str],
    ) -> None:
        self._sets = lexicon.act_sets
        self._chooser, self._modality = chooser, modality
        self._acts, self._mutual = acts, mutual

    def read(self, noun: Node, clauses: Clauses) -> Iterator[Finding]:
        """The findings of one noun, none if it names no act or nobody who does it."""
        decision = self._chooser.nominal(noun)
        if decision is None or decision.act not in self._acts or decision.act in self._sets["evaluative"] - _ASKED:
            return
        parts = list(clauses.complements(noun, 0, 1))
        mutual = decision.act in self._mutual
        sides = [p for p in parts if p.prep == "between"]
        agents = [p for p in parts if (p.prep == "poss" and p.via is noun) or p.prep == "by"]
        agents += [p for p in parts if p.prep in ("of", "between") and mutual]
        agents += [p for p in parts if p.prep == "of" and decision.act in self._sets["own_moves"] and p not in agents]
        mutual = mutual or len(sides) > 1
        agents = [*agents, *(p for p in sides if p not in agents)]
        at = (*_TARGET_PREPOSITIONS, "in") if decision.act in self._sets["across_borders"] else _TARGET_PREPOSITIONS
        targets = [p for p in parts if p.prep in at and p not in agents]
        if decision.act == "mediate" and not targets:
            targets = _reconciled(noun, clauses)
        elif noun.case() == "under" and not targets:
            targets = _sufferers(noun, clauses)
        if decision.act in _ASKED:
            targets = _asked(noun, clauses) if agents else []
            if not targets:
                return
        cues = self._modality.layers(noun, nominal=True)
        status, undone = status_of(cues)
        agents = agents or self._agents_around(noun, decision.act, parts, clauses)
        if undone or status == "negated" or not agents or self._modality.is_negated(noun):
            return
        if decision.act in _ASKED or (noun.case() == "under" and noun.dep == "obl"):
            # "Agreed under Chinese mediation": the mediation took place.
            status = "effective"
        status = inner_status(decision.status, status)
        agents, targets = distinct(agents), distinct(targets)
        pairs = [(a, t) for a in agents for t in targets]
        if not pairs and mutual:
            pairs = [(a, b) for a in agents for b in agents if a is not b]
        told = telling(clauses, cues)
        for agent, target in pairs[:_MAX_PAIRS]:
            made = replace(decision, status=status)
            yield from between(noun, made, agent, target, mutual and bool(targets), told, True)

    def _agents_around(self, noun: Node, act: str, parts: Sequence[Part], clauses: Clauses) -> list[Part]:
        """Who does what the noun names, where the noun itself does not say so."""
        verb = noun.head
        if act == "visit" and noun.case() in _ON_A_VISIT and verb is not None:
            return clauses.agents(verb) if verb.is_verb else [Part(verb, verb.mention, 0)] if verb.mention else []
        if act in self._sets["of_persons"] and any(p.prep == "of" for p in parts):
            places = [p for p in parts if p.prep == "in"]
            if places:
                return places
        if verb is None or not verb.is_verb or clauses.is_passive(verb):
            return []
        speaker = clauses.tree.speaker
        if noun.dep == "nsubj" and verb.lemma in _COMING and speaker is not None and verb.sub("aux"):
            return [Part(noun, speaker, 1)]
        by = [c for c in verb.sub("obl", "obl:agent") if c.case() == "by"]
        return [p for c in by for p in clauses.patients(verb) if p.node is c]


#: "A ban on exports will follow, the ministry said": who says so will do it.
_COMING = frozenset({"follow", "come", "begin", "start"})

_ASKED = frozenset({"request"})

#: Above so many pairs one noun is a list, not an act.
_MAX_PAIRS = 12


def _asked(noun: Node, clauses: Clauses) -> list[Part]:
    """Of whom something was requested: whoever grants it or turns it down."""
    verb = noun.head
    if verb is None or not verb.is_verb or noun.dep not in ("obj", "nsubj:pass"):
        return []
    particle = next((f"_{c.lower}" for c in verb.children if c.dep == "compound:prt"), "")
    return clauses.agents(verb) if verb.lemma + particle in _ANSWERED else []


def _reconciled(noun: Node, clauses: Clauses) -> list[Part]:
    """Who came together "under Turkish mediation", "thanks to Omani mediation"."""
    verb = noun.head
    if verb is None or not verb.is_verb or noun.dep != "obl":
        return []
    return [*clauses.agents(verb), *(p for p in clauses.patients(verb) if p.prep == "with" and p.via is None)]


def _sufferers(noun: Node, clauses: Clauses) -> list[Part]:
    """Who is "under American sanctions", "came under Russian fire"."""
    if noun.sub("cop"):
        return [Part(n, n.mention, 0) for n in noun.sub("nsubj") if n.mention is not None]
    verb = noun.head
    return clauses.agents(verb) if verb is not None and verb.lemma in ("be", "come", "remain", "live", "fall") else []

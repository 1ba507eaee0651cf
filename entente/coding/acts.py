"""The core act of a predicate: special frame → operator × class of noun → the verb's default."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from entente.coding.clauses import TRANSPARENT, Clauses, Part
from entente.coding.lexicon import Frame, Lexicon
from entente.coding.syntax import Node
from entente.relations.events import STATE_SECTORS

_PREPOSITIONAL_OBJECT = ("", "in", "on", "into", "to", "for", "with", "at", "of", "from", "off", "as")


@dataclass(frozen=True, slots=True)
class Decision:
    """The act that a predicate names, which rule said so, and how its parties are found."""

    act: str
    status: str
    rule: str
    noun: Node | None = None
    swap: bool = False
    target: str = ""
    operator: str = ""


class ActChooser:
    """Looks a predicate up in the lexicon."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon

    def noun_class(self, node: Node) -> str | None:
        """The class of a noun with its modifiers, longest phrase first ("military aid" before "aid")."""
        nouns = self._lexicon.nouns
        before = sorted(
            (c for c in node.children if c.index < node.index and c.dep in _MODIFIERS), key=lambda c: c.index
        )
        words = [c.lower if c.tag.startswith("JJ") else c.lemma for c in before if c.mention is None][-3:]
        after = next((c for c in node.children if c.dep == "nmod" and c.case() == "of" and c.mention is None), None)
        if node.lower in _MULTITUDES and after is None and not words and not node.sub("nummod", "compound", "punct"):
            return None
        for lemma in dict.fromkeys((node.lemma, node.lower)):
            if after is not None and f"{lemma} of {after.lemma}" in nouns:
                return nouns[f"{lemma} of {after.lemma}"]
            for skip in range(len(words) + 1):
                kind = nouns.get(" ".join([*words[skip:], lemma]))
                if kind is not None:
                    return kind
            for word in words:
                kind = nouns.get(f"{word} {lemma}")
                if kind is not None:
                    return kind
        return None

    def objects(self, clauses: Clauses, verb: Node) -> list[Node]:
        """What the verb is done to: object, or subject of a passive; "a series of strikes" counts as strikes."""
        found = [c for c in verb.sub("obj") if c.lower not in ("which", "that", "whom")]
        gap = clauses.relative_object(verb)
        if gap is not None:
            found.append(gap)
        found = [self._meant(n, clauses) for n in found or verb.sub("iobj")]
        if clauses.is_passive(verb) or (verb.lemma in ERGATIVE and not found):
            found = [*clauses.subject_nodes(verb), *found]
        found = [n for node in found for n in node.conjuncts()]
        found += [c for c in verb.children if c.dep == "xcomp" and c.is_noun]
        return [inner for node in found for inner in self._unwrapped(node)]

    def _meant(self, node: Node, clauses: Clauses) -> Node:
        """The noun before it that "him" (an envoy) or "its own" (a thing) stands for; the node itself otherwise."""
        if node.lower in ("him", "her", "them"):
            wanted: tuple[str | None, ...] = ("envoy", "diplomat", *(("troops",) if node.lower == "them" else ()))
        elif node.lower == "one" and node.index:
            wanted = ("envoy", "embassy", "consulate", "diplomat", "charge_d_affaires")
        elif node.lower == "own":
            wanted = ("embassy", "border", "airspace", "consulate", "tariff", "sanctions", "travel_ban")
        else:
            return node
        before = reversed(clauses.tree.nodes[: node.index])
        return next((n for n in before if n.is_noun and self.noun_class(n) in wanted), node)

    def _unwrapped(self, node: Node) -> list[Node]:
        cargo = [o for c in node.sub("acl") if c.lemma in ("carry", "bring", "load") for o in c.sub("obj", "obl")]
        if cargo and node.mention is None and self.noun_class(cargo[0]):
            return [*cargo, node]
        if node.lemma in TRANSPARENT and node.mention is None:
            counted = [i for c in node.sub("nmod") if c.case() == "of" and c.mention for i in c.conjuncts()]
            if counted:
                return [*counted, node]
        operated = self.operated(node) is not None  # "a suspension of aid" is no aid
        if self.noun_class(node) in (None, "money") and node.mention is None and not operated:
            inner = [
                c for c in node.children if c.dep == "nmod" and c.case() in ("of", "in", "to") and self.noun_class(c)
            ]
            if inner:
                return [*inner, node]
        return [node]

    def decide(self, clauses: Clauses, verb: Node, agents: Sequence[Part]) -> Decision | None:
        """The act of a verb, or None if the lexicon knows none for it."""
        objects = self.objects(clauses, verb)
        keys = list(self._keys(verb))
        for key in keys:
            for frame in self._lexicon.frames_by_verb.get(key, ()):
                noun = self._fits(frame, clauses, verb, objects, agents)
                if noun is not False and frame.act == "none":
                    return None
                if noun is not False:
                    fitting = noun if isinstance(noun, Node) else None
                    rule = f"frame {key} → {frame.act}"
                    return Decision(frame.act, frame.status, rule, fitting, frame.swap, frame.target)
        return self._by_matrix(verb, keys, objects) or self._by_default(keys)

    def _keys(self, verb: Node) -> Iterator[str]:
        lemma = verb.lemma
        particle = next((c.lower for c in verb.children if c.dep in ("compound:prt", "fixed")), "")
        adverb = [c.lower for c in verb.children if c.dep == "advmod" and c.lower in PARTICLES]
        preps = [c.case().split(" ")[0] for c in verb.children if c.dep.startswith(("obl", "nmod")) and c.case()]
        preps += [c.lower for c in verb.children if c.dep in ("case", "obl") and c.tag in ("IN", "RP")]
        for part in [particle, *adverb]:
            if part:
                yield from (f"{lemma}_{part}_{prep}" for prep in preps)
                yield f"{lemma}_{part}"
        yield from (f"{lemma}_{prep}" for prep in preps)
        yield from (f"{lemma}_{c.lower}" for c in verb.children if c.dep == "xcomp" and c.tag.startswith("JJ"))
        if not particle:
            yield lemma

    def _by_matrix(self, verb: Node, keys: Sequence[str], objects: Sequence[Node]) -> Decision | None:
        for key in keys:
            for operator in self._lexicon.operators.get(key, ()):
                for noun in self._arguments(verb, key, objects):
                    nested = self._nested(noun, operator)
                    if nested is not None:
                        return nested
                    kind = self.noun_class(noun)
                    cell = self._lexicon.matrix.get((kind, operator)) if kind else None
                    if cell is not None:
                        rule = f"{operator} ({key}) × {kind} → {cell[0]}"
                        return Decision(cell[0], cell[1], rule, noun, operator=operator)
                if (operator in _REPEATABLE or key == "impose") and any(
                    n.lower in _PRONOUNS and not n.sub("acl:relcl", "acl") for n in objects
                ):
                    return Decision(AGAIN + operator, "", f"{operator} ({key}) × what was told before")
        return None

    def further(self, decision: Decision) -> list[Decision]:
        """The acts on other nouns under the same verb ("an asset freeze and a travel ban")."""
        found = []
        for noun in decision.noun.conjuncts()[1:] if decision.noun is not None and decision.operator else []:
            kind = self.noun_class(noun)
            cell = self._lexicon.matrix.get((kind, decision.operator)) if kind else None
            if cell is not None and cell[0] != decision.act:
                found.append(replace(decision, act=cell[0], status=cell[1], noun=noun))
        return found

    def _nested(self, noun: Node, outer: str) -> Decision | None:
        """The act of "announced a suspension of aid": the noun's own operator on the noun that it governs."""
        inner = self.operated(noun)
        status = {"COMMIT": "announced", "CALL": "requested", "THREATEN": "threatened", "REFUSE": "refused"}.get(
            outer, ""
        )
        if inner is None or outer in ("UNDO", "SUSPEND", "PRAISE") or (status == "" and outer not in _CARRYING_OUT):
            return None
        act, own = inner
        return Decision(act, own or status, f"{outer} × {noun.lemma} → {act}", noun)

    def operated(self, noun: Node) -> tuple[str, str] | None:
        """The cell for an operator noun and what it governs ("suspension of aid", "troop withdrawal")."""
        for node in self.governed(noun):
            kind = self.noun_class(node)
            for operator in self._lexicon.noun_operators[noun.lemma]:
                cell = self._lexicon.matrix.get((kind, operator)) if kind else None
                if cell is not None:
                    return cell
        return None

    def governed(self, noun: Node) -> list[Node]:
        """What an operator noun is about ("aid" of "a suspension of aid"); nothing for another noun."""
        if noun.lemma not in self._lexicon.noun_operators:
            return []
        beside = noun.head.sub("obl") if noun.head is not None and noun.dep in ("obj", "nsubj:pass") else []
        beside = [c for c in beside if min(n.index for n in c.subtree()) == noun.index + 1]  # "a halt to sales"
        found = [c for c in [*noun.sub("nmod"), *beside] if c.case() in ("of", "to", "in", "on", "for", "from")]
        found += [c for c in noun.children if c.dep in ("compound", "nmod:poss") and c.mention is None]
        return [inner for node in found for inner in self._unwrapped(node)]

    def _arguments(self, verb: Node, key: str, objects: Sequence[Node]) -> list[Node]:
        preposition = key.rsplit("_", 1)[1] if "_" in key else ""
        obliques = [
            n
            for c in verb.children
            if c.dep.startswith("obl") or c.dep == "nmod"
            for n in c.conjuncts()
            if (
                c.case() == preposition
                if preposition and c.case() == preposition
                else c.case() in _PREPOSITIONAL_OBJECT
            )
        ]
        exact = [n for n in obliques if preposition and n.case() == preposition]
        known = any(
            self.noun_class(n) not in (None, "money") or n.lemma in self._lexicon.noun_operators for n in objects
        )
        return (
            [*exact, *objects]
            if exact
            else [*objects, *([] if known else [i for n in obliques for i in self._unwrapped(n)])]
        )

    def _by_default(self, keys: Sequence[str]) -> Decision | None:
        for key in keys:
            act = self._lexicon.defaults.get(key)
            if act is not None:
                return Decision(act, "", f"default of {key} → {act}")
        return None

    def nominal(self, noun: Node) -> Decision | None:
        """The act that a noun names by itself ("the invasion of …")."""
        operated = self.operated(noun)
        if operated is not None:
            return Decision(operated[0], operated[1], f"noun {noun.lemma} → {operated[0]}", noun)
        kind = self.noun_class(noun)
        cell = self._lexicon.matrix.get((kind, "DO")) if kind in self._lexicon.nominal else None
        return Decision(cell[0], cell[1], f"noun {noun.lemma} ({kind}) → {cell[0]}", noun) if cell else None

    def _fits(
        self, frame: Frame, clauses: Clauses, verb: Node, objects: Sequence[Node], agents: Sequence[Part]
    ) -> Node | bool | None:
        """The noun that makes the frame fit, None if it fits without one, False if it does not fit."""
        noun: Node | None = None
        if frame.objects:
            if "NONE" in frame.objects and not objects:
                noun = None
            else:
                noun = next((n for n in objects if self._is(n, frame.objects)), None)
                if noun is None:
                    return False
        for condition in frame.preps:
            preposition, _, wanted = condition.partition(":")
            oblique = next(
                (
                    n
                    for c in (*verb.children, *(child for o in objects for child in o.children))
                    if c.dep.startswith(("obl", "nmod"))
                    for n in (*c.conjuncts(), *self._unwrapped(c))
                    if c.case() in preposition.split("/")
                    and (wanted == "*" or self._is(n, frozenset(wanted.split("/"))))
                ),
                None,
            )
            if oblique is None:
                return False
            noun = noun or (oblique if oblique.mention is None else None)
        if frame.words or frame.without:
            below = [node for node in verb.subtree() if node is not verb]
            lemmas = {word for node in below for word in (*node.lemma.split(), node.lower)}
            if (frame.words and not frame.words & lemmas) or frame.without & lemmas:
                return False
        if frame.subjects and not self._subject_fits(frame.subjects, clauses, verb, agents):
            return False
        return noun

    def _is(self, node: Node, wanted: frozenset[str]) -> bool:
        if node.lemma in wanted or node.lower in wanted or "*" in wanted or node.lemma.rsplit(" ", 1)[-1] in wanted:
            return True
        if "ORG" in wanted and node.mention and any(s.role == "organisation" for s in node.mention.senses):
            return True
        if "ACTOR" in wanted and (
            node.mention is not None or any(c.mention and c.dep in ("nmod:poss", "compound") for c in node.children)
        ):
            return True
        return f"@{self.noun_class(node)}" in wanted

    def _subject_fits(self, wanted: frozenset[str], clauses: Clauses, verb: Node, agents: Sequence[Part]) -> bool:
        if any((part.mention.sector or "") in wanted for part in agents):
            return True
        if "STATE" in wanted and any(_is_state(part) for part in agents):
            return True
        return any(self._is(node, wanted) for node in clauses.subject_nodes(verb))


#: Verbs whose subject undergoes the act where they have no object ("the embassy will shut", "the truce ended").
ERGATIVE = frozenset("close shut open reopen end expire lapse collapse".split())

#: Sums of money, but by themselves crowds ("sent millions into shelters").
_MULTITUDES = frozenset({"millions", "billions", "thousands"})


def _is_state(part: Part) -> bool:
    named = any(len(s.entity) == 3 and s.role != "organisation" for s in part.mention.senses)
    return named and (part.mention.sector or "") in STATE_SECTORS


#: Prefix of a decision that repeats or reverses what the story told before ("lifted them").
AGAIN = "again:"
_REPEATABLE = ("UNDO", "EXTEND", "EASE", "SUSPEND", "RESUME", "CLOSE", "RELEASE")
_PRONOUNS = ("it", "them", "these", "those", "both")
_CARRYING_OUT = ("DO", "ANNOUNCE", "ACCEPT", "ORDER", "EXTEND", "DECLARE", "SEND", "RELEASE", "SIGN", "SECURE", "GIVE")
_MODIFIERS = ("compound", "amod", "nmod", "nmod:poss", "nmod:desc", "obl", "nmod:unmarked", "flat")
PARTICLES = frozenset({"out", "off", "down", "up", "back", "home", "away", "in", "over", "together", "aside"})

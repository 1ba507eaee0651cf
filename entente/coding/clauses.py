"""Who takes which part in a clause: agents, objects, obliques, and the actors that a noun is connected with."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from entente.coding.mentions import Mention
from entente.coding.subjects import RELATIVES, Subjects
from entente.coding.syntax import Node


def _listed(words: str) -> frozenset[str]:
    """Prepositions, of one word or several, divided by commas."""
    return frozenset(" ".join(word.split()) for word in words.split(","))


TRANSPARENT = frozenset(
    """
    number series dozen hundred thousand million billion group lot couple handful range part bulk majority set
    round total member some one rest percent most string raft amount type kind wave form half third piece slew
    spate host trio pair all many several each batch flow worth ton tonne metric act package
    """.split()
)
_OBJECTS = ("obj", "iobj", "nsubj:pass")
_OBLIQUES = ("obl", "obl:agent", "nmod", "obl:arg")
_VENUES = _listed(
    """
    in, at, inside, outside, near, across, within, around, along, off, over, during, throughout
    """
)
_ASIDE = _listed(
    """
    after, before, because of, despite, following, amid, since, like, as, under, unlike, including, except,
    than, without, due to, according to, ahead of, via, through, by, besides, instead of, along with,
    together with, such as, in response to, over, about, during, given, until, as well as, on behalf of,
    in front of
    """
)
#: "at the request of" and the like name who wished for an act, not whom it is done to.
_LEAVE = frozenset({"request", "invitation", "behest", "urging", "insistence", "instigation", "initiative"})
#: What a deal was "brokered by" is no party to it.
_GO_BETWEEN = frozenset(
    "arrange broker mediate negotiate facilitate host supervise monitor sponsor organise organize".split()
)
_OF_AGENTS = ("", "poss", "of", "by", "between", "among", "from", "own", "and", "with")
#: Verbs whose "it" is what was done, and no country.
_OF_THINGS = frozenset(
    """
    welcome condemn reject criticise criticize denounce praise hail oppose support regret deplore challenge call
    deny confirm reverse describe protest applaud defend
    """.split()
)
#: What is fired "at" is no place where, but whom it is fired on.
_AIMING = frozenset("fire shoot launch aim direct throw hurl lob level train point".split())
#: "To the dismay of Congo" names who feels, not whom anything is done to.
_FEELINGS = frozenset(
    "dismay alarm delight anger annoyance surprise chagrin relief horror fury irritation astonishment".split()
)
#: "Ukraine's allies" are not Ukraine.
_OTHERS = frozenset("ally partner enemy foe rival critic creditor donor backer supporter opponent adversary".split())
#: Whose "its fighters" are no state's army.
_IRREGULARS = frozenset({"fighter", "rebel", "guerrilla", "militant", "insurgent", "militiaman"})
_PERSONAL = frozenset({"it", "he", "she", "they", "we", "i", "him", "them", "us", "her"})


@dataclass(frozen=True, slots=True)
class Part:
    """An actor taking part in a clause. `rank`: 0 is the object itself, higher is more remote; `prep` leads to it."""

    node: Node
    mention: Mention
    rank: int
    prep: str = ""
    via: Node | None = None


class Clauses(Subjects):
    """The clauses of one tree, and the actors that take part in them."""

    def agents(self, verb: Node) -> list[Part]:
        """Who does it: the subject, or the agent of a passive."""
        if self.is_passive(verb):
            agents = [
                c for c in verb.children if c.dep == "obl:agent" or (c.dep in ("obl", "nmod") and c.case() == "by")
            ]
            return [p for agent in agents for n in agent.conjuncts() for p in self._nominal(n, 0, "by")]
        parts = [p for node in self.subject_nodes(verb) for p in self._nominal(node, 0, "")]
        return [p for p in parts if p.prep in _OF_AGENTS]

    def speakers(self, verb: Node) -> list[Part]:
        """Who says what a verb is coordinated with ("Oslo said that it had come and rejected it")."""
        if verb.dep != "conj" or verb.head is None or verb.head.dep != "ccomp" or verb.head.head is None:
            return []
        return self.agents(verb.head.head)

    def patients(self, verb: Node) -> list[Part]:
        """Who it may be done to, nearest first: objects, their possessors and complements, obliques."""
        parts: list[Part] = []
        gap = self.relative_object(verb)
        if gap is not None:
            parts.extend(self._nominal(gap, 0, ""))
        if self.is_passive(verb):
            for node in self.subject_nodes(verb):
                parts.extend(self._nominal(node, 0, ""))
        for child in verb.children:
            if child.dep in ("obj", "iobj"):
                for node in child.conjuncts():
                    parts.extend(self._nominal(node, 0, ""))
            elif child.dep in _OBLIQUES or child.dep.startswith("obl"):
                parts.extend(self._oblique(child, 2))
            elif child.dep in ("xcomp", "ccomp") and not child.is_verb:
                parts.extend(self._nominal(child, 1, ""))
            elif child.dep == "advmod" and child.lower in ("back", "home", "over", "out"):
                for inner in child.sub("obl", "nmod"):
                    parts.extend(self._oblique(inner, 2))
        return sorted(parts, key=lambda part: (part.rank, part.node.index))

    def relative_object(self, verb: Node) -> Node | None:
        """What a relative clause with a subject of its own is said of ("Georgia, which Russia invaded")."""
        if verb.dep != "acl:relcl" or verb.head is None or self.is_passive(verb):
            return None
        own = [c for c in verb.sub("nsubj") if c.lower not in RELATIVES]
        filled = [c for c in verb.sub("obj") if c.lower not in RELATIVES]
        whom = any(c.lower == "whom" and c.dep in ("obj", "iobj", "nsubj") for c in verb.children)
        return verb.head if own and (whom or not filled) else None

    def _oblique(self, node: Node, rank: int) -> Iterator[Part]:
        prep = node.case()
        if node.lemma in _FEELINGS and prep == "to":
            return
        if prep == "on behalf of":
            return
        if prep == "as well as":
            rank, prep = 0, ""
        if prep == "at" and node.head is not None and node.head.lemma in _AIMING:
            prep = "on"
        if prep in _ASIDE:
            rank += 6 if prep != "over" and prep != "about" else 3
        elif prep in _VENUES:
            rank += 6 if node.lemma in _LEAVE else 3
        for conjunct in node.conjuncts():
            for part in self._nominal(conjunct, rank, prep):
                yield replace(part, prep=prep) if prep in _VENUES and part.prep == "poss" else part

    def _nominal(self, node: Node, rank: int, prep: str, depth: int = 0) -> Iterator[Part]:
        """The actors that a nominal names: itself, what it stands for, its possessors and complements."""
        mention = node.mention or self._pronoun(node)
        if mention is not None and mention.parts:
            for part in mention.parts:
                yield Part(node, part, rank, prep)
            return
        if mention is not None:
            yield Part(node, mention, rank, prep)
            if depth < 3 and node.mention is not None and node.mention.head:
                yield from self.complements(node, rank + 1, depth)
            return
        if depth >= 4 or (node.is_verb and depth):
            return
        own = next((c for c in node.sub("nmod:poss") if c.lower in ("his", "her", "their", "its")), None)
        if own is not None and node.lemma in ("country", "nation", "homeland"):
            subject = self._subject_above(node)
            if subject is not None:
                yield Part(node, subject, rank, prep)
            return
        if node.lower == "what":
            for named in self._called(node):
                yield from self._nominal(named, rank, prep, depth + 1)
            return
        if node.lemma in TRANSPARENT or node.tag == "CD":
            inner = [c for c in node.children if c.dep == "nmod" and c.case() in ("of", "")]
            if inner:
                for child in inner:
                    yield from self._nominal(child, rank, prep, depth + 1)
                return
        yield from self.complements(node, rank, depth)

    def _subject_above(self, node: Node) -> Mention | None:
        """The actor that the nearest governing clause is about, whose "his country" is."""
        subjects = (n for g in node.path_up() if g.is_verb for n in g.sub("nsubj", "nsubj:pass"))
        return next((n.mention for n in subjects if n.mention is not None), None)

    @staticmethod
    def _called(what: Node) -> list[Node]:
        """The noun of "what it called Cairo's veto", "what he described as Iranian meddling"."""
        verbs = [c for c in what.sub("acl:relcl", "acl") if c.lemma in ("call", "describe", "term", "see", "regard")]
        named = [n for v in verbs for n in (*v.sub("obj", "xcomp"), *(o for o in v.sub("obl") if o.case() == "as"))]
        return [n for n in named if n.is_noun][:1]

    def complements(self, node: Node, rank: int, depth: int) -> Iterator[Part]:
        """The actors that a noun is connected with: possessors, complements, appositions."""
        if node.lemma == "way" and node.case() == "on":
            return  # "on its way from Athens to Vilnius"
        for child in node.children:
            if child.dep == "nmod:poss" and child.lower in ("its", "their", "his", "her"):
                owner = self._owner(child)
                if owner is not None:
                    owner = replace(owner, sector="REB") if node.lemma in _IRREGULARS and not owner.sector else owner
                    yield Part(child, owner, rank + 1, "own", node)
            elif child.dep in ("nmod:poss", "compound", "amod", "nmod:desc", "det", "nmod:unmarked") and child.mention:
                if child.mention and not (child.dep == "nmod:poss" and node.lemma in _OTHERS):
                    for conjunct in child.conjuncts():
                        if conjunct.mention:
                            for mention in conjunct.mention.parts or (conjunct.mention,):
                                yield Part(conjunct, mention, rank + 1, "poss", node)
            elif child.dep == "nmod:poss" and node.lemma in _OTHERS:
                continue
            elif child.dep == "nmod:poss":
                yield from self._nominal(child, rank + 1, "poss", depth + 1)
            elif child.dep in ("nmod", "obl", "obl:agent"):
                prep = child.case()
                step = (
                    2
                    if prep
                    in (
                        "to",
                        "on",
                        "against",
                        "with",
                        "from",
                        "of",
                        "between",
                        "for",
                        "by",
                        "toward",
                        "towards",
                        "upon",
                        "among",
                    )
                    else 5
                )
                if prep not in _ASIDE or prep in ("by", "over", "about"):
                    for conjunct in child.conjuncts():
                        for part in self._nominal(conjunct, rank + step, prep, depth + 1):
                            yield Part(
                                part.node, part.mention, part.rank, prep if part.prep == prep else part.prep, node
                            )
            elif child.dep == "appos" or child.dep == "flat":
                yield from self._nominal(child, rank + 1, "", depth + 1)
            elif child.dep == "acl" and child.tag in ("VBN", "VBG") and child.lemma not in _GO_BETWEEN:
                for grandchild in child.children:
                    if grandchild.dep == "obj" and child.tag == "VBG":
                        yield from self._nominal(grandchild, rank + 4, "", depth + 1)
                    if grandchild.dep in ("obl", "obl:agent") and grandchild.case() in (
                        "by",
                        "on",
                        "against",
                        "to",
                        "in",
                        "from",
                    ):
                        for part in self._nominal(
                            grandchild, rank + (2 if grandchild.case() == "by" else 4), grandchild.case(), depth + 1
                        ):
                            yield Part(part.node, part.mention, part.rank, grandchild.case(), node)

    def _object_pronoun(self, node: Node) -> Mention | None:
        """Whom "it" or "him" as an object means: the one other actor named before it in the sentence."""
        if node.lower not in ("it", "him", "her", "them") or node.dep not in ("obj", "iobj", "obl"):
            return None
        verb = next((g for g in node.path_up() if g.is_verb), None)
        if node.lower == "it" and verb is not None and verb.lemma in _OF_THINGS:
            return None
        subjects = [n.mention for n in self.subject_nodes(verb)] if verb is not None else []
        taken = {e for m in subjects if m is not None for e in m.entities()}
        others = [
            n.mention
            for n in self.tree.mentions
            if n.index < node.index and n.mention and not n.mention.entities() & taken
        ]
        distinct = {frozenset(m.entities()) for m in others}
        if (
            taken
            and not distinct
            and node.lower != "them"
            and (meant := self._topic or self._antecedent) is not None
            and not meant.entities() & taken
        ):
            return meant
        return others[-1] if taken and len(distinct) == 1 else None

    def _owner(self, possessive: Node) -> Mention | None:
        """Whose "its" is, where a clause is reported, or beside another: the one who reports it, or is its subject."""
        for governor in possessive.path_up():
            if governor.dep == "ccomp" and governor.head is not None:
                return next((n.mention for n in self.subject_nodes(governor.head) if n.mention is not None), None)
            if governor.dep == "advcl" and governor.head is not None and governor.sub("nsubj"):
                # "after a plane entered its airspace": that of whom the main clause is about.
                return next((n.mention for n in governor.head.sub("nsubj") if n.mention is not None), None)
        noun = possessive.head
        opens = (
            noun is not None
            and noun.dep in ("nsubj", "nsubj:pass")
            and not any(m.index < possessive.index and m.dep in ("nsubj", "nsubj:pass") for m in self.tree.mentions)
        )
        return self._antecedent if opens else None

    def _pronoun(self, node: Node) -> Mention | None:
        if node.lower not in _PERSONAL or node.head is None:
            return None
        if node.dep not in ("nsubj", "nsubj:pass", "nsubj:outer"):
            return self._object_pronoun(node)
        if node.lower in ("her", "him", "them", "us"):
            return None
        if node.lower == "we" and self.tree.speaker is not None:
            return self.tree.speaker
        for governor in node.head.path_up():
            subjects = governor.sub("nsubj", "nsubj:pass")
            if subjects and subjects[0] is not node:
                if subjects[0].mention is not None:
                    return subjects[0].mention
                if subjects[0].lower in _PERSONAL and subjects[0].lower != "we":
                    continue
                owners = [p.mention for p in self.complements(subjects[0], 0, 2) if p.prep in ("poss", "own", "of")]
                return owners[0] if owners and node.lower in ("it", "we", "he", "she") else None
        first = next((m for m in self.tree.mentions if m.index < node.index and m.dep in ("nsubj", "nsubj:pass")), None)
        return first.mention if first is not None else self._antecedent

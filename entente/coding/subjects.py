"""Of whom a verb is said: subjects through control, conjunction and relative clauses."""

from entente.coding.mentions import Mention
from entente.coding.syntax import Node, Tree

_OBJECT_CONTROL = frozenset(
    """
    ask urge call demand request beg implore press lobby order tell exhort encourage pressure instruct invite
    advise allow permit force help let enable require warn push prompt lead authorise authorize appeal want expect
    """.split()
)

_DOCUMENTS = frozenset(
    """
    report statement lawsuit letter resolution bill decree law complaint order document note message suit
    """.split()
)

SPEECH_VERBS = frozenset(
    """
    congratulate express convey discuss offer thank apologise apologize praise condole commend wish inform
    reassure voice talk extend brief
    """.split()
)

RELATIVES = frozenset({"who", "which", "that", "whom"})


class Subjects:
    """The subjects of one tree's verbs.

    `antecedent`: the last sentence's subject, for a pronoun opening this one; `topic`: of whom that sentence told
    besides, for a pronoun further on.
    """

    def __init__(self, tree: Tree, antecedent: Mention | None = None, topic: Mention | None = None) -> None:
        self.tree = tree
        self._antecedent = antecedent
        self._topic = topic
        self._subjects: dict[int, list[Node]] = {}

    def is_passive(self, verb: Node) -> bool:
        """True for a passive clause, a reduced one ("a rebel freed by the army") included."""
        if any(child.dep in ("aux:pass", "nsubj:pass") for child in verb.children):
            return True
        if verb.tag != "VBN" or verb.sub("aux"):
            return False
        return (
            (verb.dep in ("acl", "advcl") and not verb.sub("obj"))
            or bool(
                [
                    c
                    for c in verb.children
                    if c.dep == "obl:agent" or (c.dep == "obl" and c.case() == "by" and c.mention)
                ]
                and not verb.sub("obj")
            )
            or (
                verb.dep == "conj"
                and verb.head is not None
                and verb.head.is_verb
                and not verb.sub("nsubj")
                and self.is_passive(verb.head)
            )
        )

    def subject_nodes(self, verb: Node, depth: int = 0) -> list[Node]:
        """The nominal(s) that a verb is said of, whether active or passive; found through its governors."""
        if verb.index not in self._subjects or depth:
            nodes = self._find_subject(verb, depth) if depth < 6 else []
            self._subjects[verb.index] = [n for node in nodes for n in self._conjuncts(node)]
        return self._subjects[verb.index]

    def _conjuncts(self, node: Node) -> list[Node]:
        return [n for n in node.conjuncts() if not n.is_verb or n.mention]

    def _find_subject(self, verb: Node, depth: int) -> list[Node]:
        own = verb.sub("nsubj", "nsubj:pass", "nsubj:outer")
        if own:
            if own[0].lower in RELATIVES and verb.dep in ("acl:relcl", "acl", "advcl:relcl", "conj") and verb.head:
                before = [n for n in self.tree.nodes[max(0, own[0].index - 2) : own[0].index] if n.is_noun]
                return before[-1:] or [verb.head]
            return own
        governor = verb.head
        if governor is None:
            return []
        comma = verb.index > 0 and self.tree.nodes[verb.index - 1].lower == ","
        if verb.tag == "VBG" and comma and verb.dep in ("acl", "advcl", "amod", "dep", "conj", "parataxis"):
            root = next(
                (n for n in verb.path_up() if n.is_verb and (n.head is None or n.dep in ("ccomp", "conj"))), None
            )
            subjects = self.subject_nodes(root, depth + 1) if root is not None else []
            if subjects:
                return subjects
        if verb.dep in ("acl:relcl", "acl"):
            return self._subject_of_adnominal(verb, governor, depth)
        if verb.dep in ("conj", "parataxis") and (governor.is_verb or governor.children):
            return self.subject_nodes(governor, depth + 1) if governor.mention is None else []
        if verb.dep in ("xcomp", "ccomp", "advcl"):
            by_phone = governor.lemma in ("call", "phone", "telephone") and verb.lemma in SPEECH_VERBS
            controlled = (governor.lemma in _OBJECT_CONTROL and not by_phone) or (
                verb.dep == "xcomp" and governor.lemma in ("make", "see")
            )
            objects = [c for c in governor.children if c.dep in ("obj", "iobj")]
            if objects and is_of_object(verb):
                return objects[:1]
            if controlled and objects and verb.dep != "advcl":
                return objects[:1]
            if controlled and verb.dep == "xcomp":
                on = [
                    c for c in governor.children if c.dep == "obl" and c.case() in ("on", "to", "for", "upon", "with")
                ]
                if on:
                    return on[:1]
            if not governor.is_verb and governor.mention is None and governor.dep in ("obj", "obl", "nmod"):
                return self.possessor_nodes(governor) or (
                    self.subject_nodes(governor.head, depth + 1) if governor.head else []
                )
            return self.subject_nodes(governor, depth + 1)
        return []

    def _subject_of_adnominal(self, verb: Node, noun: Node, depth: int) -> list[Node]:
        if verb.dep == "acl:relcl":
            return [] if verb.sub("nsubj", "nsubj:pass") else [noun]
        if verb.tag == "VBG" and noun.lemma in _DOCUMENTS and noun.head is not None:
            return self.possessor_nodes(noun) or self.subject_nodes(noun.head, depth + 1) or [noun]
        if verb.tag in ("VBG", "VBN"):
            return [noun]
        if (
            noun.lemma in ("country", "nation", "state", "one", "government", "leader", "power", "member")
            or noun.mention
        ):
            if noun.sub("nsubj"):
                return noun.sub("nsubj")
            if noun.head is not None and noun.head.lemma in ("become", "make", "be", "remain"):
                return self.subject_nodes(noun.head, depth + 1)
            return [noun]
        possessors = self.possessor_nodes(noun)
        if possessors:
            return possessors
        return self.subject_nodes(noun.head, depth + 1) if noun.head is not None else []

    @staticmethod
    def possessor_nodes(noun: Node) -> list[Node]:
        return [
            c
            for c in noun.children
            if c.mention
            and (
                c.dep in ("nmod:poss", "compound", "amod", "nmod:desc")
                or (c.dep == "nmod" and c.case() in ("of", "by"))
            )
        ]


def is_of_object(verb: Node) -> bool:
    """True for what an object is accused of, thanked for or kept from ("accused the army of shelling …")."""
    gerund = verb.tag == "VBG" or any(c.lower == "having" for c in verb.sub("aux"))
    return verb.dep == "advcl" and gerund and any(c.lower in ("of", "for", "from") for c in verb.sub("mark"))

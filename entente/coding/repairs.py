"""Repairs of a tree where the parser is known to go wrong. Each is shallow, and needs a known verb to be tried."""

from collections.abc import Collection, Mapping

from entente.coding.headline_repairs import initial_verb, last_conjunct
from entente.coding.syntax import Node, reattach

_PARTICIPLES = ("VBN", "VBD", "JJ")


def repair(nodes: list[Node], verbs: Collection[str], lemma_of: Mapping[str, str]) -> None:
    """Apply every repair to a tree, in place."""
    for node in nodes:
        _mistagged_verb(node, verbs, lemma_of)
    initial_verb(nodes, lemma_of)
    for node in nodes:
        _verb_inside_object(node, lemma_of)
    for node in nodes:
        _participle_before_object(node, lemma_of)
        _coordinated_participle(node, nodes, lemma_of)
        _participle_after_object(node)
        _gerund_object(node)
        _split_perfect(node, nodes)
        _subject_before_relative(node, nodes)
        _complement_of_request(node)
        _infinitive_tagged_noun(node, verbs)
        _coordinated_above(node, nodes)
        _gerund_noun(node)


def _mistagged_verb(node: Node, verbs: Collection[str], lemma_of: Mapping[str, str]) -> None:
    """A main verb tagged as noun or adjective ("The US had suspended aid", "Mali expels envoy")."""
    if node.is_verb or node.mention is not None or not node.tag.startswith(("JJ", "NN", "RB", "IN")):
        return
    lemma = lemma_of.get(node.lower)
    if lemma is None or lemma not in verbs or (node.lower == lemma and node.tag.startswith("NN")):
        return
    clausal = node.dep in ("root", "ROOT", "ccomp", "conj", "parataxis", "acl:relcl", "advcl", "xcomp")
    if clausal and any(c.dep in ("aux", "nsubj", "obj", "aux:pass", "nsubj:pass") for c in node.children):
        node.tag, node.lemma = "VBN" if node.lower.endswith("ed") else "VBZ", lemma


def _participle_before_object(node: Node, lemma_of: Mapping[str, str]) -> None:
    """In "have all designated ambassadors" the participle is the verb, not an attribute."""
    if node.tag not in _PARTICIPLES or node.dep != "amod" or node.head is None:
        return
    noun = node.head
    have = noun.head
    if have is None or noun.dep != "obj" or have.lemma != "have" or not have.is_verb or node.lower not in lemma_of:
        return
    between = [c for c in noun.children if have.index < c.index < node.index and c.lower not in ("all", "both", "each")]
    if between or not have.index < node.index < noun.index:
        return
    children = [child for child in have.children if child is not noun]
    reattach(node, have.head, have.dep)
    for child in children:
        reattach(child, node, child.dep)
    reattach(noun, node, "obj")
    reattach(have, node, "aux")
    node.tag, node.lemma = "VBN", lemma_of[node.lower]


def _coordinated_participle(node: Node, nodes: list[Node], lemma_of: Mapping[str, str]) -> None:
    """In "has frozen assets and enforced sanctions" the second participle is a verb, too."""
    noun = node.head
    if node.tag not in _PARTICIPLES or node.dep != "amod" or noun is None or node.index == 0:
        return
    if noun.dep != "conj" and not (noun.dep == "obj" and nodes[node.index - 1].head is node):
        return
    if nodes[node.index - 1].dep != "cc" or node.lower not in lemma_of or not node.lower.endswith(("ed", "en")):
        return
    verb = next((g for g in noun.path_up() if g.is_verb), None)
    if verb is None or verb.tag not in ("VBN", "VBD"):
        return
    for governor in noun.path_up():
        if governor is verb:
            break
        for child in [c for c in governor.children if c.index > noun.index]:
            reattach(child, noun, child.dep)
    reattach(node, verb, "conj")
    reattach(noun, node, "obj")
    node.tag, node.lemma = verb.tag, lemma_of[node.lower]


def _participle_after_object(node: Node) -> None:
    """In "this step taken by Russia" the participle belongs to the object before it."""
    if node.tag != "VBN" or node.dep not in ("advcl", "xcomp", "ccomp", "advmod") or node.head is None:
        return
    adverbs = [c for c in node.sub("advmod") if c.index < node.index]
    first = min((c.index for c in adverbs), default=node.index)
    noun = next((c for c in node.head.sub("obj", "obl") if c.index == first - 1 and c.is_noun), None)
    if (
        noun is not None
        and (noun.dep == "obj" or adverbs or node.dep == "advmod")
        and not node.sub("aux", "nsubj", "aux:pass", "mark")
    ):
        reattach(node, noun, "acl")


def _verb_inside_object(noun: Node, lemma_of: Mapping[str, str]) -> None:
    """In "the ministry summoned ambassador …" the participle before the noun is the verb of its subject."""
    if noun.is_verb or noun.sub("cop"):
        return
    verb = next((c for c in noun.children if c.dep == "amod" and c.tag in _PARTICIPLES and c.lower in lemma_of), None)
    if verb is None or verb.index > noun.index:
        return
    subject = next((c for c in (*noun.children, *verb.children) if c.dep == "nsubj" and c.index < verb.index), None)
    if subject is None or any(c.lower == "by" for c in noun.children if c.index == verb.index + 1):
        return
    before = [c for c in noun.children if c is not verb and c.index < verb.index]
    after = [
        c
        for c in noun.children
        if c.index > noun.index and c.dep in ("nmod", "obl", "conj", "obl:unmarked", "nmod:unmarked")
    ]
    reattach(verb, noun.head, noun.dep)
    reattach(noun, verb, "obj")
    for child in (*before, *(c for c in after if c.dep == "conj")):
        reattach(child, verb, child.dep)
    verb.tag, verb.lemma = "VBN" if any(c.dep == "aux" for c in verb.children) else "VBD", lemma_of[verb.lower]


def _gerund_noun(node: Node) -> None:
    """In "in its fighting with …" the gerund is a noun."""
    owned = any(c.index == node.index - 1 and (c.dep == "nmod:poss" or c.dep == "det") for c in node.children)
    if node.tag == "VBG" and owned and not node.sub("obj", "nsubj", "aux"):
        node.tag, node.lemma = "NN", node.lower
        if node.dep == "advcl":
            node.dep = "obl"
        for child in node.children:
            child.dep = {"mark": "case", "obl": "nmod"}.get(child.dep, child.dep)


def _gerund_object(node: Node) -> None:
    """In "denied supporting rebels" the gerund is the verb's complement, not the noun's attribute."""
    noun = node.head
    if node.tag != "VBG" or node.dep != "amod" or noun is None or noun.dep != "obj" or noun.head is None:
        return
    verb = noun.head
    if node.index == verb.index + 1 and verb.is_verb:
        reattach(node, verb, "xcomp")
        reattach(noun, node, "obj")


def _split_perfect(node: Node, nodes: list[Node]) -> None:
    """In "has not, however, ended …" the participle is the verb and what the parser took for it the auxiliary."""
    if node.lemma != "have" or not node.is_verb or node.sub("obj"):
        return
    verb = next(
        (c for c in node.sub("conj", "xcomp", "ccomp") if c.tag in ("VBD", "VBN") and c.index > node.index), None
    )
    if verb is None or verb.sub("nsubj", "nsubj:pass", "aux", "mark"):
        return
    between = nodes[node.index + 1 : verb.index]
    if len(between) > 6 or any(not n.tag.startswith("RB") and n.dep != "punct" for n in between):
        return
    children = [child for child in node.children if child is not verb]
    reattach(verb, node.head, node.dep)
    for child in children:
        reattach(child, verb, child.dep)
    reattach(node, verb, "aux")
    verb.tag = "VBN"


def _subject_before_relative(noun: Node, nodes: list[Node]) -> None:
    """In "Israel, whose minister had called …, welcomed it" the verb after the relative clause is the main one."""
    last = last_conjunct(nodes, noun)
    after = nodes[last.index + 1 : last.index + 3]
    if noun.head is not None or not noun.is_noun or [n.lower for n in after][1:] not in (["whose"], ["which"], ["who"]):
        return
    verb = next(
        (
            n
            for n in nodes[noun.index + 4 :]
            if n.tag in ("VBD", "VBZ", "VBP", "VBN")
            and n.dep in ("conj", "advcl", "parataxis", "acl", "appos")
            and nodes[n.index - 1].lower == ","
            and not n.sub("nsubj", "nsubj:pass", "mark")
        ),
        None,
    )
    if verb is None or noun not in verb.path_up():
        return
    reattach(verb, None, "ROOT")
    verb.tag = "VBD" if verb.tag == "VBN" and not verb.sub("aux", "aux:pass") else verb.tag
    reattach(noun, verb, "nsubj")


_ASKING = frozenset("ask urge demand request call beg press order tell instruct require insist implore want".split())


_OPENERS = frozenset("after before because since when as although while whose which who".split())


def _coordinated_above(node: Node, nodes: list[Node]) -> None:
    """A finite verb is joined to the main one: "kept them from entering and accused", "…, and reopened it".

    After a clause of its own subject ("after rebels attacked") only a comma says so.
    """
    inner = node.head
    if node.dep != "conj" or node.tag not in ("VBD", "VBZ") or inner is None or not inner.is_verb:
        return
    outer = next((g for g in inner.path_up() if g.is_verb), None)
    bare = inner.tag in ("VBG", "VB") and not inner.sub("aux") and not node.sub("nsubj", "nsubj:pass", "aux")
    if bare and outer is not None and outer.tag == node.tag:
        reattach(node, outer, "conj")
        return
    cc = next((c for c in node.sub("cc") if c.index == node.index - 1), None)
    if outer is None or cc is None or nodes[cc.index - 1].lower != "," or node.sub("nsubj", "nsubj:pass", "aux"):
        return
    first = min(n.index for n in inner.subtree())
    if outer.tag in ("VBD", "VBZ", "VBN") and nodes[first].lower in _OPENERS:
        reattach(node, outer, "conj")


_TAKES_INFINITIVE = frozenset(
    "offer agree refuse promise vow threaten want plan pledge decide seek hope try decline volunteer".split()
)


def _infinitive_tagged_noun(node: Node, verbs: Collection[str]) -> None:
    """In "offered to mediate" the word after "to" is a verb."""
    if node.tag != "NN" or node.lower not in verbs or node.head is None or node.head.lemma not in _TAKES_INFINITIVE:
        return
    to = next((c for c in node.sub("case") if c.lower == "to" and c.index == node.index - 1), None)
    if to is not None and node.dep in ("obl", "nmod", "obj"):
        node.tag, node.lemma, node.dep, to.dep = "VB", node.lower, "xcomp", "mark"


def _complement_of_request(node: Node) -> None:
    """In "asked the bloc to act", "demanded in a letter that it act" the clause is the verb's, not the noun's."""
    noun = node.head
    if (
        node.tag not in ("VB", "VBP")
        or node.dep != "acl"
        or noun is None
        or noun.head is None
        or noun.head.lemma not in _ASKING
    ):
        return
    mark = next((c.lower for c in node.children if c.lower in ("that", "to") and c.index < node.index), "")
    if mark == "that":
        node.tag = "VB"
        reattach(node, noun.head, "ccomp")
    elif mark == "to" and noun.mention is not None and noun.dep in ("obj", "iobj"):
        reattach(node, noun.head, "xcomp")

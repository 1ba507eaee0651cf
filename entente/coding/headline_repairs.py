"""Repair of a sentence that begins with an actor and a verb form, parsed as one noun phrase, as headlines are."""

from collections.abc import Mapping

from entente.coding.syntax import Node, reattach

_DAYS = frozenset(
    """
    monday tuesday wednesday thursday friday saturday sunday today yesterday earlier also has have had
    """.split()
)


def initial_verb(nodes: list[Node], lemma_of: Mapping[str, str]) -> None:
    """A sentence that begins with an actor and a verb form, parsed as one noun phrase ("Peru lifted sanctions …")."""
    first = next((n for n in nodes if n.mention is not None), None)
    if first is None or any(n.is_verb for n in nodes[: first.index]) or first.dep in ("nsubj", "nsubj:pass"):
        return
    first = last_conjunct(nodes, first)
    at = first.index + 1
    while at < len(nodes) and (nodes[at].tag == "RB" or nodes[at].lower in _DAYS or nodes[at].lower == "on"):
        at += 1
    if at + 1 >= len(nodes):
        return
    verb, after = nodes[at], nodes[at + 1]
    lemma = lemma_of.get(verb.lower)
    if lemma is None or lemma == verb.lower or after.lower in ("by", "-", "and") or verb.dep in ("aux", "cop"):
        return
    if any(c.dep in ("nsubj", "nsubj:pass") and c is not first for c in verb.children):
        return
    if verb.tag in ("VBD", "VBN") and any(n.is_verb and n.dep in ("root", "ROOT") for n in nodes) and verb.dep == "acl":
        return
    _make_root(nodes, first, verb, lemma)


def last_conjunct(nodes: list[Node], first: Node) -> Node:
    """The last actor of a list that the sentence begins with."""
    at = first.index
    while at + 2 < len(nodes) and nodes[at + 1].lower in ("and", ","):
        following = at + 3 if nodes[at + 2].lower in ("the", "and") and at + 3 < len(nodes) else at + 2
        if nodes[following].mention is None:
            break
        at = following
    return nodes[at]


def _make_root(nodes: list[Node], subject: Node, verb: Node, lemma: str) -> None:
    """Make `verb` the head of its clause, `subject` its subject, and the noun phrase that it was in its object."""
    phrase = verb.head
    verb.tag, verb.lemma = "VBD", lemma
    if phrase is None:
        reattach(subject, verb, "nsubj")
        return
    reattach(verb, None, "ROOT")
    top = phrase
    while top.head is not None and top.head is not verb:
        top = top.head
    for node in (top, phrase):
        for child in [c for c in node.children if c.index < verb.index and c is not subject]:
            reattach(child, verb, "obl" if child.dep == "nmod" else child.dep)
    if top is not subject:
        reattach(top, verb, "obj" if top.is_noun and not top.is_verb else "advcl")
    elif phrase is not subject:
        branch = phrase
        while branch.head is not None and branch.head is not subject:
            branch = branch.head
        reattach(branch, verb, "obj" if not branch.case() else "obl")
    elif phrase is subject:
        for child in [
            c
            for c in phrase.children
            if c.index > verb.index
            and c.dep in ("obj", "nmod", "appos", "conj", "dep", "obl", "compound", "nmod:unmarked")
        ]:
            reattach(child, verb, "obj" if not child.case() else "obl")
    if verb in list(subject.subtree()):
        for child in [c for c in subject.children if verb in list(c.subtree())]:
            reattach(child, None, child.dep)
    reattach(subject, verb, "nsubj")
    for node in nodes:
        if node.dep in ("root", "ROOT") and node is not verb:
            node.dep = "dep" if node.head is not None else node.dep

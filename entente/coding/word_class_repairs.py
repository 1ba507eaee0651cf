"""Repairs of words taken for another class: nouns for verbs, times for subjects, prepositions for particles."""

import re
from collections.abc import Container

from entente.coding.syntax import Node, reattach


def repair_word_classes(nodes: list[Node], nouns: Container[str] = ()) -> None:
    """Apply each of them to a tree, in place. `nouns`: those that the lexicon knows."""
    for node in nodes:
        _noun_tagged_verb(node)
        _participle_for_noun(node)
        _time_for_subject(node, nodes)
        _verb_tagged_noun(node)
        _particle_for_preposition(node, nodes)
        _adverb_for_noun(node, nodes, nouns)
        _verb_after_possessive(node)
        _to_court(node)
        _month_for_auxiliary(node, nodes)


def _noun_tagged_verb(node: Node) -> None:
    """In "has been under American sanctions" what follows a preposition and has a copula is a noun."""
    if node.is_verb and node.sub("cop") and node.case() and node.lower.endswith("s"):
        node.tag = "NNS"


def _participle_for_noun(node: Node) -> None:
    """In "in a deal arranged by Switzerland" the deal is the noun, and what was done to it comes after."""
    noun = next((c for c in node.sub("compound") if c.index == node.index - 1 and c.is_noun), None)
    if node.tag != "VBN" or node.dep not in ("obl", "nmod", "obj") or noun is None or noun.mention is not None:
        return
    before = [c for c in node.children if c.index < noun.index]
    reattach(noun, node.head, node.dep)
    reattach(node, noun, "acl")
    for child in before:
        reattach(child, noun, child.dep)


_SPANS = frozenset("minute hour day week month year decade moment".split())


def _time_for_subject(node: Node, nodes: list[Node]) -> None:
    """In "recognised it and hours later received its envoy" the hours do nothing."""
    after = nodes[node.index + 1].lower if node.index + 1 < len(nodes) else ""
    if node.dep == "nsubj" and node.tag == "CD" and re.fullmatch(r"(?:1[89]|20)\d\d", node.text):
        # "and in June 2021 imposed sanctions": nor do the years.
        node.dep = "obl:unmarked"
    if node.dep == "nsubj" and node.lemma in _SPANS and after in ("later", "earlier", "before", "afterwards", "after"):
        node.dep = "obl:unmarked"


def _verb_tagged_noun(node: Node) -> None:
    """In "turned down an EU offer to send …" what has an article is a noun."""
    article = any(c.dep == "det" and c.lower in ("a", "an", "the") and c.index < node.index for c in node.children)
    if not article or node.tag not in ("VB", "VBP", "VBZ") or node.dep not in ("xcomp", "ccomp"):
        return
    if not node.sub("nsubj", "aux", "mark"):
        node.tag, node.dep = "NN", "obj"
        for child in node.sub("xcomp", "advcl"):
            child.dep = "acl"


def _particle_for_preposition(node: Node, nodes: list[Node]) -> None:
    """In "entered its airspace off Kyushu" the word before a place is its preposition."""
    verb, after = node.head, nodes[node.index + 1] if node.index + 1 < len(nodes) else None
    if node.dep != "compound:prt" or verb is None or after is None or not after.is_noun or after.head is not verb:
        return
    if after.dep == "obl" and not after.case() and node.index > verb.index + 1:
        reattach(node, after, "case")


def _adverb_for_noun(node: Node, nodes: list[Node], nouns: Container[str]) -> None:
    """In "an end to the United States embargo on Cuba" the embargo is the noun, and the name says whose."""
    name = nodes[node.index - 1]
    known = node.index > 0 and node.tag == "RB" and node.lower in nouns
    if not known or name.mention is None or not name.sub("det") or name.head is None or node in name.path_up():
        return
    before, verb = list(name.children), node.head
    node.tag = "NN"
    reattach(node, name.head, name.dep)
    reattach(name, node, "compound")
    for child in before:
        reattach(child, node, child.dep)
    after = nodes[node.index + 1 : node.index + 5]
    for place in after:
        if place.dep == "obl" and place.head is verb and place.case() in ("on", "against", "of", "to"):
            reattach(place, node, "nmod")


def _verb_after_possessive(node: Node) -> None:
    """In "Ukraine's allies pledged more" the allies are who pledged."""
    noun = node.head
    if noun is None or node.dep != "nsubj" or not node.text.endswith("'s") or noun.index != node.index + 1:
        return
    verb = next((c for c in noun.sub("advcl", "ccomp", "xcomp", "conj") if c.index == noun.index + 1), None)
    if verb is None or verb.tag not in ("VBD", "VBZ", "VBP"):
        return
    others = [c for c in noun.children if c not in (node, verb)]
    reattach(verb, noun.head, noun.dep)
    reattach(noun, verb, "nsubj")
    for child in others:
        reattach(child, verb, child.dep)
    node.dep, noun.tag = "nmod:poss", "NNS"


def _to_court(node: Node) -> None:
    """In "took Israel to court" the court is no verb."""
    to = next((c for c in node.sub("mark") if c.lower == "to" and c.index == node.index - 1), None)
    if node.lower == "court" and node.tag == "VB" and to is not None and not node.sub("obj"):
        node.tag, node.dep, to.dep = "NN", "obl", "case"


def _month_for_auxiliary(node: Node, nodes: list[Node]) -> None:
    """In "recalled its envoy last May after …" May is a month."""
    before = nodes[node.index - 1] if node.index else None
    if node.text != "May" or node.dep != "aux" or before is None or before.lower not in ("last", "this", "next", "in"):
        return
    verb = next((g for g in node.path_up() if g.is_verb and g.index < node.index), None)
    if verb is not None:
        node.tag = "NNP"
        reattach(node, verb, "obl")
        reattach(before, node, "case" if before.lower == "in" else "amod")

"""Judgements: "Paris said that the German decision was a mistake" condemns it, without a verb that says so."""

from collections.abc import Collection, Iterator, Mapping

from entente.coding.acts import Decision
from entente.coding.clauses import Clauses, Part
from entente.coding.findings import Finding, OpenEnd, Telling, between, distinct
from entente.coding.modality import Modality
from entente.coding.parties import telling
from entente.coding.syntax import Node


def judgements(
    clauses: Clauses, words: Mapping[str, Collection[str]], modality: Modality
) -> Iterator[Finding | OpenEnd]:
    """What a speaker says that a deed is, open where it says not whose. `words`: nouns and adjectives of each act."""
    acts = {word: act for act, of_act in words.items() for word in of_act}
    for node in clauses.tree.nodes:
        act = acts.get(node.lemma) or acts.get(node.lower)
        if act is None or node.mention is not None or not any(c.lemma == "be" for c in node.sub("cop")):
            continue
        told = telling(clauses, modality.layers(node))
        if told.speaker is None or modality.is_negated(node) or node.sub("aux"):
            continue
        decision = Decision(act, "effective", f"was {node.lemma} → {act}", node)
        speaker = Part(node, told.speaker, 0)
        judged = distinct(list(_judged(clauses, node)))
        if not judged and any(_is_told_of(subject) for subject in node.sub("nsubj")):
            yield OpenEnd(decision, node, told.speaker)
        for target in judged[:1]:
            yield from between(node, decision, speaker, target, False, Telling(told.cues))


def _is_told_of(subject: Node) -> bool:
    """True for "the expulsions", "this step": something that the story has told."""
    return subject.mention is None and any(c.lower in ("the", "this", "these", "such") for c in subject.sub("det"))


def _judged(clauses: Clauses, node: Node) -> Iterator[Part]:
    """Whose deed or word it is: only one that belongs to somebody ("the Dutch decision"), not the somebody himself."""
    for subject in node.sub("nsubj"):
        if subject.mention is None and subject.is_noun:
            yield from (p for p in clauses.complements(subject, 0, 1) if p.prep in ("poss", "by", "of"))

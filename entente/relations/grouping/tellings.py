"""Tellings: how sure the reports of one event make it, taken together.

Owners whose reports are independent make an event surer than the surest of them. Reports that a coder is unsure of are
not independent in what they may have misled it by, nor are two that print one sentence: two paraphrases of one wire
share one misreading. So a telling supports others only from SUPPORTING on, and of like sentences one counts.
"""

from collections.abc import Sequence, Set
from math import prod

from entente.relations.events import SUPPORTING, Mention
from entente.relations.grouping.reprints import alike, runs_in_words

#: Owners whose sentences are compared, the surest; more of them change the confidence in its last place only.
_MOST = 12


def confidence_of(mentions: Sequence[Mention]) -> tuple[float, tuple[str, ...]]:
    """(confidence of the event that these mentions report, owners that support one another).

    `mentions` are the most confident first. The owners are in alphabetical order: those of whom a mention reaches
    SUPPORTING, less those whose sentence prints that of a surer one.
    """
    best = mentions[0].event.confidence
    if len(mentions) == 1:
        return round(best, 4), (mentions[0].owner,) if best >= SUPPORTING else ()
    surest: dict[str, Mention] = {}
    for mention in mentions:
        if mention.event.confidence >= SUPPORTING:
            surest.setdefault(mention.owner, mention)
    # By owner where two are as sure: not by the mentions' ids, which tell in which order articles arrived.
    ordered = sorted(surest.values(), key=lambda mention: (-mention.event.confidence, mention.owner))
    kept = _unlike(ordered[:_MOST]) if len(ordered) > 1 else ordered
    # In order: the product of floats depends on it in the last place.
    doubt = prod(1 - mention.event.confidence for mention in kept)
    return round(max(best, 1 - doubt), 4), tuple(sorted(mention.owner for mention in kept))


def _unlike(ordered: Sequence[Mention]) -> list[Mention]:
    """Those of these mentions whose sentence is not like that of an earlier one."""
    kept: list[Mention] = []
    printed: list[Set[tuple[str, ...]]] = []
    for mention in ordered:
        sentence = runs_in_words(mention.event.quote.text)
        if not any(alike(sentence, other) for other in printed):
            kept.append(mention)
        printed.append(sentence)
    return kept

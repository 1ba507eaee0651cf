"""Appositions: an unconfirmed term of office counts where the text names the person's country beside the name."""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from entente.coding.actors.mentions import ActorMention, Sense

#: Between the two: "Mohammed al-Bashir, Syria's prime minister", "the Syrian prime minister, Mohammed al-Bashir".
_BESIDE = re.compile(r"(?:['’]s)?[,\s(–-]{1,3}(?:the |then |now |who is |then-)?")


def confirmed(texts: Sequence[str], found: Sequence[Sequence[ActorMention]]) -> list[list[ActorMention]]:
    """The mentions of each sentence without unconfirmed senses, but those that an apposition anywhere vouches for."""
    if not any(sense.unconfirmed for mentions in found for m in mentions for sense in m.senses):
        return [list(mentions) for mentions in found]
    vouched = {sense for text, mentions in zip(texts, found, strict=True) for sense in _vouched(text, mentions)}
    return [[kept for m in mentions if (kept := _kept(m, vouched))] for mentions in found]


def _vouched(text: str, mentions: Sequence[ActorMention]) -> set[Sense]:
    """Senses of persons whose country stands beside their name."""
    senses = {sense for m in mentions for sense in m.apposed}
    for one, two in pairwise(mentions):
        if _BESIDE.fullmatch(text, one.end, two.start) and (one.form == "person") != (two.form == "person"):
            person, other = (one, two) if one.form == "person" else (two, one)
            senses |= {sense for sense in person.senses if sense.entity in other.entities()}
    return senses


def _kept(mention: ActorMention, vouched: set[Sense]) -> ActorMention | None:
    senses = tuple(s for s in mention.senses if not s.unconfirmed or s in vouched)
    return replace(mention, senses=senses) if senses else None

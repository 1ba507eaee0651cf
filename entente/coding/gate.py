"""The gate: which sentences are worth a parse. Two distinct actors, safe coreference counted, or a bilateral act."""

import re
from collections.abc import Collection, Sequence

from entente.coding.coreference import starts_with_pronoun
from entente.coding.mentions import Mention

_BACK = 3
_POSSESSIVE = re.compile(r"\b(?:[Ii]ts|[Tt]heir|[Tt]he two|[Bb]oth|[Tt]hey|[Ii]t)\b")


class Gate:
    """Decides from a sentence's words and mentions, before anything is parsed. `stems`: of bilateral acts' words."""

    def __init__(self, stems: Collection[str]) -> None:
        self._stems = re.compile(r"\b(?:" + "|".join(sorted(map(re.escape, stems))) + r")", re.IGNORECASE)

    def passes(self, text: str, mentions: Sequence[Mention], before: Sequence[Sequence[Mention]]) -> bool:
        """`before`: the mentions of each earlier sentence, the nearest last."""
        distinct = {frozenset(m.entities()) for m in mentions}
        if len(distinct) >= 2 or any(m.parts for m in mentions):
            return True
        near = [m for earlier in before[-_BACK:] for m in earlier]
        if not near and not (mentions and before):
            return False
        if mentions and starts_with_pronoun(text) and before[-1]:
            return True
        if not self._stems.search(text):
            return False
        return bool(mentions) or len({frozenset(m.entities()) for m in near}) >= 2

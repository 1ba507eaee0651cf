"""Sentences that tell what is played, shown or supposed: no act in them is told as one (wordings.toml, `unreal`)."""

import re
from collections.abc import Mapping, Sequence

from entente.coding.clauses import any_of

#: Up to five words, after none of which a clause ends: "computer" in "a computer game".
_FEW_WORDS = r"(?:[\w'’“\"-]+ ){0,5}?"


class Unreal:
    """Recognises sentences about what is not so."""

    def __init__(self, row: Mapping[str, Sequence[str]]) -> None:
        """`row`: the table `unreal` of wordings.toml."""
        works, supposed = any_of(row["works"]).pattern, any_of(row["supposed"]).pattern
        within, one, shown, then = ("|".join(row[part]) for part in ("within", "one", "shown", "then"))
        # In "a novel attempt" the word is none of a work.
        ended = rf"(?=\W*$|\W?[,;:.)]|\W? (?:{then}|\w+ed)\b|['’\"”]* [“\"A-Z])"
        self._whole = [
            # "in a film released on Friday"
            re.compile(rf"(?i:\b(?:{within}) (?:{one}) {_FEW_WORDS}{works}){ended}"),
            # "Suppose Iran closes"
            re.compile(rf"(?i:^\W*{supposed})"),
            # "Red Force Russia"
            any_of(row["roles"]),
        ]
        # "the series, in which", "a novel imagines"
        self._shown = re.compile(rf"(?i:{works}\W+(?:\w+\W+){{0,4}}?(?:{shown})\b)")
        self._unless = any_of(row["unless"])

    def tells(self, sentence: str, at: int) -> bool:
        """Whether what a sentence tells at this offset is not so."""
        found = any(pattern.search(sentence) for pattern in self._whole) or self._shown.search(sentence, 0, at)
        return bool(found) and not self._unless.search(sentence)

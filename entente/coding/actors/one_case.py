"""Names in texts of one case, such as "china expels two diplomats": no capitals show them, so the words around must."""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from entente.coding.actors.mentions import Name
from entente.coding.actors.spelling import lowered, plain

Match = tuple[Name, int, int]

_CAPITALISED = re.compile(r"[A-ZÀ-ÖØ-Þ][a-zß-öø-ÿ]")
_JOINT = re.compile(r"\s?[-/–&]\s?|, (?:and )?| and | or ")

#: A name of so few letters is read in lower case only where the words around it say so.
_SHORT = 3


def is_one_case(text: str) -> bool:
    """True if no word of the text is written with a capital and small letters, and it has words."""
    return not _CAPITALISED.search(text) and any(map(str.isalpha, text))


def is_capitals(text: str) -> bool:
    """True for a text of one case that is in capitals but for a word or two."""
    capitals = sum(map(str.isupper, text))
    return capitals > sum(map(str.islower, text))


def recased(text: str, matches: Sequence[Match]) -> str:
    """The text in lower case, as long as before, with the names as the tables write them."""
    lower = lowered(text)
    pieces, done = [], 0
    for name, start, end in matches:
        shown = name.text if len(name.text) == end - start else lower[start:end].title()
        pieces += [lower[done:start], shown]
        done = end
    return "".join([*pieces, lower[done:]])


@dataclass(frozen=True, slots=True)
class OneCase:
    """Decides which matches in a text of one case are names. Lists in lower case: seeds/actors/one_case.toml."""

    words: frozenset[str]
    words_in_capitals: frozenset[str]
    never: frozenset[str]
    abbreviations: frozenset[str]
    firsts: frozenset[str]
    after: re.Pattern[str]
    after_first: re.Pattern[str]
    before: re.Pattern[str]
    pronoun: re.Pattern[str]
    accents: tuple[str, ...]

    @classmethod
    def load(cls, path: Path) -> "OneCase":
        """Read one_case.toml."""
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        after, first, before, pronoun = (_phrases(table[key]) for key in ("after", "after_first", "before", "pronoun"))
        return cls(
            frozenset(table["words"].split()),
            frozenset(table["words_in_capitals"].split()),
            frozenset(_listed(table["never"])),
            frozenset(table["abbreviations"].split()),
            frozenset(table["firsts"].split()),
            re.compile(rf"(?:'s)? (?:{after})\b"),
            re.compile(rf" (?:{first})\b"),
            re.compile(rf"\b(?:{before}) (?:the )?$"),
            re.compile(rf"\b(?:{pronoun}) $"),
            tuple(table["accents"].split()),
        )

    def kept(self, text: str, matches: Sequence[Match]) -> list[Match]:
        """Those of `matches` that are names."""
        lower = lowered(plain(text))
        capitals = is_capitals(text)
        sure = [self._is_sure(text, lower, match, capitals) for match in matches]
        for order in (range(1, len(matches)), range(len(matches) - 2, -1, -1)):
            for i in order:
                other = i - 1 if order.step > 0 else i + 1
                one, two = sorted((i, other))
                joined = _JOINT.fullmatch(text, matches[one][2], matches[two][1])
                sure[i] = sure[i] or (sure[other] and bool(joined) and lower[slice(*matches[i][1:])] not in self.never)
        return [match for match, is_sure in zip(matches, sure, strict=True) if is_sure]

    def _is_sure(self, text: str, lower: str, match: Match, capitals: bool) -> bool:
        name, start, end = match
        word = lower[start:end]
        if word in self.never or (name.is_party and not capitals):
            return False
        if word == "us" and self.pronoun.search(lower, max(0, start - 12), start):
            return False
        if text[start:end] == name.text and word != text[start:end]:
            # Capitals as in the name: an abbreviation, which they prove unless it is a word.
            return not capitals or word not in self.words_in_capitals or word == "us" or self._in_context(lower, match)
        if not capitals and name.text.isupper() and " " not in word and word not in self.abbreviations:
            return False
        guarded = self.words_in_capitals if capitals else self.words
        if word not in guarded and (capitals or len(word) > _SHORT or word in self.abbreviations):
            return True
        return self._in_context(lower, match)

    def _in_context(self, lower: str, match: Match) -> bool:
        _, start, end = match
        if self.after.match(lower, end):
            return True
        word = lower[start:end]
        if start == 0 and word in self.firsts and (word == "us" or self.after_first.match(lower, end)):
            return True
        return word != "us" and bool(self.before.search(lower, max(0, start - 30), start))


def _listed(field: str) -> list[str]:
    return [part.strip() for part in field.replace("\n", "|").split("|") if part.strip()]


def _phrases(field: str) -> str:
    return "|".join(map(re.escape, sorted(_listed(field), key=len, reverse=True)))

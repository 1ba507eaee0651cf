"""What an event's facet item is: the measure of a sanction, the kind of an aid, the name of a treaty (items.toml)."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_WORD = re.compile(r"[^\W_]+(?:[-’'][^\W_]+)*")

#: What ends the clause that tells an act.
_END = re.compile(r"[;:]|,? (?:while|whereas|although|but|after which)\b|, (?:and|or) (?=[A-Z])")


@dataclass(frozen=True, slots=True)
class _Key:
    name: str
    items: Sequence[tuple[str, re.Pattern[str]]]


class Items:
    """Names the item of an act from the words around its trigger."""

    def __init__(self, table: Mapping[str, dict[str, object]]) -> None:
        """`table`: items.toml as read."""
        self._fixed = {str(act): str(item) for act, item in table["fixed"].items()}
        self._keys: dict[str, _Key] = {}
        for name, row in table["words"].items():
            assert isinstance(row, dict)
            key = _Key(name, [(item, _pattern(cues)) for item, cues in row.items() if item != "acts"])
            self._keys.update(dict.fromkeys(row["acts"], key))
        treaty = table["treaty"]
        self._treaties = frozenset(treaty["acts"])  # type: ignore[call-overload]
        self._treaty = _pattern(treaty["nouns"])  # type: ignore[arg-type]
        self._most_words = int(treaty["most_words"])  # type: ignore[call-overload]

    @classmethod
    def load(cls, path: Path) -> "Items":
        """Read the table."""
        return cls(tomllib.loads(path.read_text(encoding="utf-8")))

    def of(self, act: str, sentence: str, start: int, end: int) -> tuple[str, ...]:
        """`measure:…`, `aid:…` or `treaty:…` of an act told by sentence[start:end]; empty if nothing names one."""
        if act in self._fixed:
            return (self._fixed[act],)
        begin, finish = _clause(sentence, start, end)
        if act in self._treaties:
            named = self._treaty_name(sentence, begin, finish, end)
            return (f"treaty:{named}",) if named else ()
        key = self._keys.get(act)
        if key is None:
            return ()
        found = [
            (_distance(match, start, end), order, item)
            for order, (item, cues) in enumerate(key.items)
            for match in cues.finditer(sentence, begin, finish)
        ]
        return (f"{key.name}:{min(found)[2]}",) if found else ()

    def _treaty_name(self, sentence: str, begin: int, finish: int, end: int) -> str:
        nouns = list(self._treaty.finditer(sentence, begin, finish))
        if not nouns:
            return ""
        noun = min(nouns, key=lambda match: abs(match.start() - end))
        before: list[str] = []
        for word in reversed(list(_WORD.finditer(sentence, begin, noun.start()))):
            beside = before[-1] if before else noun[0]
            gap = sentence[word.end() : sentence.index(beside, word.end())]
            if gap != " " or not word[0].islower() or word[0] in _SMALL or len(before) == self._most_words:
                break
            before.append(word[0])
        return " ".join([*reversed(before), noun[0].lower()])


_SMALL = frozenset(
    "a an the of in on to with for and or its their his her new this that from by under between signed ratified two "
    "both bilateral draft long-awaited historic landmark as into first which ratify sign suspend end denounced".split()
)


def _pattern(cues: Sequence[str]) -> re.Pattern[str]:
    words = "|".join(re.escape(cue.removesuffix("*")) + (r"\w*" if cue.endswith("*") else "") for cue in cues)
    return re.compile(rf"\b(?:{words})\b", re.IGNORECASE)


def _clause(sentence: str, start: int, end: int) -> tuple[int, int]:
    """The stretch of the sentence around [start, end) that no other clause begins in."""
    before = [match.end() for match in _END.finditer(sentence, 0, start)]
    after = _END.search(sentence, end)
    return (before[-1] if before else 0), (after.start() if after else len(sentence))


def _distance(match: re.Match[str], start: int, end: int) -> int:
    """Code points between a word and the trigger; what stands before it counts double, for objects follow."""
    if match.end() <= start:
        return 2 * (start - match.end())
    return max(0, match.start() - end)

"""Words that tell another act than the one for which the reader takes them (seeds/coder/wordings.toml)."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from entente.coding.clauses import Clauses, any_of
from entente.coding.reader.choices import NOT_TOLD
from entente.coding.reader.reader import ReadEvent
from entente.relations.codebook import HAPPENED

#: The word before the trigger: "partly lifted".
_WORD_BEFORE = re.compile(r"[^\W_]+\W{1,3}$")

#: Code points before the trigger in which the word before it begins.
_LONGEST_WORD = 30

#: A sentence that asks, whatever quotation marks it ends with.
_QUESTION = re.compile(r"\?\W*$")


@dataclass(frozen=True, slots=True)
class _Rule:
    name: str
    acts: frozenset[str]
    words: re.Pattern[str]
    unless: re.Pattern[str] | None
    in_clause: bool
    act: str | None
    status: str | None

    def fits(self, trigger: str, clause: str) -> bool:
        """Whether the words that tell the act, or of a rule on its clause those of that, tell another."""
        told = clause if self.in_clause else trigger
        return self.words.search(told) is not None and not (self.unless and self.unless.search(told))


class Wordings:
    """Corrects what is told as done by the words that tell it."""

    def __init__(self, table: Mapping[str, Any], clauses: Clauses) -> None:
        """`table`: wordings.toml as read."""
        self._clauses = clauses
        self._kinds = {
            act: {of: any_of(words) for of, words in kind["words"].items()}
            for kind in table["kind"]
            for act in (*kind["words"], *kind.get("others", ()))
        }
        self._rules = [
            _Rule(
                row["name"],
                frozenset(row["acts"]),
                any_of(row["words"]),
                any_of(row["unless"]) if "unless" in row else None,
                row.get("in_clause", False),
                row.get("act"),
                row.get("status"),
            )
            for row in table["rule"]
        ]

    @classmethod
    def load(cls, path: Path, clauses: Clauses) -> "Wordings":
        """Read the table."""
        return cls(tomllib.loads(path.read_text(encoding="utf-8")), clauses)

    def told_apart(self, event: ReadEvent, sentence: str) -> list[ReadEvent]:
        """The event, or where acts of one kind count in it, one for each of those that the words of its clause name."""
        acts = self._kinds.get(event.choice.act, {}) if event.choice.kind else {}
        heard = self._clauses.heard(sentence, *event.trigger) if acts else ""
        named = [act for act, words in acts.items() if words.search(heard)]
        return [replace(event, choice=replace(event.choice, act=act)) for act in named] or [event]

    def corrected(self, event: ReadEvent, sentence: str) -> ReadEvent | None:
        """The event as its words tell it; None if the sentence only asks about it, or the words tell of none."""
        choice = event.choice
        if choice.status not in HAPPENED:
            return event
        if _QUESTION.search(sentence):
            return None
        start, end = event.trigger
        before = _WORD_BEFORE.search(sentence, max(0, start - _LONGEST_WORD), start)
        told = sentence[before.start() if before else start : end]
        begin, finish = self._clauses.around(sentence, start, end)
        for rule in self._rules:
            if choice.act in rule.acts and rule.fits(told, sentence[begin:finish]):
                if rule.status in NOT_TOLD:
                    return None
                changed = replace(
                    choice, act=rule.act or choice.act, status=rule.status or choice.status, rule=rule.name
                )
                return replace(event, choice=changed)
        return event

"""Words that tell another act than the one for which the reader takes them (seeds/coder/wordings.toml)."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from entente.coding.clauses import Clauses, any_of
from entente.coding.reader.choices import NOT_TOLD
from entente.coding.reader.reader import ReadEvent
from entente.coding.stages import Stages
from entente.coding.unreal import Unreal
from entente.relations.codebook import HAPPENED

#: The word before the trigger: "partly lifted".
_WORD_BEFORE = re.compile(r"[^\W_]+\W{1,3}$")

#: Code points before the trigger in which the word before it begins.
_LONGEST_WORD = 30

#: Where a rule looks for its words: in the trigger with the word before it, its clause, or what follows the trigger.
_TRIGGER, _CLAUSE, _AFTER = "trigger", "clause", "after"

#: Code points after the trigger that a rule looks at.
_REACH = 150

#: A sentence that asks, whatever quotation marks it ends with.
_QUESTION = re.compile(r"\?\W*$")

#: Likelihood of an act at most that a rule calls unsure: below every floor.
_UNSURE = 0.45

#: Likelihood from which an act is told that no word of its own names, beside one of its kind that has some.
_SURE = 0.6


@dataclass(frozen=True, slots=True)
class _Rule:
    name: str
    acts: frozenset[str]
    words: re.Pattern[str]
    unless: re.Pattern[str] | None
    scope: str
    act: str | None
    status: str | None
    unsure: bool

    def fits(self, told: Mapping[str, str]) -> bool:
        """Whether the words in the rule's scope tell another act; `told`: those of each scope."""
        words = told[self.scope]
        return self.words.search(words) is not None and not (self.unless and self.unless.search(words))


@dataclass(frozen=True, slots=True)
class _Kind:
    """Acts that do the same to different items: by their words, and those that name none.

    Those `covered` tell no more than one that is named.
    """

    words: Mapping[str, re.Pattern[str]]
    others: Sequence[str]
    covered: Sequence[str]

    @property
    def acts(self) -> Sequence[str]:
        return *self.words, *self.others

    def named(self, clause: str, chances: Mapping[str, float]) -> dict[str, float]:
        """The acts that a clause names, each with the chance that it, or an act that is not named, is told."""
        found = [act for act, words in self.words.items() if words.search(clause)]
        unnamed = sum(chances.get(act, 0.0) for act in self.acts if act not in found)
        return {act: min(1.0, chances.get(act, 0.0) + unnamed) for act in found}


class Wordings:
    """Corrects what is told as done by the words that tell it."""

    def __init__(self, table: Mapping[str, Any], clauses: Clauses) -> None:
        """`table`: wordings.toml as read."""
        self._clauses = clauses
        self._unreal = Unreal(table["unreal"])
        self.stages = Stages.of(table["stage"])
        self._kinds: dict[str, _Kind] = {}
        for row in table["kind"]:
            kind = _Kind(
                {act: any_of(words) for act, words in row["words"].items()},
                row.get("others", ()),
                row.get("covered", ()),
            )
            self._kinds.update(dict.fromkeys(kind.acts, kind))
        #: The acts of an act's kind, itself among them.
        self.kinds: Mapping[str, Sequence[str]] = {act: kind.acts for act, kind in self._kinds.items()}
        self._rules = [
            _Rule(
                row["name"],
                frozenset(row["acts"]),
                any_of(row["words"]),
                any_of(row["unless"]) if "unless" in row else None,
                row.get("scope", _TRIGGER),
                row.get("act"),
                row.get("status"),
                row.get("unsure", False),
            )
            for row in table["rule"]
        ]

    @classmethod
    def load(cls, path: Path, clauses: Clauses) -> "Wordings":
        """Read the table."""
        return cls(tomllib.loads(path.read_text(encoding="utf-8")), clauses)

    def told_apart(self, events: Sequence[ReadEvent], sentence: str) -> list[ReadEvent]:
        """The events of one line and pair; of those of one kind the ones that the words of the clause name, if any.

        An act of the kind that is sure by itself stays, unless one that is named covers it.
        """
        found: list[ReadEvent] = []
        done: dict[int, dict[str, float]] = {}
        for event in events:
            kind = self._kinds.get(event.choice.act)
            if kind is None or not event.choice.kin:
                found.append(event)
                continue
            named = done.get(id(kind))
            if named is None:
                named = kind.named(self._clauses.heard(sentence, *event.trigger), event.choice.kin)
                done[id(kind)] = named
                found += [_told_as(event, act, likelihood) for act, likelihood in named.items()]
            act, sure = event.choice.act, event.choice.likelihood >= _SURE
            if act not in named and (not named or (sure and act not in kind.covered)):
                found.append(event)
        return found

    def corrected(self, event: ReadEvent, sentence: str) -> ReadEvent | None:
        """The event as its words tell it; None if the sentence only asks about it or tells what is not so."""
        choice = event.choice
        if self._unreal.tells(sentence, event.trigger[0]):
            return None
        if choice.status not in HAPPENED:
            return event
        if _QUESTION.search(sentence):
            return None
        start, end = event.trigger
        before = _WORD_BEFORE.search(sentence, max(0, start - _LONGEST_WORD), start)
        told = {
            _TRIGGER: sentence[before.start() if before else start : end],
            _CLAUSE: self._clauses.heard(sentence, start, end),
            _AFTER: sentence[end : end + _REACH],
        }
        for rule in self._rules:
            if choice.act in rule.acts and rule.fits(told):
                if rule.status in NOT_TOLD:
                    return None
                changed = replace(
                    choice,
                    act=rule.act or choice.act,
                    status=rule.status or choice.status,
                    likelihood=min(choice.likelihood, _UNSURE) if rule.unsure else choice.likelihood,
                    rule=rule.name,
                    unsure=rule.unsure,
                )
                return replace(event, choice=changed)
        return event


def _told_as(event: ReadEvent, act: str, likelihood: float) -> ReadEvent:
    return replace(event, choice=replace(event.choice, act=act, likelihood=likelihood))

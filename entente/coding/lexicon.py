"""The coder's lexicon: seeds/frames as look-up tables.

nouns.txt (noun → class), verbs.txt and operator_nouns.txt (word → operators), operators.toml (operator × class → act),
defaults.txt (verb → act on its object), frames.toml (ordered special frames), act_sets.toml (properties of acts),
taken_up.toml (what a story has told, done again), cues.toml (modality), institutions.txt (nouns that make an actor of a
name). How to add a line: seeds/frames/README.md.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from entente.coding.taken_up import TakenUp


@dataclass(frozen=True, slots=True)
class Frame:
    """One special frame, tried in file order before the algebra. Empty conditions hold always.

    `verbs`: lemmas, with particle or preposition as lemma_particle. `objects`: noun classes (@class), lemmas, "ACTOR"
    or "NONE". `preps`: each "prep:class|lemma|ACTOR|*" must be among the verb's obliques. `words`: one of these lemmas
    is in the clause. `subjects`: sectors or noun classes. `target`: "prep:to" and the like fixes whose the target is.
    """

    act: str
    verbs: frozenset[str]
    objects: frozenset[str] = frozenset()
    preps: tuple[str, ...] = ()
    words: frozenset[str] = frozenset()
    without: frozenset[str] = frozenset()
    subjects: frozenset[str] = frozenset()
    status: str = ""
    target: str = ""
    swap: bool = False
    must: tuple[str, ...] = ()
    must_not: tuple[str, ...] = ()


@dataclass(frozen=True)
class Lexicon:
    """All tables, as read. Keys are lower-case lemmas, several words joined by a blank (nouns) or _ (verbs)."""

    nouns: Mapping[str, str]
    operators: Mapping[str, tuple[str, ...]]
    matrix: Mapping[tuple[str, str], tuple[str, str]]
    noun_operators: Mapping[str, tuple[str, ...]]
    undo: Mapping[str, str]
    offered: Mapping[str, str]
    nominal: frozenset[str]
    act_sets: Mapping[str, frozenset[str]]
    taken_up: TakenUp
    defaults: Mapping[str, str]
    frames: tuple[Frame, ...]
    cues: Mapping[str, Mapping[str, frozenset[str]]]
    institutions: Mapping[str, tuple[str, bool]]

    @cached_property
    def frames_by_verb(self) -> dict[str, list[Frame]]:
        """The frames that can fit a verb, in file order."""
        index: dict[str, list[Frame]] = {}
        for frame in self.frames:
            for verb in frame.verbs:
                index.setdefault(verb, []).append(frame)
        return index

    @cached_property
    def complement(self) -> dict[str, str]:
        """Governing word → what it makes of its complement's act."""
        return {word: kind for kind, words in self.cues["complement"].items() for word in words}

    @cached_property
    def verbs(self) -> frozenset[str]:
        """Every lemma that some table knows as a verb."""
        keys = [
            *self.operators,
            *self.defaults,
            *self.frames_by_verb,
            *self.cues["reporting"]["verbs"],
            *self.complement,
        ]
        return frozenset(key.split("_")[0] for key in keys)

    @classmethod
    def load(cls, frames: Path) -> "Lexicon":
        """Read seeds/frames. Raises ValueError naming the file for a malformed line."""
        matrix = tomllib.loads((frames / "operators.toml").read_text(encoding="utf-8"))
        undo, offered, nominal = matrix.pop("undo"), matrix.pop("offered"), matrix.pop("nominal")
        operators = _operators(frames / "verbs.txt")
        named = _operators(frames / "operator_nouns.txt")
        institutions = {}
        for label, words in read_lists(frames / "institutions.txt"):
            sector, _, person = label.partition(" ")
            institutions.update({word: (sector, bool(person)) for word in words})
        return cls(
            nouns={noun: kind for kind, nouns in read_lists(frames / "nouns.txt") for noun in nouns},
            operators=operators,
            matrix={(kind, operator): _cell(cell) for kind, row in matrix.items() for operator, cell in row.items()},
            noun_operators={_gerund(verb): ops for verb, ops in operators.items() if "_" not in verb} | named,
            undo=undo,
            offered=offered,
            nominal=frozenset(nominal["classes"]),
            act_sets={
                name: frozenset(acts.split())
                for name, acts in tomllib.loads((frames / "act_sets.toml").read_text(encoding="utf-8")).items()
            },
            taken_up=TakenUp.load(frames / "taken_up.toml"),
            defaults={verb: act for act, verbs in read_lists(frames / "defaults.txt") for verb in verbs},
            frames=tuple(_frame(row) for row in tomllib.loads((frames / "frames.toml").read_text("utf-8"))["frame"]),
            cues=_cues(tomllib.loads((frames / "cues.toml").read_text(encoding="utf-8"))),
            institutions=institutions,
        )


def read_lists(path: Path) -> Iterator[tuple[str, list[str]]]:
    """Lines of ``label: item, item, …``; # starts a comment line."""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        label, colon, items = line.partition(":")
        if not colon:
            raise ValueError(f"{path.name}:{number}: expected 'label: item, item'")
        yield label.strip(), [item.strip() for item in items.split(",") if item.strip()]


def _operators(path: Path) -> dict[str, tuple[str, ...]]:
    operators: dict[str, tuple[str, ...]] = {}
    for operator, words in read_lists(path):
        for word in words:
            operators[word] = (*operators.get(word, ()), operator)
    return operators


def _gerund(verb: str) -> str:
    """The noun of doing it: "severing", "lifting", "banning"."""
    stem = verb[:-1] if verb.endswith("e") and not verb.endswith(("ee", "oe")) else verb
    return f"{stem}{stem[-1]}ing" if _DOUBLED.search(stem) and stem == verb else f"{stem}ing"


#: Verbs of one syllable double their last consonant, and a few others.
_DOUBLED = re.compile(r"^[^aeiou]*[aeiou][bdgmnprt]$|(?:quit|cel|(?:com|ad|sub)mit|pel|gin|run|fer|nul|bid|nap)$")


def _cell(cell: str) -> tuple[str, str]:
    act, _, status = cell.partition("/")
    return act, status


def _cues(tables: Mapping[str, Mapping[str, list[str]]]) -> dict[str, dict[str, frozenset[str]]]:
    return {name: {kind: frozenset(words) for kind, words in table.items()} for name, table in tables.items()}


def _frame(row: Mapping[str, Any]) -> Frame:
    def words(key: str) -> frozenset[str]:
        return frozenset(word.strip() for word in row.get(key, "").split("|") if word.strip())

    return Frame(
        act=row["act"],
        verbs=words("verb"),
        objects=words("object"),
        preps=tuple(part.strip() for part in row.get("with", "").split("&") if part.strip()),
        words=words("words"),
        without=words("without"),
        subjects=words("subject"),
        status=row.get("status", ""),
        target=row.get("target", ""),
        swap=row.get("swap", False),
        must=tuple(row.get("must", ())),
        must_not=tuple(row.get("must_not", ())),
    )

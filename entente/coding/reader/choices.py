"""Which of the acts that the network holds possible are told: by how sure it is of the pair, the root and the act."""

from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from entente.coding.reader.model import Floats, Labels, PairAnswers
from entente.relations.codebook import HAPPENED

#: Statuses of what a text tells as not having happened: no event comes of it.
NOT_TOLD = frozenset({"negated", "hypothetical"})

#: What decisions.toml must have, by table.
_WANTED = {
    "": ("pair", "mover", "general_act"),
    "reread": ("pair", "most", "share"),
    "further": ("left", "pair", "mover"),
}


@dataclass(frozen=True, slots=True)
class Thresholds:
    """How sure a choice must be (decisions.toml beside the weights).

    `pair`: that anything is told of the pair; `mover`: of an act that would move a facet and is told as done;
    `general_act`: of a root, what is told instead of a mover that is not sure.
    `effects`: what an act that moves a facet would do to it; acts of the same effect are as good as one another.
    `kinds`: the acts of an act's kind, which words may tell apart (wordings.py).
    `reread`: the chance that anything is told of a pair from which it is read again by itself; `most_reread` pairs of a
    window, the likeliest, are; `share`: how much the second reading counts.
    `left`: the share of other acts in what is told of a pair from which it is asked what else it does, with what is
    known marked; `further`: how sure those answers must be, the known act left out.
    """

    pair: float
    mover: float
    general_act: Mapping[str, str] = field(default_factory=dict)
    effects: Mapping[str, Hashable] = field(default_factory=dict)
    kinds: Mapping[str, Sequence[str]] = field(default_factory=dict)
    reread: float = 1.0
    most_reread: int = 0
    share: float = 0.0
    left: float = 1.0
    further: "Thresholds | None" = None

    def __post_init__(self) -> None:
        """Raises ValueError if one that is a chance or a share is none."""
        for name in ("pair", "mover", "reread", "share", "left"):
            value = getattr(self, name)
            if not isinstance(value, int | float) or not 0 <= value <= 1:
                raise ValueError(f"{name} must be from 0 to 1, not {value!r}")

    @classmethod
    def of(
        cls, table: Mapping[str, Any], effects: Mapping[str, Hashable], kinds: Mapping[str, Sequence[str]]
    ) -> "Thresholds":
        """From decisions.toml as read, the effects of the acts that move a facet, and their kinds.

        Raises ValueError if a table or a threshold is missing or is no chance.
        """
        for name, wanted in _WANTED.items():
            within = table.get(name, {}) if name else table
            if missing := [one for one in wanted if one not in within]:
                raise ValueError(f"{'.'.join(filter(None, (name, missing[0])))} is missing")
        again = table["reread"]
        told = table["pair"], table["mover"], table["general_act"]
        own = cls(*told, effects, kinds, again["pair"], again["most"], again["share"])
        more = table["further"]
        further = replace(own, pair=more["pair"], mover=more["mover"])
        return replace(own, left=more["left"], further=further)


@dataclass(frozen=True, slots=True)
class Choice:
    """An act of a pair: row of the pair, its number and name, and status.

    `likelihood`: the chance that parties, act and status are right together, as the network has it (uncalibrated).
    `guessed` is an answer to a caller who asked, where the text may tell nothing. `further`: told of a pair beside acts
    that are known, by the second reading alone. `kin`: of a mover told as done, each act of its kind
    (`Thresholds.kinds`) with the chance that it is told as done. `unsure`: by the words that tell it, so that no
    evidence makes it surer.
    """

    row: int
    number: int
    act: str
    status: str
    likelihood: float
    rule: str = ""
    guessed: bool = False
    further: bool = False
    kin: Mapping[str, float] = field(default_factory=dict)
    unsure: bool = False


def choose(answers: PairAnswers, labels: Labels, thresholds: Thresholds) -> list[Choice]:
    """The choices of all pairs that are sure enough.

    A pair's likeliest root is chosen before the act, and acts of one effect count together: three acts of a root that
    each have a third of the chance are a sure root, and three that do the same to a facet a sure mover.
    """
    alike = _alike(labels, thresholds.effects)
    found: list[Choice] = []
    for row in np.flatnonzero(1 - answers.chances[:, 0] >= thresholds.pair).tolist():
        joint = answers.chances[row, 1:, None] * answers.statuses(row)
        joint[:, [labels.statuses.index(status) for status in NOT_TOLD]] = 0.0
        if float(joint.sum()) < thresholds.pair:
            continue
        inside = np.where(labels.root_of == _likeliest_root(joint, labels), joint, 0.0)
        best = int(np.bincount(alike, weights=inside.sum(1)).argmax())
        choice = _choice(row, np.where((alike == best)[:, None], inside, 0.0), answers.done[row], labels, thresholds)
        if choice is not None:
            found.append(choice)
    return found


def choose_further(
    answers: PairAnswers, labels: Labels, thresholds: Thresholds, known: Sequence[Choice]
) -> list[Choice]:
    """The choices of pairs of which one act is `known` (one a row): not that one, nor a general act of its root."""
    others = answers.besides([one.number for one in known])
    return [
        replace(choice, further=True)
        for choice in choose(others, labels, thresholds)
        if not (choice.rule and _root(choice, labels) == _root(known[choice.row], labels))
    ]


def _alike(labels: Labels, effects: Mapping[str, Hashable]) -> NDArray[np.int64]:
    """A number for each act, the same for acts of the same effect."""
    numbers: dict[Hashable, int] = {}
    return np.array([numbers.setdefault(effects.get(act, act), len(numbers)) for act in labels.acts])


def _likeliest_root(joint: Floats, labels: Labels) -> int:
    return int(np.bincount(labels.root_of.ravel(), weights=joint.ravel(), minlength=len(labels.roots)).argmax())


def _choice(row: int, inside: Floats, done: Floats, labels: Labels, thresholds: Thresholds) -> Choice | None:
    """The choice among the acts of a group: `inside` (A, S), their chances with each status, of others 0.

    None if it is a mover that is not sure and its root has no general act.
    """
    stages: dict[str, float] = defaultdict(float)
    for status, chance in zip(labels.statuses, inside.sum(0).tolist(), strict=True):
        stages["effective" if status in HAPPENED else status] += chance
    stage = max(stages, key=lambda name: stages[name])
    columns = [i for i, s in enumerate(labels.statuses) if s == stage or (stage == "effective" and s in HAPPENED)]
    act = int(inside[:, columns].sum(1).argmax())
    status = labels.statuses[columns[int(inside[act, columns].argmax())]]
    name, likelihood, rule = labels.acts[act], stages[stage], ""
    if stage == "effective" and name in thresholds.effects:
        happened = min(1.0, float(done[inside.sum(1) > 0].sum()))
        if happened < thresholds.mover:
            root = labels.roots[int(labels.root_of[act][labels.statuses.index("effective")])]
            general = thresholds.general_act.get(root)
            if general is None:
                return None
            name, rule = general, f"general act of {root} instead of {name}"
        else:
            likelihood = happened
    done_as = thresholds.kinds.get(name, ()) if status in HAPPENED else ()
    kin = {of: float(done[labels.acts.index(of)]) for of in done_as}
    return Choice(row, labels.acts.index(name), name, status, likelihood, rule, kin=kin)


def answer_every(answers: PairAnswers, labels: Labels, thresholds: Thresholds, rows: Sequence[int]) -> list[Choice]:
    """The likeliest root of each of these pairs, and its likeliest act; a guess where nothing may be told at all."""
    found = []
    for row in rows:
        told = 1 - float(answers.chances[row, 0])
        joint = _acts(answers, row)[:, None] * answers.statuses(row)
        joint[:, [labels.statuses.index(status) for status in NOT_TOLD]] = 0.0
        roots = np.bincount(labels.root_of.ravel(), weights=joint.ravel(), minlength=len(labels.roots))
        inside = np.where(labels.root_of == int(roots.argmax()), joint, 0.0)
        act, status = (int(i) for i in np.unravel_index(int(inside.argmax()), inside.shape))
        guessed = told < thresholds.pair
        rule = "a guess: the caller asked about two" if guessed else "the likeliest root of two"
        likelihood = told * float(roots.max())
        found.append(Choice(row, act, labels.acts[act], labels.statuses[status], likelihood, rule, guessed))
    return found


def _root(choice: Choice, labels: Labels) -> int:
    return int(labels.root_of[choice.number][labels.statuses.index(choice.status)])


def _acts(answers: PairAnswers, row: int) -> Floats:
    """The shares of the acts, given that one is told."""
    shares: Floats = answers.chances[row, 1:] / max(1 - float(answers.chances[row, 0]), 1e-9)
    return shares

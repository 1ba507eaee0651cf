"""Which of the acts that the network holds possible are told: by how sure it is of the pair, the root and the act."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from entente.coding.reader.model import Floats, Labels, PairAnswers
from entente.relations.codebook import HAPPENED

#: Statuses of what a text tells as not having happened: no event comes of it.
NOT_TOLD = frozenset({"negated", "hypothetical"})


@dataclass(frozen=True, slots=True)
class Thresholds:
    """How sure a choice must be (decisions.toml beside the weights).

    `pair`: that anything is told of the pair; `mover`: of an act that would move a facet and is told as done; `second`:
    share of a second act of the same pair; `general_act`: of a root, what is told instead of a mover that is not sure.
    """

    pair: float
    mover: float
    second: float
    general_act: dict[str, str] = field(default_factory=dict)
    movers: frozenset[str] = frozenset()

    @classmethod
    def of(cls, table: Mapping[str, Any], movers: frozenset[str]) -> "Thresholds":
        """From decisions.toml as read. `movers`: acts that move a facet."""
        return cls(table["pair"], table["mover"], table["second"], table["general_act"], movers)


@dataclass(frozen=True, slots=True)
class Choice:
    """An act of a pair: row of the pair, its number and name, status, and the chances that make its confidence.

    `guessed` is an answer to a caller who asked, where the text may tell nothing.
    """

    row: int
    number: int
    act: str
    status: str
    told: float
    share: float
    sure: float
    rule: str = ""
    guessed: bool = False

    @property
    def likelihood(self) -> float:
        """The chance that parties, act and status are right together, as the network has it (uncalibrated)."""
        return self.told * self.share * self.sure


def choose(answers: PairAnswers, labels: Labels, thresholds: Thresholds) -> list[Choice]:
    """The choices of all pairs that are sure enough."""
    told = 1 - answers.chances[:, 0]
    found: list[Choice] = []
    for row in np.flatnonzero(told >= thresholds.pair).tolist():
        acts, statuses = _acts(answers, row), answers.statuses(row)
        own: list[Choice] = []
        for rank, act in enumerate(np.argsort(-acts)[:3].tolist()):
            if rank and acts[act] < thresholds.second:
                break
            choice = _choice(row, float(told[row]), acts, act, statuses, labels, thresholds)
            if choice is None or choice.act in {c.act for c in own}:
                continue
            # The general act adds nothing to a finer one of its root.
            if not (choice.rule and _root(choice, labels) in {_root(c, labels) for c in own}):
                own.append(choice)
        found.extend(own)
    return found


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
        share = float(roots.max())
        found.append(Choice(row, act, labels.acts[act], labels.statuses[status], told, share, 1.0, rule, guessed))
    return found


def _root(choice: Choice, labels: Labels) -> int:
    return int(labels.root_of[choice.number][labels.statuses.index(choice.status)])


def _acts(answers: PairAnswers, row: int) -> Floats:
    """The shares of the acts, given that one is told."""
    shares: Floats = answers.chances[row, 1:] / max(1 - float(answers.chances[row, 0]), 1e-9)
    return shares


def _choice(
    row: int, told: float, acts: Floats, act: int, statuses: Floats, labels: Labels, thresholds: Thresholds
) -> Choice | None:
    number = int(statuses[act].argmax())
    status, name = labels.statuses[number], labels.acts[act]
    if status in NOT_TOLD:
        return None
    share, sure, rule = float(acts[act]), float(statuses[act][number]), ""
    done = status in HAPPENED
    if done and name in thresholds.movers and told * share * sure < thresholds.mover:
        root = int(labels.root_of[act][labels.statuses.index("effective")])
        general = thresholds.general_act.get(labels.roots[root])
        if general is None:
            return None
        rule = f"general act of {labels.roots[root]} instead of {name}"
        same = labels.root_of[:, labels.statuses.index("effective")] == root
        share, name = float(acts[same].sum()), general
    return Choice(row, labels.acts.index(name), name, status, told, share, sure, rule)

"""The trained network as four ONNX graphs, run on one thread (training/network.py says what each gives)."""

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

# Read when the library is imported; its releases from 1.28 on write to the home directory and call home otherwise.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")

import onnxruntime

from entente.coding.reader.excerpts import Excerpt

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

BUNDLED = Path(__file__).parent / "weights"


@dataclass(frozen=True, slots=True)
class Labels:
    """What the heads answer, in their order. `root_of[act][status]` numbers a root."""

    acts: list[str]
    statuses: list[str]
    roots: list[str]
    root_of: Ints


@dataclass(frozen=True, slots=True)
class PairAnswers:
    """`chances` (P, 1 + A): of nothing, then of each act; `done` (P, A): of each act by itself, that it happened.

    `z` (P, H): the pair, for the details. `again`: answers for some of the pairs, read again; `at` has their rows there
    by their rows here, and `share` is how much they count.
    """

    chances: Floats
    done: Floats
    base: Floats
    of_act: Floats
    z: Floats
    again: "PairAnswers | None" = None
    at: Mapping[int, int] = field(default_factory=dict)
    share: float = 0.0

    def statuses(self, row: int) -> Floats:
        """The chances of each status (A, S) for every act of a pair."""
        found: Floats = softmax(self.base[row] + self.of_act)
        if self.again is not None and row in self.at:
            found = (1 - self.share) * found + self.share * self.again.statuses(self.at[row])
        return found

    def with_reread(self, again: "PairAnswers", rows: Sequence[int], share: float) -> "PairAnswers":
        """The answers with those for `rows`, read again, mixed in: weighted means of the logarithms of the chances."""
        chances, done = self.chances.copy(), self.done.copy()
        chances[rows] = softmax((1 - share) * _log(chances[rows]) + share * _log(again.chances))
        done[rows] = _sigmoid((1 - share) * _odds(done[rows]) + share * _odds(again.done))
        return replace(
            self, chances=chances, done=done, again=again, at={row: i for i, row in enumerate(rows)}, share=share
        )

    def left(self, row: int, act: int) -> float:
        """The share of other acts than this one in what is told of a pair."""
        told = 1 - float(self.chances[row, 0])
        return 1 - float(self.chances[row, 1 + act]) / max(told, 1e-9)

    def besides(self, known: Sequence[int]) -> "PairAnswers":
        """The answers, in which the `known` act of each row is none of those asked for."""
        chances, done = self.chances.copy(), self.done.copy()
        rows, acts = np.arange(len(known)), np.array(known, dtype=np.int64)
        chances[rows, 1 + acts] = done[rows, acts] = 0.0
        chances /= np.maximum(chances.sum(axis=1, keepdims=True), 1e-9)
        return replace(self, chances=chances, done=done)

    def as_sure_as(self, others: Sequence[int], acts: Sequence[int]) -> "PairAnswers":
        """The answers, in which these acts of each row happened with no more chance than in its row of `others`."""
        done = self.done.copy()
        done[:, acts] = np.minimum(done[:, acts], done[others][:, acts])
        return replace(self, done=done)


class Model:
    """Runs the graphs of a directory. Not thread-safe: one a process."""

    def __init__(self, directory: Path = BUNDLED) -> None:
        """`directory`: {encoder,mentions,pairs,details,pair_encoder,pair_heads}.onnx and labels.json."""
        self._encoder, self._mentions, self._pairs, self._details = (
            _session(directory / f"{name}.onnx") for name in ("encoder", "mentions", "pairs", "details")
        )
        self._pair_encoder, self._pair_heads = (
            _session(directory / f"pair_{name}.onnx") for name in ("encoder", "heads")
        )
        table = json.loads((directory / "labels.json").read_text(encoding="utf-8"))
        self.labels = Labels(table["acts"], table["statuses"], table["roots"], np.array(table["root_of"]))

    def encode(self, ids: list[int], marks: list[int]) -> tuple[Floats, Floats]:
        """States (length, H) of a window's pieces, and the chances of each tag (length, 5)."""
        given = {"ids": np.array([ids], dtype=np.int64), "marks": np.array([marks], dtype=np.int64)}
        states, tags = self._encoder.run(None, given)
        return states[0], softmax(tags[0])

    def mentions(self, states: Floats, average: Floats) -> tuple[Floats, Floats, Floats, Floats]:
        """Chances of roles (M, 4); queries (M, D) and keys (M, D) of links; what reach adds to a link (5)."""
        roles, queries, keys, reach = self._mentions.run(None, {"states": states, "average": average})
        return softmax(roles), queries, keys, reach

    def pairs(self, states: Floats, average: Floats, reach: Ints, rows: Ints, lines: Floats) -> "PairAnswers":
        """What is told of pairs: places' `average` (N, length) and `reach` (N), `rows` (P, 2) of places, and `lines`
        (P, length), 1 for the pieces of the pair's line.
        """
        return _answers(self._pairs, states, average, reach, rows, lines)

    def reread(self, pairs: Sequence[Excerpt], reach: Ints) -> "PairAnswers":
        """What is told of pairs, each read by itself; `reach` (P, 2) of their sources and targets."""
        states = [
            self._pair_encoder.run(None, {"ids": np.array([p.ids]), "marks": np.array([p.marks])})[0][0] for p in pairs
        ]
        starts = np.cumsum([0, *(len(s) for s in states)])
        average = np.zeros((2 * len(pairs), starts[-1]), dtype=np.float32)
        lines = np.zeros((len(pairs), starts[-1]), dtype=np.float32)
        for i, (pair, at) in enumerate(zip(pairs, starts, strict=False)):
            for row, ranges in ((2 * i, pair.source), (2 * i + 1, pair.target)):
                for first, last in ranges:
                    average[row, at + first : at + last] = 1.0
            lines[i, at + pair.line[0] : at + pair.line[1]] = 1.0
        average /= np.maximum(average.sum(1, keepdims=True), 1)
        rows = np.arange(2 * len(pairs)).reshape(-1, 2)
        return _answers(self._pair_heads, np.concatenate(states), average, reach.ravel(), rows, lines)

    def details(
        self, z: Floats, acts: Ints, states: Floats, lines: Floats, dates: Floats, same: Floats
    ) -> tuple[Floats, Floats, Floats]:
        """Chances of first and last pieces of triggers (E, length) each, and of dates (E, 2 + N)."""
        given = {"z": z, "acts": acts, "states": states, "lines": lines, "dates": dates, "same": same}
        begin, end, when = self._details.run(None, given)
        return softmax(begin), softmax(end), softmax(when)


def _answers(graph: Any, states: Floats, average: Floats, reach: Ints, rows: Ints, lines: Floats) -> PairAnswers:
    given = {"states": states, "average": average, "reach": reach, "rows": rows, "lines": lines}
    acts, done, base, of_act, z = graph.run(None, given)
    return PairAnswers(softmax(acts), _sigmoid(done), base, of_act, z)


def _log(chances: Floats) -> Floats:
    found: Floats = np.log(np.maximum(chances, 1e-9))
    return found


def _odds(chances: Floats) -> Floats:
    return _log(chances) - _log(1 - chances)


def _sigmoid(logits: Floats) -> Floats:
    found: Floats = (1 / (1 + np.exp(-logits))).astype(np.float32)
    return found


def softmax(logits: Any) -> Any:
    """Chances along the last axis."""
    weights = np.exp(logits - logits.max(-1, keepdims=True))
    return weights / weights.sum(-1, keepdims=True)


def _session(path: Path) -> Any:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    # The arena would keep the memory of the longest window that was ever read.
    options.enable_cpu_mem_arena = False
    options.log_severity_level = 3
    # Without VNNI (Intel before Cascade and Ice Lake, AMD before Zen 4) sums of two products of 8-bit numbers overflow
    # 16 bits, and texts would be read otherwise. There this takes a slower multiplication; else it changes nothing.
    options.add_session_config_entry("session.x64quantprecision", "1")
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])

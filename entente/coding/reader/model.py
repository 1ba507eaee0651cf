"""The trained network as four ONNX graphs, run on one thread (training/network.py says what each gives)."""

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

# Read when the library is imported; its releases from 1.28 on write to the home directory and call home otherwise.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")

import onnxruntime

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

    `z` (P, H): the pair, for the details.
    """

    chances: Floats
    done: Floats
    base: Floats
    of_act: Floats
    z: Floats

    def statuses(self, row: int) -> Floats:
        """The chances of each status (A, S) for every act of a pair."""
        found: Floats = softmax(self.base[row] + self.of_act)
        return found


class Model:
    """Runs the graphs of a directory. Not thread-safe: one a process."""

    def __init__(self, directory: Path = BUNDLED) -> None:
        """`directory`: encoder.onnx, mentions.onnx, pairs.onnx, details.onnx, labels.json."""
        self._encoder, self._mentions, self._pairs, self._details = (
            _session(directory / f"{name}.onnx") for name in ("encoder", "mentions", "pairs", "details")
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
        given = {"states": states, "average": average, "reach": reach, "rows": rows, "lines": lines}
        acts, done, base, of_act, z = self._pairs.run(None, given)
        return PairAnswers(softmax(acts), 1 / (1 + np.exp(-done)), base, of_act, z)

    def details(
        self, z: Floats, acts: Ints, states: Floats, lines: Floats, dates: Floats, same: Floats
    ) -> tuple[Floats, Floats, Floats]:
        """Chances of first and last pieces of triggers (E, length) each, and of dates (E, 2 + N)."""
        given = {"z": z, "acts": acts, "states": states, "lines": lines, "dates": dates, "same": same}
        begin, end, when = self._details.run(None, given)
        return softmax(begin), softmax(end), softmax(when)


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
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])

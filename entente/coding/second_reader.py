"""A second reading of a sentence: what its source does to its target, as a small trained encoder understands it.

The frames decide what an act is. This reader says how likely each PLOVER root is for a marked pair of actors. Its
encoder is MiniLM (Wang et al. 2020), taught on sentences of our own writing (training/README.md).
"""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

# Read when the library is imported; its releases from 1.28 on write to the home directory and call home otherwise.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")

import onnxruntime

from entente.coding.word_pieces import MarkedPair, WordPieces

#: The answer "the source does nothing to the target".
NOTHING = "NONE"


class SecondReader:
    """Reads marked pairs, on one thread. Not thread-safe: one a process."""

    def __init__(self, model: Path) -> None:
        """`model`: a directory with `encoder.onnx`, `vocabulary.txt` and `labels.json` (training/train_reader.py)."""
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        # The arena would keep the memory of the longest sentence that was ever read.
        options.enable_cpu_mem_arena = False
        self._session = onnxruntime.InferenceSession(
            str(model / "encoder.onnx"), options, providers=["CPUExecutionProvider"]
        )
        self._pieces = WordPieces(model / "vocabulary.txt")
        self._labels: list[str] = json.loads((model / "labels.json").read_text(encoding="utf-8"))

    def read(self, pair: MarkedPair) -> Mapping[str, float]:
        """The probability of every root, and of NOTHING; they add up to 1.

        One pair a run: the 8-bit scale is that of the whole input, so in a batch an answer would depend on its
        neighbours, and a batch is hardly faster.
        """
        ids = np.array([self._pieces.ids(pair)], dtype=np.int64)
        logits: Any = self._session.run(None, {"ids": ids, "mask": np.ones_like(ids)})[0][0]
        weights = np.exp(logits - logits.max())
        return dict(zip(self._labels, (weights / weights.sum()).tolist(), strict=True))

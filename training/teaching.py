"""Fine-tune the network, in one process or several, with a checkpoint after each epoch."""

import random
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from batches import batch_of, groups_of, merged_short
from examples import Example
from losses import WEIGHTS, losses
from network import Network
from torch import Tensor, distributed, nn


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

#: Steps from one line of progress to the next.
_TOLD = 25


class Teacher:
    """Network, optimiser, learning rate and running average of one training."""

    def __init__(
        self, network: Network, examples: Sequence[Example], config: Mapping[str, Any], worker: Worker
    ) -> None:
        self.network = network
        self.examples = examples
        self.config = config
        self.worker = worker
        encoder = [p for p in network.encoder.parameters() if p.requires_grad]
        heads = [p for n, p in network.named_parameters() if not n.startswith("encoder.") and p.requires_grad]
        groups = [{"params": encoder, "lr": config["encoder_rate"]}, {"params": heads, "lr": config["head_rate"]}]
        self._taught = encoder + heads
        self._optimiser = torch.optim.AdamW(groups, weight_decay=0.01, fused=True)
        steps = config["epochs"] * len(self.steps(0))
        self._slope = torch.optim.lr_scheduler.LambdaLR(
            self._optimiser, lambda step: min(1.0, step / (0.03 * steps + 1)) * max(0.02, 1 - step / steps)
        )
        self.average = torch.optim.swa_utils.AveragedModel(
            network, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(config["average"] ** _AVERAGED)
        )
        self._parts = {
            "network": network, "average": self.average, "optimiser": self._optimiser, "slope": self._slope,
        }  # fmt: skip

    def steps(self, epoch: int) -> list[list[list[Any]]]:
        """What each worker learns from in each step of an epoch."""
        chance = random.Random(f"{self.config['seed']} {epoch}")  # the same for every worker
        return groups_of(merged_short(self.examples, chance), self.config["tokens"], self.worker.of, chance)

    def losses(self, group: Sequence[Any], chance: random.Random) -> dict[str, Tensor]:
        """The loss of each head over what one worker learns from in a step."""
        return losses(self.network, batch_of(group, self.network.vocabulary, chance))

    def resume(self, saved: Path, data: Mapping[str, str]) -> int:
        """Take up a checkpoint of the same configuration and data; how many epochs it holds."""
        if not saved.exists():
            return 0
        state = torch.load(saved, weights_only=False)
        if (state["config"], state["data"]) != (self.config, data):
            return 0
        for name, part in self._parts.items():
            part.load_state_dict(state[name])
        print(f"going on after epoch {state['epoch']}", flush=True)
        return int(state["epoch"])

    def save(self, saved: Path, data: Mapping[str, str], epoch: int) -> None:
        """Write a checkpoint in one step."""
        state = {"config": self.config, "data": data, "epoch": epoch}
        torch.save(state | {name: part.state_dict() for name, part in self._parts.items()}, saved.with_suffix(".new"))
        saved.with_suffix(".new").rename(saved)

    def epoch(self, number: int) -> None:
        """Go once over the examples."""
        seed, rank = self.config["seed"], self.worker.rank
        self.network.train()
        torch.manual_seed(1000 * seed + 10 * number + rank)
        chance = random.Random(f"{seed} {number} {rank}")
        progress = _Progress(number + 1, rank == 0)
        for step, together in enumerate(self.steps(number)):
            found = self.losses(together[rank], chance)
            total = sum((WEIGHTS[name] * value for name, value in found.items()), torch.zeros(()))
            if not torch.isfinite(total):
                raise SystemExit(f"epoch {number + 1} step {step}: the loss is no number")
            self._optimiser.zero_grad()
            total.backward()
            self.worker.share_gradients(self._taught)
            nn.utils.clip_grad_norm_(self._taught, 1.0)
            self._optimiser.step()
            self._slope.step()
            if step % _AVERAGED == 0:
                self.average.update_parameters(self.network)
            progress.tell(step, found)


@dataclass
class _Progress:
    epoch: int
    shown: bool
    seen: dict[str, list[float]] = field(default_factory=dict)
    started: float = field(default_factory=time.monotonic)

    def tell(self, step: int, found: Mapping[str, Tensor]) -> None:
        for name, value in found.items():
            self.seen.setdefault(name, []).append(value.item())
        if self.shown and step % _TOLD == 0:
            means = " ".join(f"{n} {sum(v[-_TOLD:]) / len(v[-_TOLD:]):.3f}" for n, v in sorted(self.seen.items()))
            print(f"epoch {self.epoch} step {step} {time.monotonic() - self.started:.0f} s: {means}", flush=True)

"""Excerpts of single pairs as tensors: what the second reading of a pair is taught on."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from examples import Example
from items import Item, Name, averages, item_of
from losses import root_likelihood
from network import Network, Vocabulary
from torch import Tensor
from torch.nn import functional

from entente.coding.reader.excerpts import Excerpt, excerpt_of
from entente.coding.reader.pairs import HERE
from entente.relations.codebook import HAPPENED

#: Pairs of which nothing is told, for each of which something is, and of every window besides.
_EMPTY, _EMPTY_WINDOW = 1.0, 1.5


@dataclass(frozen=True)
class PairItem:
    """The excerpt of a pair and what is told of it: acts (1 + A), done (A), statuses by act, or only a root."""

    excerpt: Excerpt
    reach: tuple[int, int]
    acts: Tensor
    done: Tensor
    statuses: Sequence[tuple[int, int]]
    root: int | None = None


@dataclass(frozen=True)
class PairBatch:
    """Padded pairs: ids, marks and mask (B, n); for states laid end to end: average (2 B, B n), lines (B, B n)."""

    ids: Tensor
    marks: Tensor
    mask: Tensor
    average: Tensor
    reach: Tensor
    rows: Tensor
    lines: Tensor


def pair_items(example: Example, vocabulary: Vocabulary, chance: random.Random) -> list[PairItem]:
    """The pairs of a window of which something is told, and some of the others."""
    item = item_of(example, vocabulary, chance)
    if item.rows is None:
        return []
    found = []
    for row in _chosen(item, chance):
        events = _events(item, row, vocabulary)
        several = len({event.act for event in events}) > 1 or len({event.trigger for event in events}) > 1
        if not several or chance.random() < _WHOLE:
            found.append(pair_item(example, item, row, events))
        for known in _known(events, several, chance):
            found.append(pair_item(example, item, row, events, known))
    return found


#: Of the pairs of which several things are told, the share that is also read with nothing marked as known; of those
#: of which one is told, the share that is read with that marked.
_WHOLE, _ONE = 0.6, 0.4


@dataclass(frozen=True)
class _Event:
    act: int
    status: int
    happened: bool
    trigger: tuple[int, int]


def _events(item: Item, row: int, vocabulary: Vocabulary) -> list[_Event]:
    if item.event_rows is None:
        return []
    found = []
    for i in (item.event_rows == row).nonzero().squeeze(-1).tolist():
        status = int(item.status[i])
        trigger = (int(item.begin[i]), int(item.finish[i]) + 1)
        happened = vocabulary.statuses[status] in HAPPENED
        found.append(_Event(int(item.event_acts[i]), status, happened, trigger))
    return found


def _known(events: Sequence[_Event], several: bool, chance: random.Random) -> list[list[_Event]]:
    """What is marked as known when a pair is read again for what else is told of it."""
    told = [event for event in events if event.trigger[0] >= 0]
    if not several:
        return [told[:1]] if told and chance.random() < _ONE else []
    chosen = [[event] for event in told]
    if len(told) > 2:
        chosen.append(chance.sample(told, 2))
    return chosen


def pair_item(
    example: Example, item: Item, row: int, events: Sequence[_Event], known: Sequence[_Event] = ()
) -> PairItem:
    """One pair of a window and what is told of it, its `events`, besides those `known`, whose words are marked."""
    assert item.rows is not None
    source, target = (item.seats[i] for i in item.rows[row].tolist())
    triggers = sorted({event.trigger for event in known})
    excerpt = excerpt_of(example.window, item.names[row][0], source, target, item.parties, triggers)
    reach = (source.reach, target.reach)
    if item.root is not None:
        return PairItem(excerpt, reach, torch.zeros(1), torch.zeros(1), (), item.root)
    if not known:
        told = [(e.act, e.status) for e in events]
        return PairItem(excerpt, reach, item.targets[row], item.happened[row], told)
    rest = [event for event in events if event not in known]
    acts, done = torch.zeros_like(item.targets[row]), torch.zeros_like(item.happened[row])
    for event in rest:
        acts[1 + event.act] = 1.0
        done[event.act] = max(float(done[event.act]), float(event.happened))
    if not rest:
        acts[0] = 1.0
    return PairItem(excerpt, reach, acts / acts.sum(), done, [(e.act, e.status) for e in rest])


def _chosen(item: Item, chance: random.Random) -> list[int]:
    """Rows of the pairs to learn from. Of the empty ones, those are likelier that are easily taken for full."""
    if item.root is not None:
        return list(range(len(item.names)))
    full = {i for i in range(len(item.names)) if item.targets[i, 0] == 0}
    told = {item.names[i] for i in full}
    empty = [i for i in range(len(item.names)) if i not in full]
    number = min(len(empty), int(len(full) * _EMPTY + _EMPTY_WINDOW + chance.random()))
    order = sorted(empty, key=lambda i: chance.random() ** (1 / _weight(item, i, told)), reverse=True)
    return [*full, *order[:number]]


def _weight(item: Item, row: int, told: set[Name]) -> float:
    assert item.rows is not None
    line, source, target = item.names[row]
    if (line, target, source) in told:
        return 6.0
    here = sum(item.seats[i].reach == HERE for i in item.rows[row].tolist())
    return (0.3, 1.0, 3.0)[here] * (1.5 if any(line == other for other, _, _ in told) else 1.0)


def pair_batch(items: Sequence[PairItem]) -> PairBatch:
    """Pairs padded to the longest."""
    n = max(len(item.excerpt.ids) for item in items)
    ids = torch.zeros(len(items), n, dtype=torch.long)
    marks, mask = torch.zeros_like(ids), torch.zeros(len(items), 1, 1, n, dtype=torch.bool)
    ranges, lines = [], torch.zeros(len(items), len(items) * n)
    for i, item in enumerate(items):
        own = len(item.excerpt.ids)
        ids[i, :own], marks[i, :own] = torch.tensor(item.excerpt.ids), torch.tensor(item.excerpt.marks)
        mask[i, :, :, :own] = True
        for mentions in (item.excerpt.source, item.excerpt.target):
            ranges.append([(i * n + first, i * n + last) for first, last in mentions])
        lines[i, i * n + item.excerpt.line[0] : i * n + item.excerpt.line[1]] = 1.0
    reach = torch.tensor([r for item in items for r in item.reach])
    rows = torch.arange(2 * len(items)).view(-1, 2)
    return PairBatch(ids, marks, mask, averages(ranges, len(items) * n), reach, rows, lines)


def answers(network: Network, batch: PairBatch, drop: float) -> tuple[Tensor, Tensor]:
    """Acts (B, 1 + A) and z (B, H) of the pairs of a batch."""
    states = network.encoder(batch.ids, batch.marks, batch.mask, drop)
    return network.pairs(states.flatten(0, 1), batch.average, batch.reach, batch.rows, batch.lines)


def pair_losses(network: Network, items: Sequence[PairItem]) -> dict[str, Tensor]:
    """The loss of each head over some pairs, a mean over what it had to answer."""
    acts, z = answers(network, pair_batch(items), network.drop)
    log = acts.log_softmax(-1)
    known = [i for i, item in enumerate(items) if item.root is None]
    found: list[Tensor] = []
    losses: dict[str, Tensor] = {}
    if known:
        found.append(-(torch.stack([items[i].acts for i in known]) * log[known]).sum(-1))
        done = torch.stack([items[i].done for i in known])
        losses["done"] = (
            functional.binary_cross_entropy_with_logits(network.happened(z[known]), done, reduction="none")
            .sum(-1)
            .mean()
        )
    rooted = [i for i, item in enumerate(items) if item.root is not None]
    if rooted:
        found += [-root_likelihood(network, acts[[i]], z[[i]], items[i].root or 0) for i in rooted]
    losses["acts"] = torch.cat(found).mean()
    told = [(i, act, status) for i, item in enumerate(items) for act, status in item.statuses]
    if told:
        rows, numbers, right = (torch.tensor(column) for column in zip(*told, strict=True))
        losses["status"] = functional.cross_entropy(network.statuses(z[rows]) + network.status_of_act(numbers), right)
    return losses

"""Examples as tensors, a batch at a time, with the numbers of entities dealt anew each time."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from examples import PARTY, EventExample, Example, SpanExample
from items import Item, item_of
from torch import Tensor

from entente.coding.reader.windows import MAX_ENTITIES, MAX_PIECES, Window, WindowLine

#: Share of the marked sentences that are looked at in one epoch.
_MARKED = 0.9

#: Chance that short windows are put together, and how long they may get.
_TOGETHER = 0.5


@dataclass
class Batch:
    """Padded windows: ids, marks, tags (−100 where there is nothing to say), and what the heads need."""

    ids: Tensor
    marks: Tensor
    mask: Tensor | None
    tags: Tensor
    items: list[Item]


def merged_short(examples: Sequence[Example], chance: random.Random) -> list[Example]:
    """The examples, some of the short ones put together as if they were one text."""
    examples = [e for e in examples if e.root is None or chance.random() < _MARKED]
    chosen = [e for e in examples if e.root is None and len(e.window.ids) < 130 and chance.random() < _TOGETHER]
    taken = {id(e) for e in chosen}
    found = [e for e in examples if id(e) not in taken]
    chance.shuffle(chosen)
    current: Example | None = None
    for example in chosen:
        if current is not None and len(current.window.ids) + len(example.window.ids) <= MAX_PIECES:
            current = _joined(current, example)
            continue
        if current is not None:
            found.append(current)
        current = example
    if current is not None:
        found.append(current)
    return found


def _joined(one: Example, two: Example) -> Example:
    shift, lines, dates = len(one.window.ids) - 1, len(one.window.lines), len(one.dates)
    a, b = one.window, two.window
    window = Window([*a.ids, *b.ids[1:]], [*a.marks, *b.marks[1:]], list(a.lines))
    apart = a.lines[-1].number + 4  # another text's lines are far
    window.lines += [WindowLine(i.number + apart, i.first + shift, i.pieces, i.repeated) for i in b.lines]
    spans = [
        SpanExample(s.first + shift, s.last + shift, s.line + lines, s.entity, s.role, s.parties) for s in two.spans
    ]
    events = [
        EventExample(
            e.line + lines, e.source, e.target, e.act, e.status,
            (e.trigger[0] + shift, e.trigger[1] + shift) if e.trigger else None,
            tuple(d if d < 0 else d + dates for d in e.dates),
        )
        for e in two.events
    ]  # fmt: skip
    moved = [(f + shift, last + shift, line + lines) for f, last, line in two.dates]
    return Example(window, [*one.spans, *spans], [*one.dates, *moved], [*one.events, *events], one.text)


def groups_of(
    examples: Sequence[Example], tokens: int, workers: int, chance: random.Random
) -> list[list[list[Example]]]:
    """Groups of about `tokens` pieces, windows of like length together; a step has one for each worker."""
    order = sorted(examples, key=lambda e: len(e.window.ids) + chance.random() * 24)
    groups: list[list[Example]] = []
    group: list[Example] = []
    for example in order:
        if group and (len(group) + 1) * len(example.window.ids) > tokens:
            groups.append(group)
            group = []
        group.append(example)
    groups.append(group)
    groups += groups[: -len(groups) % workers]
    steps = [groups[i : i + workers] for i in range(0, len(groups), workers)]
    chance.shuffle(steps)
    return steps


def batch_of(group: Sequence[Example], vocabulary: Any, chance: random.Random | None) -> Batch:
    """A batch; without `chance` as the coder would see the windows, but for spans and roles, which are as labelled."""
    longest = max(len(e.window.ids) for e in group)
    ids = torch.zeros(len(group), longest, dtype=torch.long)
    marks = torch.zeros(len(group), longest, dtype=torch.long)
    tags = torch.full((len(group), longest), -100, dtype=torch.long)
    mask = torch.zeros(len(group), 1, 1, longest, dtype=torch.bool)
    items = []
    for i, example in enumerate(group):
        n = len(example.window.ids)
        ids[i, :n] = torch.tensor(example.window.ids)
        mask[i, :, :, :n] = True
        marks[i, :n] = torch.tensor(_marks(example, chance))
        if example.root is None:
            tags[i, :n] = torch.tensor(_tags(example))
        items.append(item_of(example, vocabulary, chance))
    whole = all(len(e.window.ids) == longest for e in group)
    return Batch(ids, marks, None if whole else mask, tags, items)


def _marks(example: Example, chance: random.Random | None) -> list[int]:
    numbers: dict[str, int] = {}
    order = list(range(1, MAX_ENTITIES + 1))
    if chance is not None:
        chance.shuffle(order)
    marks = [0] * len(example.window.ids)
    for span in example.spans:
        if span.entity is None:
            continue
        if span.entity not in numbers and len(numbers) < MAX_ENTITIES:
            numbers[span.entity] = order[len(numbers)]
        for i in range(span.first, span.last):
            marks[i] = numbers.get(span.entity, 0)
    return marks


def _tags(example: Example) -> list[int]:
    """0 none, 1/2 first and further piece of a party, 3/4 of a private one; nothing is asked of names."""
    tags = [0] * len(example.window.ids)
    for span in example.spans:
        if span.entity is not None:
            tags[span.first : span.last] = [-100] * (span.last - span.first)
    for span in example.spans:
        if span.entity is None and tags[span.first] == 0:
            kind = 1 if span.role == PARTY else 3
            tags[span.first : span.last] = [kind, *[kind + 1] * (span.last - span.first - 1)]
    return tags

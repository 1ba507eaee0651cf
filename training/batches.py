"""Examples as tensors, a batch at a time, with the numbers of entities dealt anew each time."""

import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import torch
from examples import PARTY, EventExample, Example, SpanExample, roles_by_party
from torch import Tensor

from entente.coding.reader.pairs import Mentioned, Party, pairs_of, reach_of
from entente.coding.reader.windows import MAX_ENTITIES, MAX_PIECES, Window, WindowLine
from entente.relations.codebook import HAPPENED

#: Chance that a mention that no table has is left out: when a text is coded, some are not found.
_MISSED = 0.1

#: Pairs of a window of which nothing is told that are looked at in one pass.
_EMPTY_PAIRS = 120

#: Share of the marked sentences that are looked at in one epoch.
_MARKED = 0.9

#: Chance that short windows are put together, and how long they may get.
_TOGETHER = 0.5


@dataclass
class Item:
    """The tensors of one window; what it has nothing of is None."""

    length: int
    spans: Tensor | None = None
    roles: Any = None
    open: Any = None
    named: Any = None
    link_to: Tensor | None = None
    link_reach: Any = None
    entity_columns: list[Tensor] = field(default_factory=list)
    places: Any = None
    reach: Any = None
    rows: Tensor | None = None
    row_lines: Any = None
    targets: Any = None
    happened: Any = None
    positives: int = 1
    weights: Any = None
    root: int | None = None
    event_rows: Tensor | None = None
    event_acts: Any = None
    status: Any = None
    begin: Any = None
    finish: Any = None
    dates: Any = None
    same: Any = None
    right_dates: Any = None
    names: list[tuple[int, Party, Party]] = field(default_factory=list)


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


def groups_of(examples: Sequence[Example], tokens: int, workers: int, chance: random.Random) -> list[list[list[Example]]]:
    """Groups of about `tokens` pieces, windows of like length together; as many alike as there are workers make a step."""
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
        items.append(_item(example, vocabulary, chance))
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


def party_of(code: str) -> Party:
    """The party of a label: POL or POL/PRIV."""
    entity, _, kind = code.partition("/")
    return Party(entity, kind == "PRIV")


def averages(ranges: Sequence[Sequence[tuple[int, int]]], length: int) -> Tensor:
    """(len(ranges), length): a row for each list of piece ranges, its mean."""
    rows = torch.zeros(len(ranges), length)
    for i, several in enumerate(ranges):
        for first, last in several:
            rows[i, first:last] = 1.0
    return rows / rows.sum(1, keepdim=True).clamp(min=1)


def _fewer(
    rows: Tensor,
    names: list[tuple[int, Party, Party]],
    labelled: set[tuple[int, Party, Party]],
    chance: random.Random | None,
) -> tuple[Tensor, list[tuple[int, Party, Party]], Tensor]:
    """All pairs of which something is told and some of the others, which weigh the more; all without `chance`."""
    empty = [i for i, name in enumerate(names) if name not in labelled]
    if chance is None or len(empty) <= _EMPTY_PAIRS:
        return rows, names, torch.ones(len(names))
    kept = sorted([*chance.sample(empty, _EMPTY_PAIRS), *(i for i, name in enumerate(names) if name in labelled)])
    weight = len(empty) / _EMPTY_PAIRS
    weights = torch.tensor([1.0 if names[i] in labelled else weight for i in kept])
    return rows[torch.tensor(kept)], [names[i] for i in kept], weights


def _item(example: Example, vocabulary: Any, chance: random.Random | None) -> Item:
    n = len(example.window.ids)
    item = Item(n)
    spans = example.spans
    number = [line.number for line in example.window.lines]
    if spans and example.root is None:
        item.spans = averages([[(s.first, s.last)] for s in spans], n)
        item.roles = torch.tensor([s.role if s.entity is not None else -1 for s in spans])
        named = [i for i, s in enumerate(spans) if s.entity is not None]
        unnamed = [i for i, s in enumerate(spans) if s.entity is None]
        if named and unnamed:
            columns: dict[str, list[int]] = defaultdict(list)
            for column, i in enumerate(named):
                columns[spans[i].entity or ""].append(column)
            item.open, item.named = torch.tensor(unnamed), torch.tensor(named)
            item.link_reach = torch.tensor(
                [[reach_of(number[spans[i].line], number[spans[j].line]) for j in named] for i in unnamed]
            )
            item.entity_columns = [torch.tensor(c) for c in columns.values()]
            meant = [{p.partition("/")[0] for p in spans[i].parties} for i in unnamed]
            item.link_to = torch.tensor([[float(e in codes) for e in columns] for codes in meant])
    parties: dict[Party, list[Mentioned]] = {}
    for party, own in roles_by_party(example).items():
        kept = [
            Mentioned(number[s.line], s.first, s.last)
            for s in own
            if s.entity is not None or chance is None or chance.random() > _MISSED
        ]
        if kept:
            parties[party_of(party)] = kept
    owned = [line.number for line in example.window.lines if not line.repeated]
    found = pairs_of(owned, parties)
    if not found.rows:
        return item
    item.places = averages([[(m.first, m.last) for m in p.mentions] for p in found.places], n)
    item.reach = torch.tensor([p.reach for p in found.places])
    names = [found.names(row) for row in range(len(found.rows))]
    if example.root is not None:
        keep = [i for i, (_, s, t) in enumerate(names) if (s.entity, t.entity) == ("S", "T")]
        item.rows = torch.tensor([found.rows[i] for i in keep])
        item.root = vocabulary.roots.index(example.root) if example.root in vocabulary.roots else -1
        names = [names[i] for i in keep]
    else:
        item.rows = torch.tensor(found.rows)
    labelled = {(number[e.line], party_of(e.source), party_of(e.target)) for e in example.events}
    rows, names, item.weights = _fewer(item.rows, names, labelled, chance if example.root is None else None)
    item.rows, item.names = rows, names
    lines = torch.zeros(len(example.window.lines), n)
    for i, line in enumerate(example.window.lines):
        lines[i, line.first : line.last] = 1.0
    item.row_lines = lines[torch.tensor([number.index(line) for line, _, _ in names])]
    acts = {act: i for i, act in enumerate(vocabulary.acts)}
    index = {name: i for i, name in enumerate(names)}
    targets = torch.zeros(len(names), len(acts) + 1)
    asked = [((number[e.line], party_of(e.source), party_of(e.target)), e) for e in example.events]
    events = [(index[name], e) for name, e in asked if name in index]
    for row, event in events:
        targets[row, 1 + acts[event.act]] = 1.0
    item.happened = torch.zeros(len(names), len(acts))
    for row, event in events:
        if event.status in HAPPENED:
            item.happened[row, acts[event.act]] = 1.0
    item.positives = max(1, len({row for row, _ in events}))
    empty = targets.sum(1) == 0
    targets[empty, 0] = 1.0
    item.targets = targets / targets.sum(1, keepdim=True)
    if events and example.root is None:
        item.event_rows = torch.tensor([row for row, _ in events])
        item.event_acts = torch.tensor([acts[e.act] for _, e in events])
        item.status = torch.tensor([vocabulary.statuses.index(e.status) for _, e in events])
        item.begin = torch.tensor([e.trigger[0] if e.trigger else -1 for _, e in events])
        item.finish = torch.tensor([e.trigger[1] - 1 if e.trigger else -1 for _, e in events])
        item.dates = averages([[(first, last)] for first, last, _ in example.dates], n)
        item.same = torch.tensor([[float(line == e.line) for _, _, line in example.dates] for _, e in events]).view(
            len(events), len(example.dates)
        )
        item.right_dates = torch.zeros(len(events), 2 + len(example.dates))
        for i, (_, event) in enumerate(events):
            for right in event.dates:
                item.right_dates[i, 0 if right == -1 else 1 if right == -2 else 2 + right] = 1.0
    return item

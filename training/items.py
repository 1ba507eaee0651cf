"""An example as tensors: its spans, its pairs, and what is told of them."""

import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import torch
from examples import EventExample, Example, roles_by_party
from torch import Tensor

from entente.coding.reader.pairs import Mentioned, Party, Place, pairs_of, reach_of
from entente.relations.codebook import HAPPENED

#: Chance that a mention that no table has is left out: when a text is coded, some are not found.
_MISSED = 0.1

#: Pairs of a window of which nothing is told that are looked at in one pass.
_EMPTY_PAIRS = 120

#: (line, source, target)
Name = tuple[int, Party, Party]


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
    names: list[Name] = field(default_factory=list)
    seats: Sequence[Place] = ()
    parties: Mapping[Party, Sequence[Mentioned]] = field(default_factory=dict)


def item_of(example: Example, vocabulary: Any, chance: random.Random | None) -> Item:
    """The tensors of an example; without `chance` all of its mentions and pairs."""
    item = Item(len(example.window.ids))
    if example.spans and example.root is None:
        _spans(item, example)
    _pairs(item, example, vocabulary, chance)
    if item.rows is not None:
        events = _targets(item, example, {act: i for i, act in enumerate(vocabulary.acts)})
        if events and example.root is None:
            _events(item, example, events, vocabulary)
    return item


def _spans(item: Item, example: Example) -> None:
    """Roles of the names, and for whom every other span stands."""
    spans = example.spans
    number = [line.number for line in example.window.lines]
    item.spans = averages([[(s.first, s.last)] for s in spans], item.length)
    item.roles = torch.tensor([s.role if s.entity is not None else -1 for s in spans])
    named = [i for i, s in enumerate(spans) if s.entity is not None]
    unnamed = [i for i, s in enumerate(spans) if s.entity is None]
    if not (named and unnamed):
        return
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


def _parties(example: Example, chance: random.Random | None) -> dict[Party, list[Mentioned]]:
    number = [line.number for line in example.window.lines]
    parties: dict[Party, list[Mentioned]] = {}
    for party, own in roles_by_party(example).items():
        kept = [
            Mentioned(number[s.line], s.first, s.last)
            for s in own
            if s.entity is not None or chance is None or chance.random() > _MISSED
        ]
        if kept:
            parties[party_of(party)] = kept
    return parties


def _pairs(item: Item, example: Example, vocabulary: Any, chance: random.Random | None) -> None:
    """The pairs that are looked at, with the pieces of their lines."""
    window, n = example.window, item.length
    number = [line.number for line in window.lines]
    item.parties = _parties(example, chance)
    found = pairs_of([line.number for line in window.lines if not line.repeated], item.parties)
    if not found.rows:
        return
    item.seats = found.places
    item.places = averages([[(m.first, m.last) for m in p.mentions] for p in found.places], n)
    item.reach = torch.tensor([p.reach for p in found.places])
    names = [found.names(row) for row in range(len(found.rows))]
    rows = torch.tensor(found.rows)
    if example.root is not None:
        keep = [i for i, (_, s, t) in enumerate(names) if (s.entity, t.entity) == ("S", "T")]
        rows, names, chance = rows[torch.tensor(keep)], [names[i] for i in keep], None
        item.root = vocabulary.roots.index(example.root) if example.root in vocabulary.roots else -1
    labelled = {(number[e.line], party_of(e.source), party_of(e.target)) for e in example.events}
    item.rows, item.names, item.weights = _fewer(rows, names, labelled, chance)
    lines = torch.zeros(len(window.lines), n)
    for i, line in enumerate(window.lines):
        lines[i, line.first : line.last] = 1.0
    item.row_lines = lines[torch.tensor([number.index(line) for line, _, _ in item.names])]


def _targets(item: Item, example: Example, acts: Mapping[str, int]) -> list[tuple[int, EventExample]]:
    """What is told of each pair; the events with the rows of their pairs."""
    number = [line.number for line in example.window.lines]
    index = {name: i for i, name in enumerate(item.names)}
    asked = [((number[e.line], party_of(e.source), party_of(e.target)), e) for e in example.events]
    events = [(index[name], e) for name, e in asked if name in index]
    targets = torch.zeros(len(item.names), len(acts) + 1)
    item.happened = torch.zeros(len(item.names), len(acts))
    for row, event in events:
        targets[row, 1 + acts[event.act]] = 1.0
        if event.status in HAPPENED:
            item.happened[row, acts[event.act]] = 1.0
    item.positives = max(1, len({row for row, _ in events}))
    targets[targets.sum(1) == 0, 0] = 1.0
    item.targets = targets / targets.sum(1, keepdim=True)
    return events


def _events(item: Item, example: Example, events: Sequence[tuple[int, EventExample]], vocabulary: Any) -> None:
    """Status, trigger and date of each event."""
    dates = example.dates
    item.event_rows = torch.tensor([row for row, _ in events])
    item.event_acts = torch.tensor([vocabulary.acts.index(e.act) for _, e in events])
    item.status = torch.tensor([vocabulary.statuses.index(e.status) for _, e in events])
    item.begin = torch.tensor([e.trigger[0] if e.trigger else -1 for _, e in events])
    item.finish = torch.tensor([e.trigger[1] - 1 if e.trigger else -1 for _, e in events])
    item.dates = averages([[(first, last)] for first, last, _ in dates], item.length)
    same = [[float(line == e.line) for _, _, line in dates] for _, e in events]
    item.same = torch.tensor(same).view(len(events), len(dates))
    item.right_dates = torch.zeros(len(events), 2 + len(dates))
    for i, (_, event) in enumerate(events):
        for right in event.dates:
            item.right_dates[i, 0 if right == -1 else 1 if right == -2 else 2 + right] = 1.0


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
    names: list[Name],
    labelled: set[Name],
    chance: random.Random | None,
) -> tuple[Tensor, list[Name], Tensor]:
    """All pairs of which something is told and some of the others, which weigh the more; all without `chance`."""
    empty = [i for i, name in enumerate(names) if name not in labelled]
    if chance is None or len(empty) <= _EMPTY_PAIRS:
        return rows, names, torch.ones(len(names))
    kept = sorted([*chance.sample(empty, _EMPTY_PAIRS), *(i for i, name in enumerate(names) if name in labelled)])
    weight = len(empty) / _EMPTY_PAIRS
    weights = torch.tensor([1.0 if names[i] in labelled else weight for i in kept])
    return rows[torch.tensor(kept)], [names[i] for i in kept], weights

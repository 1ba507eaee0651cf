"""How well the network reads labelled texts, with the parties given as labelled: for choosing between trainings."""

from collections.abc import Sequence

import torch
from batches import batch_of
from examples import Example
from items import Item
from network import Network
from torch import Tensor

from entente.bootstrap.seeds import load_codebook
from entente.cli.bench.labelled import NOT_TOLD, LabelledText
from entente.coding.reader.pairs import Party
from entente.relations.codebook import HAPPENED

_SETS = ("pairs", "root", "act", "happened", "movers")


def measure(network: Network, texts: Sequence[tuple[LabelledText, Sequence[Example]]]) -> dict[str, float]:
    """F1 of pairs, of pairs with root, with act, with act and stage, of movers; shares right of roles, tags and dates.

    A mover counts as told if the network holds it for more likely than not that the line tells it as done.
    """
    network.eval()
    measured = _Measured(network)
    for text, examples in texts:
        measured.expect(text)
        for example in examples:
            measured.read(text.id, example)
    return measured.scores()


class _Measured:
    def __init__(self, network: Network) -> None:
        self._network = network
        self._words = network.vocabulary
        codebook = load_codebook()
        self._movers = {act for act in codebook.acts if codebook.effects(act, "effective")}
        self._gold: dict[str, set[object]] = {name: set() for name in _SETS}
        self._given: dict[str, set[object]] = {name: set() for name in _SETS}
        self._right = {"roles": [0, 0], "dates": [0, 0], "status": [0, 0]}
        self._lost = 0

    def expect(self, text: LabelledText) -> None:
        """Take the events that a text tells between states."""
        for e in text.events:
            if e.status in NOT_TOLD or "/" in e.source + e.target:
                continue
            if e.act in self._movers and e.status in HAPPENED:
                self._gold["movers"].add((text.id, e.source, e.target, e.act))
            self._put(self._gold, text.id, Party(e.source), Party(e.target), self._words.acts.index(e.act), e.status)

    @torch.no_grad()
    def read(self, text: str, example: Example) -> None:
        """Have the network read a window."""
        network = self._network
        batch = batch_of([example], self._words, None)
        item = batch.items[0]
        states = network.encoder(batch.ids, batch.marks, None, 0.0)[0]
        if item.spans is not None:
            asked = item.roles >= 0
            self._count("roles", (network.mentions(states, item.spans)[0].argmax(-1) == item.roles)[asked])
        if item.rows is None:
            self._lost += len(example.events)
            return
        self._lost += len(example.events) - (0 if item.event_rows is None else len(item.event_rows))
        acts, z = network.pairs(states, item.places, item.reach, item.rows, item.row_lines)
        if item.event_rows is not None:
            self._details(item, z, states)
        for row, act in (network.happened(z).sigmoid() > 0.5).nonzero().tolist():
            _, s, t = item.names[row]
            if self._words.acts[act] in self._movers and not (s.private or t.private or s.entity == t.entity):
                self._given["movers"].add((text, s.entity, t.entity, self._words.acts[act]))
        self._told(text, item, acts.softmax(-1), z)

    def _details(self, item: Item, z: Tensor, states: Tensor) -> None:
        assert item.event_rows is not None
        lines = item.row_lines[item.event_rows]
        status, _, _, dates = self._network.details(
            z[item.event_rows], item.event_acts, states, lines, item.dates, item.same
        )
        self._count("status", status.argmax(-1) == item.status)
        known, best = item.right_dates.sum(-1) > 0, dates.argmax(-1)
        self._count("dates", item.right_dates[torch.arange(len(best)), best][known])

    def _told(self, text: str, item: Item, odds: Tensor, z: Tensor) -> None:
        rows = (odds[:, 0] < 0.5).nonzero().squeeze(-1)
        best = odds[rows, 1:].argmax(-1)
        status = (self._network.statuses(z[rows]) + self._network.status_of_act(best)).argmax(-1)
        for row, act, stage in zip(rows.tolist(), best.tolist(), status.tolist(), strict=True):
            _, s, t = item.names[row]
            if not (s.private or t.private or self._words.statuses[stage] in NOT_TOLD):
                self._put(self._given, text, s, t, act, self._words.statuses[stage])

    def _put(self, table: dict[str, set[object]], text: str, s: Party, t: Party, act: int, status: str) -> None:
        if s.entity == t.entity:
            return
        pair = (text, s.entity, t.entity)
        table["pairs"].add(pair)
        table["root"].add((*pair, self._words.roots[self._words.act_roots[act]]))
        table["act"].add((*pair, self._words.acts[act]))
        if status in HAPPENED:
            table["happened"].add((*pair, self._words.acts[act]))

    def _count(self, name: str, right: Tensor) -> None:
        self._right[name][0] += int(right.sum())
        self._right[name][1] += len(right)

    def scores(self) -> dict[str, float]:
        """Every figure by name."""
        found = {}
        for name in _SETS:
            gold, given = self._gold[name], self._given[name]
            hits = len(gold & given)
            p, r = hits / max(1, len(given)), hits / max(1, len(gold))
            found[name] = round(2 * p * r / max(1e-9, p + r), 4)
            if name in ("pairs", "happened", "movers"):
                found[f"{name}_p"], found[f"{name}_r"] = round(p, 4), round(r, 4)
        shares = {name: round(hits / max(1, n), 4) for name, (hits, n) in self._right.items()}
        return found | shares | {"lost": self._lost}

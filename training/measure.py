"""How well the network reads labelled texts, with the parties given as labelled: for choosing between trainings."""

from collections.abc import Sequence

import torch
from batches import batch_of
from examples import Example
from network import Network

from entente.bootstrap.seeds import load_codebook
from entente.cli.bench.labelled import NOT_TOLD, LabelledText
from entente.relations.codebook import HAPPENED


def _f1(gold: set[object], given: set[object]) -> tuple[float, float, float]:
    hits = len(gold & given)
    p, r = hits / max(1, len(given)), hits / max(1, len(gold))
    return p, r, 2 * p * r / max(1e-9, p + r)


@torch.no_grad()
def measure(network: Network, texts: Sequence[tuple[LabelledText, Sequence[Example]]]) -> dict[str, float]:
    """F1 of pairs, of pairs with root, with act, with act and stage; shares right of roles, tags and dates."""
    network.eval()
    words = network.vocabulary
    gold: dict[str, set[object]] = {"pairs": set(), "root": set(), "act": set(), "happened": set()}
    given: dict[str, set[object]] = {"pairs": set(), "root": set(), "act": set(), "happened": set()}
    right = {"roles": [0, 0], "dates": [0, 0], "status": [0, 0]}
    codebook = load_codebook()
    mover_acts = {act for act in codebook.acts if codebook.effects(act, "effective")}
    movers = {words.acts.index(act) for act in mover_acts}
    gold["movers"], given["movers"] = set(), set()
    lost = 0
    for text, examples in texts:
        for e in text.events:
            if e.status in NOT_TOLD or "/" in e.source + e.target:
                continue
            if e.act in mover_acts and e.status in HAPPENED:
                gold["movers"].add((text.id, e.source, e.target, e.act))
            _put(
                gold,
                text.id,
                e.source,
                e.target,
                e.act,
                words.roots[words.act_roots[words.acts.index(e.act)]],
                e.status,
            )
        for example in examples:
            batch = batch_of([example], words, None)
            item = batch.items[0]
            states = network.encoder(batch.ids, batch.marks, None, 0.0)[0]
            if item.spans is not None:
                roles = network.mentions(states, item.spans)[0].argmax(-1)
                asked = item.roles >= 0
                right["roles"][0] += int((roles == item.roles)[asked].sum())
                right["roles"][1] += int(asked.sum())
            if item.rows is None:
                lost += len(example.events)
                continue
            acts, z = network.pairs(states, item.places, item.reach, item.rows, item.row_lines)
            lost += len(example.events) - (0 if item.event_rows is None else len(item.event_rows))
            if item.event_rows is not None:
                status, _, _, dates = network.details(
                    z[item.event_rows], item.event_acts, states, item.row_lines[item.event_rows], item.dates, item.same
                )
                right["status"][0] += int((status.argmax(-1) == item.status).sum())
                right["status"][1] += len(item.status)
                known = item.right_dates.sum(-1) > 0
                best = dates.argmax(-1)
                right["dates"][0] += int(item.right_dates[torch.arange(len(best)), best][known].sum())
                right["dates"][1] += int(known.sum())
            sure = network.happened(z).sigmoid()
            for row, act in (sure > 0.5).nonzero().tolist():
                _, s, t = item.names[row]
                if act in movers and not (s.private or t.private or s.entity == t.entity):
                    given["movers"].add((text.id, s.entity, t.entity, words.acts[act]))
            odds = acts.softmax(-1)
            best = odds[:, 1:].argmax(-1)
            told = odds[:, 0] < 0.5
            if not told.any():
                continue
            rows = told.nonzero().squeeze(-1)
            status = (network.statuses(z[rows]) + network.status_of_act(best[rows])).argmax(-1)
            for row, act, stage in zip(rows.tolist(), best[rows].tolist(), status.tolist(), strict=True):
                _, s, t = item.names[row]
                if s.private or t.private or words.statuses[stage] in NOT_TOLD:
                    continue
                _put(
                    given,
                    text.id,
                    s.entity,
                    t.entity,
                    words.acts[act],
                    words.roots[words.act_roots[act]],
                    words.statuses[stage],
                )
    found = {}
    for name in gold:
        p, r, f = _f1(gold[name], given[name])
        found[name] = round(f, 4)
        if name in ("pairs", "happened", "movers"):
            found[f"{name}_p"], found[f"{name}_r"] = round(p, 4), round(r, 4)
    return found | {k: round(a / max(1, b), 4) for k, (a, b) in right.items()} | {"lost": lost}


def _put(table: dict[str, set[object]], text: str, s: str, t: str, act: str, root: str, status: str) -> None:
    if s == t:
        return
    table["pairs"].add((text, s, t))
    table["root"].add((text, s, t, root))
    table["act"].add((text, s, t, act))
    if status in HAPPENED:
        table["happened"].add((text, s, t, act))

"""The loss of each head over a batch."""

import torch
from batches import Batch
from network import Network
from torch import Tensor
from torch.nn import functional


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
            add("acts", -root_likelihood(network, acts, z, item.root).sum(), 1.0)
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


def root_likelihood(network: Network, acts: Tensor, z: Tensor, root: int) -> Tensor:
    """The log-likelihood of a root (-1: nothing) of each pair, over every act and status that have it."""
    log = acts.log_softmax(-1)
    if root < 0:
        return log[:, 0]
    status = network.statuses(z).unsqueeze(1) + network.status_of_act.weight
    joint = log[:, 1:, None] + status.log_softmax(-1)
    return torch.logsumexp(joint.masked_fill(network.root_of != root, -1e4).flatten(1), -1)


WEIGHTS = {
    "acts": 1.0,
    "done": 0.5,
    "status": 1.0,
    "trigger": 0.25,
    "dates": 0.3,
    "tags": 4.0,
    "roles": 0.4,
    "links": 0.4,
}

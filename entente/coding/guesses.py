"""The likeliest act between two actors that the caller names himself, where no clause relates them outright."""

from collections.abc import Iterator, Mapping

from entente.coding.acts import Decision
from entente.coding.clauses import Clauses
from entente.coding.findings import Finding, Reading, inner_status
from entente.coding.modality import Modality, status_of
from entente.coding.syntax import Node

#: A verb is likelier than a noun to be what the sentence tells.
_VERB_BONUS = 3.0


def guesses(
    clauses: Clauses,
    verbs: Mapping[Node, Decision],
    nouns: Mapping[Node, Decision],
    reading: Reading,
    modality: Modality,
    undo: Mapping[str, str],
) -> Iterator[Finding]:
    """For each ordered pair of actors that nothing was found for: the predicate that is likeliest theirs."""
    done = {(e, f) for x in reading.findings for e in x.source.entities() for f in x.target.entities()}
    weighed = [*((n, d, _VERB_BONUS) for n, d in verbs.items()), *((n, d, 0.0) for n, d in nouns.items())]
    for one in clauses.tree.mentions:
        for other in clauses.tree.mentions:
            if one.mention is None or other.mention is None:
                continue
            pair = (min(one.mention.entities()), min(other.mention.entities()))
            if pair[0] == pair[1] or pair in done or not weighed:
                continue
            done.add(pair)
            points = [bonus + _closeness(clauses, node, one, other) for node, _, bonus in weighed]
            node, decision, _ = weighed[points.index(max(points))]
            cues = modality.layers(node)
            status, undone = status_of(cues)
            act = undo.get(decision.act, decision.act) if undone else decision.act
            status = inner_status(decision.status, "refused" if status == "negated" else status)
            yield Finding(
                one.mention, other.mention, act, status, node, decision.noun, 8, decision.rule,
                cues=tuple(cues), fallback=True,
            )  # fmt: skip


def _closeness(clauses: Clauses, node: Node, one: Node, other: Node) -> float:
    """How likely a predicate is that of `one` towards `other`, in points."""
    below = set(node.subtree())
    depth = sum(1 for _ in node.path_up())
    points = -0.5 * depth - 0.01 * node.index
    points += 4 * any(part.node is one for part in clauses.agents(node)) if node.is_verb else 0
    points += 3 * any(part.node is other for part in clauses.patients(node)) if node.is_verb else 0
    return points + (one in below) + 2 * (other in below)

"""Does confidence mean something: the share that is right among answers that claim about the same confidence."""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise

from entente.cli.bench.accuracy import ABSENT, Examination, best_of_pair, merged
from entente.cli.bench.figures import Figure
from entente.services.articles import Document

_EDGES = (0.0, 0.35, 0.45, 0.55, 0.65, 0.75, 0.85, 1.01)


def calibration(exam: Examination) -> Iterator[Figure]:
    """A reliability table for given actors (development half) and one for actors that the coder found (dyads)."""
    marked = []
    for row in exam.material.marked("odd"):
        best = best_of_pair(exam, row)
        if best:
            marked.append((best["confidence"], merged(best["root"]) == row.root))
    yield from _table("given actors", marked)
    found = []
    for sentence in exam.material.dyads():
        gold = {(source, merged(root), target) for source, root, target in sentence["gold"]}
        for event in exam.code(Document(sentence["text"], None, date.fromisoformat(sentence["published_at"]))):
            triple = (event["source"]["entity"], merged(event["root"]), event["target"]["entity"])
            found.append((event["confidence"], triple in gold))
    yield from _table("found actors", found)


def _table(name: str, answers: Sequence[tuple[float, bool]]) -> Iterator[Figure]:
    if not answers:
        yield Figure("calibration", name, None, detail=ABSENT)
        return
    gap = 0.0
    for low, high in pairwise(_EDGES):
        inside = [(claimed, right) for claimed, right in answers if low <= claimed < high]
        if not inside:
            continue
        claimed = sum(c for c, _ in inside) / len(inside)
        right = sum(r for _, r in inside) / len(inside)
        gap += abs(claimed - right) * len(inside) / len(answers)
        detail = f"claimed {claimed:.3f}, {len(inside)} answers"
        yield Figure("calibration", f"{name} {low:.2f}–{min(high, 1):.2f}: right", right, detail=detail)
    yield Figure("calibration", f"{name}: expected error", gap, detail=f"{len(answers)} answers")

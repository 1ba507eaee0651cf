"""Calibration of the coder: the share of correct events in each interval of confidence."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from entente.cli.bench.accuracy import ABSENT, Examination
from entente.cli.bench.figures import Figure
from entente.cli.bench.labelled import LabelledText, settled
from entente.cli.bench.texts import STAGE, document_of

_EDGES = (0.0, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.01)


def calibration(exam: Examination) -> Iterator[Figure]:
    """A reliability table on the tune articles and on the labelled real texts.

    The calibration table of the coder was estimated on both, so these figures are optimistic.
    """
    yield from _table("tune", claims(exam, exam.material.labelled("tune")))
    yield from _table("news", claims(exam, exam.material.labelled_news()))


def claims(exam: Examination, texts: Sequence[LabelledText]) -> list[tuple[float, bool]]:
    """(confidence, correct) of every coded event; correct if parties, act and stage are all right."""
    found = []
    for text in texts:
        gold = {(e.source, e.target, e.act, STAGE[e.status]) for e in text.events}
        coded = exam.coder.code(document_of(text)).events
        told = settled((e.quote.start, e.source.entity, e.target.entity, e.act, e.status, e.confidence) for e in coded)
        found += [(sure, (s, t, act, STAGE[status]) in gold) for _, s, t, act, status, sure in told]
    return found


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
        detail = f"claimed {claimed:.3f}, {len(inside)} events"
        yield Figure("calibration", f"{name} {low:.2f}–{min(high, 1):.2f}: right", right, detail=detail)
    yield Figure("calibration", f"{name}: expected error", gap, detail=f"{len(answers)} events")

"""Calibration of the coder: the share of correct events in each interval of confidence."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from entente.cli.bench.accuracy import ABSENT, Examination
from entente.cli.bench.figures import Figure
from entente.cli.bench.labelled import LabelledText, settled
from entente.cli.bench.scoring import bootstrap
from entente.cli.bench.texts import STAGE, document_of

_EDGES = (0.0, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.01)

#: Wider, for families of acts, which have fewer events.
WIDE_EDGES = (0.0, 0.3, 0.5, 0.7, 0.9, 1.01)


@dataclass(frozen=True, slots=True)
class Claim:
    """A coded event's confidence, and whether parties, act and stage are all right.

    `text`: the id of the text. `family`: that of the act, "" if it moves nothing. `status`: with which it is told.
    """

    text: str
    family: str
    status: str
    sure: float
    right: bool


def calibration(exam: Examination) -> Iterator[Figure]:
    """A reliability table on the tune articles, also by family of acts, and on the labelled real texts.

    The calibration table of the coder was estimated on both, so these figures are optimistic.
    """
    tune = claims(exam, exam.material.labelled("tune"))
    yield from _table("tune", tune, _EDGES)
    for family in exam.codebook.floors if tune else ():
        yield from _table(f"tune, {family}", [claim for claim in tune if claim.family == family], WIDE_EDGES)
    yield from _table("news", claims(exam, exam.material.labelled_news()), _EDGES)


def claims(exam: Examination, texts: Sequence[LabelledText]) -> list[Claim]:
    """A claim for every coded event."""
    found = []
    for text in texts:
        gold = {(e.source, e.target, e.act, STAGE[e.status]) for e in text.events}
        coded = exam.coder.code(document_of(text)).events
        told = settled((e.quote.start, e.source.entity, e.target.entity, e.act, e.status, e.confidence) for e in coded)
        for _, s, t, act, status, sure in told:
            family = exam.codebook.family(act)
            right = (s, t, act, STAGE[status]) in gold
            found.append(Claim(text.id, family, status, sure, right))
    return found


@dataclass(frozen=True, slots=True)
class Bin:
    """The claims with a confidence from `low` to below `high`; at least one."""

    low: float
    high: float
    claims: Sequence[Claim]

    @property
    def claimed(self) -> float:
        """The mean confidence."""
        return sum(claim.sure for claim in self.claims) / len(self.claims)

    @property
    def right(self) -> float:
        """The share that is right."""
        return _right([self.claims])

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % interval of `right` (bootstrap over texts)."""
        texts: dict[str, list[Claim]] = {}
        for claim in self.claims:
            texts.setdefault(claim.text, []).append(claim)
        return bootstrap(list(texts.values()), _right)


def bins(answers: Sequence[Claim], edges: Sequence[float]) -> list[Bin]:
    """The claims by confidence, without empty bins."""
    found = [Bin(a, b, [claim for claim in answers if a <= claim.sure < b]) for a, b in pairwise(edges)]
    return [one for one in found if one.claims]


def expected_error(found: Sequence[Bin]) -> float:
    """The expected calibration error: the mean distance of claimed and right, weighted by the bins' sizes."""
    whole = sum(len(one.claims) for one in found)
    return sum(abs(one.claimed - one.right) * len(one.claims) for one in found) / whole


def _right(texts: Sequence[Sequence[Claim]]) -> float:
    told = [claim.right for claims_ in texts for claim in claims_]
    return sum(told) / len(told)


def _table(name: str, answers: Sequence[Claim], edges: Sequence[float]) -> Iterator[Figure]:
    if not answers:
        yield Figure("calibration", name, None, detail=ABSENT)
        return
    found = bins(answers, edges)
    for one in found:
        detail = f"claimed {one.claimed:.3f}, {len(one.claims)} events"
        figure = f"{name} {one.low:.2f}–{min(one.high, 1):.2f}: right"
        yield Figure("calibration", figure, one.right, detail=detail, interval=one.interval)
    yield Figure("calibration", f"{name}: expected error", expected_error(found), detail=f"{len(answers)} events")

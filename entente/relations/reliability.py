"""Reliability: the measured error rates of a coder, and of the values derived from what it codes.

The figures are data (seeds/coder/reliability.json), written by `entente bench rates`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

#: A rate is published if it was measured on at least so many.
LEAST = 50

#: Name of the scope of all facets.
ALL = "all"


@dataclass(frozen=True, slots=True)
class Rate:
    """A share of `n`, with its 95 % interval; both None where n is under LEAST."""

    share: float | None
    n: int
    interval: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class CodingRates:
    """Rates on single texts. Precision: of what is coded, the share that is right. Recall: of what is told, coded."""

    precision: Rate
    recall: Rate


@dataclass(frozen=True, slots=True)
class ValueRates:
    """Rates of values in records. `right`: of the shown ones, right. `shown`: of those to be had, shown and right."""

    right: Rate
    shown: Rate


@dataclass(frozen=True, slots=True)
class ConfidenceRate:
    """Of the events with a confidence from `low` to below `high` (`claimed` on average), the share that is right."""

    low: float
    high: float
    claimed: float
    right: Rate


@dataclass(frozen=True, slots=True)
class Reliability:
    """Error rates of one version of the coder under one version of the codebook, measured on texts and stories.

    `roots`, `facets`: of single texts, by root of the events and by facet of the values. `values`: of the records of
    stories, by scope: ALL, the name of a family, or of a facet.
    """

    coder: str
    codebook: str
    n_texts: int
    n_stories: int
    roots: Mapping[str, CodingRates] = field(default_factory=dict)
    facets: Mapping[str, CodingRates] = field(default_factory=dict)
    values: Mapping[str, ValueRates] = field(default_factory=dict)
    confidence: tuple[ConfidenceRate, ...] = ()

    def of_value(self, facet: str, family: str) -> tuple[str, Rate] | None:
        """The narrowest published share of shown values that are right, with its scope; None if none is published."""
        for scope in (facet, family, ALL):
            rates = self.values.get(scope)
            if rates and rates.right.share is not None:
                return scope, rates.right
        return None

"""Intervals of facets as columns: what tables show of many, without an object for each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class StatePage:
    """Which intervals are wanted: of a source, a target, a facet (None: all), those that began by `as_of`.

    `unconfirmed`: whether those of that standing are wanted, or only those ("only"), or all ("include"). `beyond` and
    `before`: only of directions (source, target) after the one and before the other.
    """

    as_of: date
    source: str | None = None
    target: str | None = None
    facet: str | None = None
    unconfirmed: str = "include"
    beyond: tuple[str, str] | None = None
    before: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class TabledStates:
    """Intervals by source, target, facet, item, standing and start, as sequences of equal length, an entry each.

    Days are ISO 8601 texts. `status` is as of the day asked for, also "expired". `first_day` and `precision` are those
    of the start, None if it is not known. `until` and `until_precision` are those of the date from which the next value
    of the track holds, or on which its time ran out; None if it lasts. `first_evidence` and `last_evidence` are ids, ""
    without one. `confidence`: that of the surest event among its evidence; None if that is of documents only.
    """

    source: Sequence[str]
    target: Sequence[str]
    facet: Sequence[str]
    item: Sequence[str]
    value: Sequence[str]
    standing: Sequence[str]
    status: Sequence[str]
    first_day: Sequence[str | None]
    precision: Sequence[str | None]
    dated_by: Sequence[str]
    known_by: Sequence[str]
    until: Sequence[str | None]
    until_precision: Sequence[str | None]
    ends: Sequence[str]
    rule: Sequence[str]
    n_evidence: Sequence[int]
    n_owners: Sequence[int]
    first_evidence: Sequence[str]
    last_evidence: Sequence[str]
    confidence: Sequence[float | None]
    origin: Sequence[str]

    def __len__(self) -> int:
        return len(self.source)

"""Run: a period of time in which a track has one value, with its evidence, owners and disputed claims.

A track takes reported values in the order of the fold and yields runs. The size of its state does not grow with the
number of reports; `dump` and `load` write it to a checkpoint and read it back.
"""

from dataclasses import astuple, dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from entente.relations.codebook import UNCONFIRMED, Effect, Facet
from entente.relations.periods import Period
from entente.relations.state_facts import Evidence, StateReport
from entente.relations.states import EVIDENCE_EACH_END, MAX_OWNERS

#: Owners that make a value effective however unsure each is.
_ENOUGH = 2


@dataclass(frozen=True, slots=True)
class ReportedValue:
    """A value of a track as one effect of one event gives it, or a state fact.

    `supporters`: the owners that count where two make a value effective. `until`: the last day on which it may
    have begun: that of the event's date, or of its report. `expires`: day on which the value ends unless supported
    again; None: never. `is_end`: it reports that the value ended.
    """

    fact: Evidence
    value: str
    rule: str
    starts_on: date
    until: date
    expires: date | None
    supporters: tuple[str, ...]
    is_end: bool = False

    @classmethod
    def made(
        cls, fact: Evidence, value: str, effect: Effect, supporters: tuple[str, ...], overdue_days: int
    ) -> "ReportedValue":
        """The value that a fact reports. It expires `Effect.lasts_days` after its date, or the report (None: never).

        What is told as going on has lasted to the report. What is planned for a later day expires `overdue_days` after.
        """
        period = fact.moves_in
        start = fact.known_by if period is None else period.first
        last = start if period is None or period.precision == "day" else period.last
        if isinstance(fact, StateReport) and fact.until:
            # That it ended is known: a coarse date of its start reaches no further.
            last = min(last, fact.until)
        # "This year" reaches to its end, but what was told by then did not happen later.
        latest = min(last, max(start, fact.known_by))
        seen = fact.known_by if fact.status == "ongoing" else latest
        expires = None if effect.lasts_days is None else _after(seen, effect.lasts_days)
        if fact.period is not None and period != fact.period:
            # What was planned for a day that is long past has not happened, or nobody told of it.
            expires = _after(fact.period.last, overdue_days)
        return cls(fact, value, effect.rule, start, latest, expires, supporters)

    @property
    def ends(self) -> str:
        """Why what it ends is over: by a "change", or by an end that is "unconfirmed"."""
        return UNCONFIRMED if self.is_end and not isinstance(self.fact, StateReport) else "change"

    def ending(self, value: str) -> "ReportedValue":
        """The end of another value, which this report contradicts."""
        return replace(self, value=value, expires=None, is_end=True)

    @classmethod
    def end(cls, report: StateReport) -> "ReportedValue":
        """The end of the value that a state fact gives."""
        effect, day = report.effect, report.starts_on
        return cls(report, effect.value, effect.rule, day, day, None, report.owners, is_end=True)


def _after(day: date, days: int) -> date | None:
    """So many days after a day; None beyond the end of the calendar, which is never."""
    return day + timedelta(days=days) if days <= (date.max - day).days else None


@dataclass(slots=True)
class Claim:
    """A dated value that may still be contradicted, with the events and owners that report it."""

    value: str
    until: date
    events: list[str]
    owners: list[str]


@dataclass(slots=True)
class Run:
    """One value of a track over time. `expires` None: never; `ended_on`, `ends`: as `Interval.valid_to`, `ends`.

    `supporters`: the first two owners that count where two make a value effective.
    """

    value: str
    rule: str
    period: Period | None
    starts_on: date
    known_by: date
    expires: date | None
    n: int = 0
    first: list[str] = field(default_factory=list)
    last: list[str] = field(default_factory=list)
    owners: list[str] = field(default_factory=list)
    supporters: list[str] = field(default_factory=list)
    confidence: float = 0.0
    claims: list[Claim] = field(default_factory=list)
    disputed: bool = False
    ended_on: date | None = None
    ends: str = ""
    everything: list[str] | None = None
    dated_by: str = "text"

    @classmethod
    def begun(cls, a: ReportedValue, everything: bool) -> "Run":
        """The run that this report begins. With `everything` it keeps the ids of all its events."""
        run = cls(a.value, a.rule, a.fact.moves_in, a.starts_on, a.fact.known_by, a.expires)
        run.everything = [] if everything else None
        run.dated_by = a.fact.dated_by if a.fact.moves_in == a.fact.period else "publication"
        run.support(a)
        return run

    def support(self, a: ReportedValue) -> None:
        """Add a report as evidence."""
        fact = a.fact
        # An event may reach a track by two rules; it is evidence once.
        if (self.last or self.first)[-1:] != [fact.id]:
            self.n += 1
            if len(self.first) < EVIDENCE_EACH_END:
                self.first.append(fact.id)
            else:
                self.last = [*self.last, fact.id][-EVIDENCE_EACH_END:]
            if self.everything is not None:
                self.everything.append(fact.id)
        # An undated value begins when it is known: an early document that dates it later does not move that back.
        if self.period is not None:
            self.known_by = min(self.known_by, fact.known_by)
        self.confidence = max(self.confidence, fact.confidence)
        if self.n > 1:
            self.expires = None if self.expires is None or a.expires is None else max(self.expires, a.expires)
        if len(self.owners) < MAX_OWNERS:
            self.owners = list(dict.fromkeys([*self.owners, *fact.owners]))[:MAX_OWNERS]
        if len(self.supporters) < _ENOUGH:
            self.supporters = list(dict.fromkeys([*self.supporters, *a.supporters]))[:_ENOUGH]

    def is_sure(self, effective_confidence: float) -> bool:
        """True if two owners support the value, or one event is this confident."""
        return len(self.supporters) == _ENOUGH or self.confidence >= effective_confidence

    def lasts_beyond(self, day: date) -> bool:
        """True if the run has not expired by that day."""
        return self.expires is None or self.expires > day

    def may_be_over(self, day: date) -> bool:
        """True if a report of that day that is not sure may end the run: it holds since before, and is not certain.

        What documents and analysts tell is certain.
        """
        return self.starts_on < day and self.lasts_beyond(day) and self.confidence < 1

    def ended(self, day: date | None, why: str) -> "Run":
        """End the run on that day (None: not ended) and return it."""
        self.ended_on, self.ends = day, why if day else ""
        return self

    def claim(self, a: ReportedValue) -> None:
        """Keep a dated report as a claim for as long as another may overlap it."""
        if not self.disputed:
            self.claims = [claim for claim in self.claims if claim.until >= a.starts_on]
        if a.fact.period is None:
            return
        for claim in self.claims:
            if claim.value == a.value:
                claim.until = max(claim.until, a.until)
                claim.events.append(a.fact.id)
                claim.owners = sorted({*claim.owners, *a.fact.owners})
                return
        self.claims.append(Claim(a.value, a.until, [a.fact.id], list(a.fact.owners)))

    def contradicted_by(self, a: ReportedValue, facet: Facet) -> list[Claim]:
        """The claims that overlap the report's date, exclude its value, and come from independent owners.

        An owner whose publishers report both values supports neither: each needs one that reports only it.
        """
        if a.fact.period is None or not self.claims:
            return []
        overlapping = [claim for claim in self.claims if claim.until >= a.starts_on]
        ours = {o for claim in overlapping if claim.value == a.value for o in claim.owners} | set(a.fact.owners)
        against = [claim for claim in overlapping if facet.exclude(claim.value, a.value)]
        return [claim for claim in against if set(claim.owners) - ours and ours - set(claim.owners)]

    def dump(self) -> list[Any]:
        """The run as a JSON value."""
        row = [_plain(getattr(self, name)) for name in _DUMPED]
        return [*row, [[_plain(part) for part in astuple(claim)] for claim in self.claims]]

    @classmethod
    def load(cls, row: list[Any]) -> "Run":
        """The run that `dump` returned."""
        *plain, claims = row
        values = dict(zip(_DUMPED, plain, strict=True))
        for name in ("starts_on", "known_by", "expires"):
            values[name] = values[name] and date.fromisoformat(values[name])
        values["period"] = values["period"] and Period.parse(values["period"])
        told = [Claim(value, date.fromisoformat(until), ids, by) for value, until, ids, by in claims]
        return cls(**values, claims=told)


_DUMPED = (
    *("value", "rule", "period", "starts_on", "known_by", "expires"),
    *("n", "first", "last", "owners", "supporters", "confidence", "disputed", "dated_by"),
)


def _plain(value: Any) -> Any:
    if isinstance(value, Period):
        return value.label
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, list) else value

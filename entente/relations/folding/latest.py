"""Track on which the latest value holds until another is reported or it expires."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from entente.relations.codebook import Facet
from entente.relations.folding.runs import Claim, ReportedValue, Run
from entente.relations.states import EVIDENCE_EACH_END


class Latest:
    """Keeps one run. A later report of another value ends it, and so does its expiry."""

    def __init__(self, facet: Facet, everything: bool, disputable: bool) -> None:
        self._facet = facet
        self._everything = everything
        self._disputable = disputable
        self.run: Run | None = None

    def take(self, day: date, assertions: list[ReportedValue]) -> Iterator[Run]:  # noqa: ARG002  # as Highest
        """Take the values reported for a day, one by one; yield the runs that they end."""
        for a in assertions:
            yield from self._step(a)

    def would_end_dated(self, a: ReportedValue) -> bool:
        """True if a dated value holds when this one is reported, and is another."""
        run = self.run
        return bool(run and run.period and run.lasts_beyond(a.starts_on) and run.value not in ("", a.value))

    def would_change(self, a: ReportedValue) -> bool:
        """True if no value holds when this one is reported, or another that it would end."""
        run = self.run
        return run is None or not run.lasts_beyond(a.starts_on) or run.value != a.value

    def ended_by(self, a: ReportedValue) -> list[str]:
        """The value that this report, which is likelier than not, ends, if any; a plan also by what it announced."""
        run = self.run
        if run is None or run.value == "" or (self._disputable and run.value == a.value):
            return []
        return [run.value] if run.may_be_over(a.starts_on) else []

    def _step(self, a: ReportedValue) -> Iterator[Run]:
        run = self.run
        if run and run.expires and run.expires < a.starts_on:
            yield run.ended(run.expires, "expiry")
            run = None
        if a.is_end:
            self.run = run
            yield from self._end(a)
            return
        against: list[Claim] = []
        if run:
            settled = run.disputed and all(claim.until < a.starts_on for claim in run.claims)
            against = run.contradicted_by(a, self._facet) if self._disputable and not settled else []
            if run.disputed and not settled:
                # One more report in the same dispute: the last in the fold's order gives the value shown.
                run.support(a)
                run.value, run.rule = a.value, a.rule
            elif settled or against or a.value != run.value:
                yield run.ended(a.starts_on, "change")
                run = None
            else:
                run.support(a)
        if run is None:
            run = Run.begun(a, self._everything)
            if against:
                self._dispute(run, against)
        if self._disputable:
            run.claim(a)
        self.run = run

    def _end(self, a: ReportedValue) -> Iterator[Run]:
        """End the run if it has the value that ended; a later report may have put another in its place."""
        if self.run and self.run.value == a.value:
            yield self.run.ended(a.starts_on, a.ends)
            self.run = None

    def _dispute(self, run: Run, against: list[Claim]) -> None:
        run.disputed = True
        run.claims = against
        own = run.first.pop()
        rivals = [event for claim in against for event in claim.events if event != own]
        told = [*rivals, own]
        run.n = len(told)
        run.first, run.last = told[:EVIDENCE_EACH_END], told[EVIDENCE_EACH_END:][-EVIDENCE_EACH_END:]
        if run.everything is not None:
            run.everything = told

    def settle(self, day: date) -> Iterator[Run]:
        """Yield the run if it expired before `day`."""
        if self.run and self.run.expires and self.run.expires < day:
            yield self.run.ended(self.run.expires, "expiry")
            self.run = None

    def finish(self) -> Iterator[Run]:
        """Yield the run that is left after the last report. Don't use the object afterwards."""
        if self.run:
            yield self.run.ended(self.run.expires, "expiry")

    def dump(self) -> list[Any]:
        return [self.run.dump()] if self.run else []

    def load(self, rows: list[Any]) -> None:
        self.run = Run.load(rows[0]) if rows else None

"""Track on which the highest value not yet expired holds, as with COW's hostility levels."""

from collections.abc import Iterator
from copy import copy
from datetime import date
from typing import Any

from entente.relations.codebook import UNCONFIRMED, Facet
from entente.relations.folding.runs import ReportedValue, Run
from entente.relations.periods import Period


class Highest:
    """Keeps one run for each supported value; the highest value not yet expired holds.

    When it expires, the next highest holds from that day on, with the evidence that it had.
    """

    def __init__(self, facet: Facet, everything: bool, disputable: bool) -> None:
        self._facet = facet
        self._everything = everything
        self._disputable = disputable
        self._rank = {value: position for position, value in enumerate(facet.values)}
        self._supports: dict[str, Run] = {}
        # What holds: (value, period, first day), or None.
        self._now: tuple[str, Period | None, date] | None = None

    def take(self, day: date, assertions: list[ReportedValue]) -> Iterator[Run]:
        """Take all values reported for a day at once; yield the runs that they end."""
        yield from self.settle(day)
        held = self._supports[self._now[0]] if self._now else None
        fresh = {value for value, run in self._supports.items() if run.lasts_beyond(day)}
        for a in assertions:
            if a.is_end:
                self._supports.pop(a.value, None)
                fresh.discard(a.value)
                continue
            self._clear(a.value)
            known = self._supports.get(a.value)
            if known and (known is held or a.value in fresh):
                known.support(a)
            else:
                self._supports[a.value] = Run.begun(a, self._everything)
                fresh.add(a.value)
        self._supports = {v: run for v, run in self._supports.items() if run.lasts_beyond(day)}
        top = self._top()
        if self._now and held and top != self._now[0]:
            doubted = any(a.value == held.value and a.ends == UNCONFIRMED for a in assertions)
            yield self._shown(held).ended(day, UNCONFIRMED if doubted else "change")
            self._now = None
        if self._now is None and top is not None:
            run = self._supports[top]
            self._now = (top, run.period if run.starts_on == day else Period.day(day), day)

    def would_end_dated(self, a: ReportedValue) -> bool:
        """True if a dated value holds when this one is reported, and would end by it."""
        top = self.value_on(a.starts_on)
        return top is not None and self._supports[top].period is not None and self._ends(a.value, top)

    def would_change(self, a: ReportedValue) -> bool:
        """True if no value holds when this one is reported, or another that it would end."""
        top = self.value_on(a.starts_on)
        return top is None or self._ends(a.value, top)

    def ended_by(self, a: ReportedValue) -> list[str]:
        """The values that this report, which is likelier than not, ends: a higher one leaves the lower."""
        clears = self._facet.clears
        held = (value for value, run in self._supports.items() if run.may_be_over(a.starts_on))
        return [value for value in held if value != a.value and (value in clears or a.value in clears)]

    def value_on(self, day: date) -> str | None:
        """The highest value that has not expired by `day`, whether those that did were settled or not."""
        left = [value for value, run in self._supports.items() if run.lasts_beyond(day)]
        return max(left, key=self._rank.__getitem__, default=None)

    def _ends(self, value: str, held: str) -> bool:
        clears = self._facet.clears
        return value != held and (value in clears or held in clears or self._rank[value] > self._rank[held])

    def settle(self, day: date) -> Iterator[Run]:
        """Yield the runs that expired before `day`."""
        while self._now and (ends := self._supports[self._now[0]].expires) and ends < day:
            yield self._run_out(ends)

    def finish(self) -> Iterator[Run]:
        """Yield the runs that are left after the last report. Don't use the object afterwards."""
        while self._now and (ends := self._supports[self._now[0]].expires):
            yield self._run_out(ends)
        if self._now:
            yield self._shown(self._supports[self._now[0]]).ended(None, "")

    def dump(self) -> list[Any]:
        supports = [self._supports[value].dump() for value in sorted(self._supports)]
        if self._now is None:
            return [None, *supports]
        value, period, day = self._now
        return [[value, period.label if period else None, day.isoformat()], *supports]

    def load(self, rows: list[Any]) -> None:
        now, *supports = rows
        self._supports = {run.value: run for run in map(Run.load, supports)}
        self._now = (now[0], Period.parse(now[1]) if now[1] else None, date.fromisoformat(now[2])) if now else None

    def _run_out(self, day: date) -> Run:
        assert self._now
        over = self._shown(self._supports[self._now[0]]).ended(day, "expiry")
        self._supports = {v: run for v, run in self._supports.items() if run.lasts_beyond(day)}
        top = self._top()
        self._now = None if top is None else (top, Period.day(day), day)
        return over

    def _clear(self, value: str) -> None:
        """Drop what this value ends for good: a value of `clears` (peace) ends every other, and any other ends it."""
        clears = self._facet.clears
        dropped = set(self._supports) - {value} if value in clears else clears
        self._supports = {v: run for v, run in self._supports.items() if v not in dropped}

    def _top(self) -> str | None:
        return max(self._supports, key=self._rank.__getitem__, default=None)

    def _shown(self, support: Run) -> Run:
        """The run, starting when its value became the highest."""
        assert self._now
        shown = copy(support)
        _, shown.period, shown.starts_on = self._now
        if shown.period != support.period:
            # From the day on which a higher value ended.
            shown.dated_by = "text"
        return shown

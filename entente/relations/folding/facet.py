"""FacetFold: folds the events of one facet of one direction, day by day, into intervals."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from entente.relations.codebook import STANDINGS, UNCONFIRMED, Codebook, Effect
from entente.relations.events import Event, Fact
from entente.relations.floor import is_sure, supporters
from entente.relations.folding.highest import Highest
from entente.relations.folding.latest import Latest
from entente.relations.folding.runs import ReportedValue, Run
from entente.relations.state_facts import Evidence, StateReport
from entente.relations.states import MAX_OWNERS, Candidate, Interval

#: (source, target, facet)
FacetKey = tuple[str, str, str]

#: Values reported for one day, by (item, standing).
_Reported = dict[tuple[str, str], list[ReportedValue]]

_TRACKS: dict[str, type[Latest] | type[Highest]] = {"latest": Latest, "highest": Highest}
_NOT_HELD = ("pending", "threatened", UNCONFIRMED)

#: Member of a set facet for an act that names none.
_UNNAMED = "other"


def facets_of(event: Event | Evidence, codebook: Codebook) -> list[FacetKey]:
    """The facets that an event or state fact moves, each once."""
    if isinstance(event, StateReport):
        return _facets_stated(event, codebook)
    effects = codebook.effects(event.act, event.status)
    if not effects or not event.between_states:
        return []
    if len(effects) == 1 and effects[0].moves == "same":
        return [(event.source, event.target, effects[0].facet)]
    keys = [(*direction, effect.facet) for effect in effects for direction in directions(event, effect)]
    return list(dict.fromkeys(keys))


def _facets_stated(report: StateReport, codebook: Codebook) -> list[FacetKey]:
    told = report.told
    facet = codebook.facets.get(told.facet)
    if facet is None or told.value not in facet.values:
        # Of an older codebook, which had them.
        return []
    forth, back = (told.source, told.target, told.facet), (told.target, told.source, told.facet)
    return [forth, back] if facet.shared else [forth]


def directions(event: Event | Fact, effect: Effect) -> list[tuple[str, str]]:
    """The (source, target) pairs that an effect of an event concerns."""
    if effect.moves == "same":
        return [(event.source, event.target)]
    back = (event.target, event.source)
    return [back] if effect.moves == "reverse" else [(event.source, event.target), back]


def _may_be_over(fact: Evidence, effect: Effect) -> bool:
    """True of an undated act that is over and gives a value that expires: whether that still holds is unknown."""
    return fact.period is None and effect.lasts_days is not None and fact.status == "effective"


class FacetFold:
    """State of one facet of one direction while its facts are folded, day by day in `fold_order`."""

    def __init__(self, key: FacetKey, codebook: Codebook, all_evidence: bool = False) -> None:
        self._key = key
        self._codebook = codebook
        self._facet = codebook.facet(key[2])
        self._all_evidence = all_evidence
        self._tracks: dict[tuple[str, str], Latest | Highest] = {}
        # The value last reported of each track, expired or not; "" where a document says that it ended.
        self._said: dict[tuple[str, str], str] = {}
        self._moves: dict[tuple[str, str, str], list[Effect]] = {}
        #: Facts taken since the last checkpoint.
        self.taken = 0

    def take(self, day: date, facts: Iterable[Evidence]) -> Iterator[Interval]:
        """Take the facts of a day; yield the intervals that they end."""
        asserted: _Reported = {}
        unsure: list[Fact] = []
        for fact in self._in_order(facts):
            self.taken += 1
            if isinstance(fact, StateReport):
                self._take_stated(asserted, fact)
                continue
            if not is_sure(fact, self._codebook):
                unsure.append(fact)
                continue
            for effect in self._effects(fact):
                for item in self._items(fact, effect):
                    self._assert(asserted, item, fact, effect)
        yield from self._taken(day, asserted)
        if unsure:
            # After what is sure, which they move in nothing: they are told by what they would change of it.
            doubtful: _Reported = {}
            over: _Reported = {}
            for fact in unsure:
                for effect in self._effects(fact):
                    for item in self._items(fact, effect):
                        self._doubt(doubtful, over, item, fact, effect)
            yield from self._taken(day, over)
            yield from self._taken(day, doubtful)

    def _in_order(self, facts: Iterable[Evidence]) -> list[Evidence]:
        """The facts of a day in the order of the fold, but of one date what precedes first, however it is spelt."""
        ordered: list[Evidence] = []
        values: set[str] = set()
        for fact in facts:
            values.update(effect.value for effect in self._told(fact))
            if len(values) < 2:
                ordered.append(fact)
                continue
            later = (n for n, other in enumerate(ordered) if self._precedes(fact, other))
            ordered.insert(next(later, len(ordered)), fact)
        return ordered

    def _precedes(self, fact: Evidence, other: Evidence) -> bool:
        if fact.period != other.period:
            return False
        return any(
            one.standing == two.standing and self._facet.precedes(one.value, two.value)
            for one in self._told(fact)
            for two in self._told(other)
        )

    def _told(self, fact: Evidence) -> list[Effect]:
        """What a fact says of this facet; the end of a value says nothing."""
        if isinstance(fact, StateReport):
            return [] if fact.is_end else [fact.effect]
        return self._effects(fact)

    def _taken(self, day: date, reported: _Reported) -> Iterator[Interval]:
        for track, values in reported.items():
            for run in self._track(track).take(day, values):
                yield from self._interval(track, run)

    def settle(self, day: date) -> Iterator[Interval]:
        """Yield the intervals that expired before `day`."""
        for key, track in self._tracks.items():
            for run in track.settle(day):
                yield from self._interval(key, run)

    def finish(self) -> Iterator[Interval]:
        """Yield the intervals that are left after the last fact. Don't use the object afterwards."""
        for key, track in self._tracks.items():
            for run in track.finish():
                yield from self._interval(key, run)

    def dump(self) -> dict[str, Any]:
        """The state as a JSON value: what folding later days needs."""
        return {
            f"{item}|{standing}": [said, *self._tracks[item, standing].dump()]
            for (item, standing), said in sorted(self._said.items())
        }

    def load(self, state: Mapping[str, Any]) -> None:
        """Restore the state that `dump` returned."""
        for name, (said, *track) in state.items():
            item, _, standing = name.partition("|")
            self._said[item, standing] = said
            self._track((item, standing)).load(track)

    def open_runs(self) -> frozenset[tuple[str, str, date]]:
        """(item, standing, first day) of the intervals that are not over."""
        copied = FacetFold(self._key, self._codebook)
        copied.load(self.dump())
        return frozenset((i.item, i.standing, i.starts_on) for i in copied.finish())

    def _take_stated(self, asserted: _Reported, report: StateReport) -> None:
        """Take the report of a state fact: its value as an effect of an event, or its end."""
        item = report.told.item
        if report.is_end:
            asserted.setdefault((item, "held"), []).append(ReportedValue.end(report))
            if self._said.get((item, "held")) == report.told.value:
                self._said[item, "held"] = ""
        else:
            self._assert(asserted, item, report, report.effect)

    def _effects(self, fact: Fact) -> list[Effect]:
        """The effects of a fact on this facet."""
        named = (fact.act, fact.status, fact.source)
        found = self._moves.get(named)
        if found is None:
            here = self._key[:2]
            effects = self._codebook.effects(fact.act, fact.status)
            found = [e for e in effects if e.facet == self._key[2] and here in directions(fact, e)]
            self._moves[named] = found
        return found

    def _track(self, key: tuple[str, str]) -> Latest | Highest:
        track = self._tracks.get(key)
        if track is None:
            # Of what is not held the latest report counts, on every facet.
            made = _TRACKS[self._facet.combine] if key[1] == "held" else Latest
            track = self._tracks[key] = made(self._facet, self._all_evidence, key[1] == "held")
        return track

    def _items(self, fact: Fact, effect: Effect) -> list[str]:
        """The members that an effect moves: see `Effect.item`."""
        where, _, otherwise = effect.item.partition("|")
        if where.startswith("context:"):
            prefix = where.removeprefix("context:") + ":"
            named = sorted({c.removeprefix(prefix) for c in fact.context if c.startswith(prefix)})
            if named:
                return named
            where = otherwise or _UNNAMED
        if where not in ("*", "only"):
            return [where]
        held = sorted(item for (item, standing), said in self._said.items() if standing == "held" and said)
        if where == "only":
            held = [item for item in held if self._said[item, "held"] not in self._facet.over]
        return held if len(held) == 1 or (held and where == "*") else [_UNNAMED]

    def _assert(self, asserted: _Reported, item: str, fact: Evidence, effect: Effect) -> None:
        if _may_be_over(fact, effect):
            return
        key = (item, effect.standing)
        if self._applies(effect, item, fact, asserted):
            made = self._made(fact, effect, effect.value)
            if fact.period is None and self._gives_way(made, key, asserted.get(key, ())):
                return
            self._said[key] = effect.value
            asserted.setdefault(key, []).append(made)
        elif fact.period is None:
            return
        if effect.standing == "held":
            # The act itself, even where it moves nothing, ends what was announced, threatened or not confirmed of it.
            for standing in _NOT_HELD:
                for settled in self._settled(item, standing, effect):
                    self._said[settled, standing] = ""
                    asserted.setdefault((settled, standing), []).append(self._made(fact, effect, ""))

    def _doubt(self, doubtful: _Reported, over: _Reported, item: str, fact: Fact, effect: Effect) -> None:
        """Report the value that an unsure event would give, if it would change what is held.

        If it is likelier than not, what it would end is over: nothing is known to hold until a sure event tells.
        """
        if effect.standing != "held" or not self._applies(effect, item, fact, {}) or _may_be_over(fact, effect):
            return
        made = self._made(fact, effect, effect.value)
        held, key = self._track((item, "held")), (item, UNCONFIRMED)
        if not held.would_change(made) or (fact.period is None and held.would_end_dated(made)):
            return
        if fact.period is None and self._gives_way(made, key, doubtful.get(key, ())):
            return
        self._said[key] = effect.value
        doubtful.setdefault(key, []).append(made)
        if fact.confidence >= self._codebook.ending_confidence:
            for standing in STANDINGS:
                ended = (item, standing)
                for value in self._track(ended).ended_by(made):
                    over.setdefault(ended, []).append(made.ending(value))

    def _applies(self, effect: Effect, item: str, fact: Evidence, today: _Reported) -> bool:
        """True if the effect may begin from the item's value; `today` are the values reported so far of the day."""
        return not effect.only_from or self._before(item, fact.moves_on, today) in effect.only_from

    def _before(self, item: str, day: date, today: _Reported) -> str:
        """The value that `Effect.only_from` tests: the highest not expired, else that last reported."""
        key = (item, "held")
        track = self._track(key)
        if isinstance(track, Highest):
            told = [a.value for a in today.get(key, ()) if not a.is_end]
            held = [value for value in (track.value_on(day), *told) if value]
            if held:
                return max(held, key=self._facet.values.index)
        return self._said.get(key) or "unknown"

    def _made(self, fact: Evidence, effect: Effect, value: str) -> ReportedValue:
        codebook = self._codebook
        return ReportedValue.made(fact, value, effect, supporters(fact, codebook), codebook.overdue_days)

    def _gives_way(self, undated: ReportedValue, key: tuple[str, str], today: Sequence[ReportedValue]) -> bool:
        """True if an undated report would end a dated value. It is then ignored: when it happened is unknown."""
        rival = any(a.fact.period is not None and a.value != undated.value and not a.is_end for a in today)
        return rival or self._track(key).would_end_dated(undated)

    def _settled(self, item: str, standing: str, effect: Effect) -> list[str]:
        """Items whose announced or threatened value this act ends: its own, and the unnamed one."""
        found = [item] if self._said.get((item, standing)) else []
        unnamed = self._said.get((_UNNAMED, standing)) if item != _UNNAMED else None
        if unnamed and not self._facet.exclude(unnamed, effect.value):
            found.append(_UNNAMED)
        return found

    def _interval(self, track: tuple[str, str], run: Run) -> Iterator[Interval]:
        if run.value == "" or run.ended_on == run.starts_on:
            return
        confident = run.is_sure(self._codebook.effective_confidence)
        yield Interval(
            *self._key,
            item=track[0],
            standing=track[1],
            value=run.value,
            valid_from=run.period,
            known_by=run.known_by,
            valid_to=run.ended_on,
            ends=run.ends,
            evidence=tuple(run.everything if run.everything is not None else run.first + run.last),
            rule=f"{run.rule}@{self._codebook.version}",
            n_evidence=run.n,
            status="disputed" if run.disputed else "effective" if confident else "reported",
            candidates=_candidates(run) if run.disputed else (),
            owners=tuple(run.owners),
            dated_by=run.dated_by if run.period else "none",
        )


def _candidates(run: Run) -> tuple[Candidate, ...]:
    told = sorted(run.claims, key=lambda claim: claim.value)
    return tuple(Candidate(c.value, len(c.owners), tuple(c.events), tuple(c.owners[:MAX_OWNERS])) for c in told)

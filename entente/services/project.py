"""Projecting: mentions → events → states → the record that readers see."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date, datetime

from entente.relations.codebook import Codebook
from entente.relations.dyads import Dyad
from entente.relations.events import Event, Fact
from entente.relations.folding.dyad import fold_in_full
from entente.relations.folding.facet import FacetKey, facets_of
from entente.relations.folding.refold import refold
from entente.relations.grouping.group import Key, group_mentions
from entente.relations.grouping.regroup import regroup
from entente.relations.periods import Period
from entente.relations.record import Relation, relation_of
from entente.relations.states import Change, compare
from entente.relations.tally import daily, rolled_up
from entente.services.ports.cache import CachedRelation, CacheUnavailable, StateCache
from entente.services.ports.derived import Derived
from entente.services.ports.ledger import Ledger, UnitOfWork
from entente.services.ports.rendering import Renderer
from entente.services.ports.system import Clock
from entente.services.reading.dyad_views import past

#: Called with (how many are done, how many there are).
Progress = Callable[[int, int], None]


#: Dyads whose records are made from one snapshot and written to the cache together.
_AT_ONCE = 50


def _silent(done: int, of: int) -> None:
    """Show no progress."""


@dataclass
class ProjectionSession:
    """Dyads locked for one unit of work. `fold` derives them again from whatever mentions the unit now sees."""

    unit: UnitOfWork
    codebook: Codebook
    versions: Mapping[Dyad, int] = field(default_factory=dict)

    def fold(self, article_id: str | None, at: datetime) -> list[Change]:
        """Derive the locked dyads again, mark them dirty and append what changed to the feed.

        Of an article, only what its mentions can have moved is derived; without one, or where a dyad was never
        derived under this codebook, everything is.
        """
        changes: list[Change] = []
        version = self.codebook.version
        behind = {d for d in self.versions if article_id is None or self.unit.dyads.derived_by(d) != version}
        for dyad in sorted(behind):
            changes += self._derive(dyad, at)
        if article_id is not None:
            dates = self.unit.mentions.dates_of(article_id)
            changes += self._follow({k: on for k, on in dates.items() if dyad_of(k[0], k[1]) not in behind}, at)
        self.unit.dyads.mark_dirty(self.versions, at)
        self.unit.changes.append(changes, article_id, at)
        return changes

    def _derive(self, dyad: Dyad, at: datetime) -> list[Change]:
        """Derive all of a dyad from its mentions."""
        before = self.unit.derived.states(dyad)
        facts: list[Fact] = []
        self.unit.derived_writes.replace_events(dyad, self._group(dyad, facts))
        whole = derive(facts, self.codebook)
        self.unit.derived_writes.replace_all(dyad, whole)
        self.unit.dyads.note_derived(dyad, self.codebook.version)
        return compare(before, whole.intervals, at.date())

    def _group(self, dyad: Dyad, facts: list[Fact]) -> Iterator[Event]:
        """A dyad's events, key by key; their facts, which take less room, go to `facts`."""
        for mentions in self.unit.mentions.by_key(dyad):
            for event in group_mentions(mentions):
                facts.append(event.fact)
                yield event

    def _follow(self, dates: Mapping[Key, set[Period | None]], at: datetime) -> list[Change]:
        """Derive what mentions of these dates concern: their groups, these groups' sums and the facets they move."""
        writes, derived = self.unit.derived_writes, self.unit.derived
        near = self.unit.mentions.history
        regrouped = {key: regroup(key, dates[key], near(key, dates[key])) for key in sorted(dates)}
        went, came = writes.replace_groups(regrouped)
        sums = daily(came, self.codebook)
        for day, tally in daily(went, self.codebook, -1).items():
            sums[day].add(tally)
        writes.add_tallies(rolled_up(sums, self.codebook))
        changes: list[Change] = []
        for facet, (first, last) in sorted(_reach([*went, *came], self.codebook).items()):
            refolded = refold(facet, first, last, derived.facet_history(facet, self.codebook), self.codebook)
            changes += compare(*writes.replace_facet(facet, refolded), at.date())
        return changes


def derive(facts: Sequence[Fact], codebook: Codebook) -> Derived:
    """All that is derived from a dyad's events, from scratch."""
    intervals, checkpoints = fold_in_full(facts, codebook)
    return Derived(intervals, rolled_up(daily(facts, codebook), codebook), checkpoints)


def dyad_of(source: str, target: str) -> Dyad:
    """The dyad of two parties, whatever their sectors."""
    return Dyad.of(source.partition(":")[0], target.partition(":")[0])


def _reach(facts: Iterable[Fact], codebook: Codebook) -> dict[FacetKey, tuple[date, date]]:
    """The facets that these facts move, and the first and last day on which they do."""
    reach: dict[FacetKey, tuple[date, date]] = {}
    for fact in facts:
        day = fact.starts_on
        for facet in facets_of(fact, codebook):
            first, last = reach.get(facet, (day, day))
            reach[facet] = min(first, day), max(last, day)
    return reach


class Projector:
    """Keeps events, states and the cache true to the mentions."""

    def __init__(self, ledger: Ledger, cache: StateCache, renderer: Renderer, codebook: Codebook, clock: Clock) -> None:
        self._ledger = ledger
        self._cache = cache
        self._renderer = renderer
        self._codebook = codebook
        self._clock = clock

    @contextmanager
    def session(self, unit: UnitOfWork, dyads: Iterable[Dyad]) -> Iterator[ProjectionSession]:
        """Lock dyads in a unit of work before their mentions change. The caller folds, then commits."""
        yield ProjectionSession(unit, self._codebook, unit.dyads.lock(sorted(set(dyads))))

    def outdate(self, versions: Mapping[Dyad, int]) -> None:
        """Tell the cache that these dyads have moved: readers go to the ledger until `redo_dirty` wrote them anew.

        A dyad that moves often is rendered once for many moves. Without Redis all of that waits for it to be back.
        """
        with suppress(CacheUnavailable):
            self._cache.outdate(versions)

    def refresh(self, versions: Mapping[Dyad, int]) -> int:
        """Bring the cache up to these dyads' committed states; how many. Without Redis they stay dirty for later."""
        done = 0
        dyads = sorted(versions)
        for start in range(0, len(dyads), _AT_ONCE):
            some = dyads[start : start + _AT_ONCE]
            try:
                written = self._write(some)
            except CacheUnavailable:
                break
            # Should this be undone, the cache is only told once more.
            with self._ledger.write(durable=False) as unit:
                unit.dyads.clear_dirty(written)
                unit.commit()
            done += len(written)
        return done

    def left_behind(self) -> str:
        """What another version of the codebook derived, and the remedy, for whoever runs this; "" if nothing."""
        with self._ledger.read() as unit:
            behind = unit.dyads.behind(self._codebook.version)
        if not behind:
            return ""
        count, versions = sum(behind.values()), ", ".join(version or "none" for version in behind)
        what = "1 pair of countries was" if count == 1 else f"{count:,} pairs of countries were"
        return (
            f"{what} derived under codebook {versions} and not {self._codebook.version}: "
            "`entente rebuild` derives them again"
        )

    def redo_dirty(self, limit: int = 2000) -> int:
        """Write into the cache what moved since it was last written; how many dyads."""
        with self._ledger.read() as unit:
            waiting = dict(unit.dyads.dirty(limit))
        return self.refresh(waiting)

    def rebuild(self, progress: Progress = _silent) -> int:
        """Derive everything again from the mentions and fill a new generation of the cache; how many dyads.

        Without Redis the ledger's own rows are derived all the same, and the dyads stay dirty for when it is back.
        """
        with self._ledger.read() as unit:
            dyads = list(unit.dyads.every())
        generation = self._new_generation()
        for done, dyad in enumerate(dyads, start=1):
            with self._ledger.write() as unit, self.session(unit, [dyad]) as session:
                session.fold(None, self._clock.now())
                unit.commit()
            for record, body in self._records(dyad) if generation else ():
                entry = CachedRelation(body, record.version)
                self._cache.put_into(generation, record.source, record.target, record.as_of, entry)
            progress(done, len(dyads))
        if generation:
            self._cache.flip(generation)
            self.redo_dirty(limit=len(dyads) + 1)
        return len(dyads)

    def _new_generation(self) -> str:
        try:
            return self._cache.start_generation()
        except CacheUnavailable:
            return ""

    def verify(self, progress: Progress = _silent) -> list[str]:
        """Recompute every dyad from its mentions and compare with what is stored and cached; a line a difference."""
        with self._ledger.read() as unit:
            dyads = list(unit.dyads.every())
        differences: list[str] = []
        for done, dyad in enumerate(dyads, start=1):
            differences += self._differences(dyad)
            progress(done, len(dyads))
        return differences

    def _differences(self, dyad: Dyad) -> list[str]:
        with self._ledger.read() as unit:
            events = group_mentions(unit.mentions.of_dyad(dyad))
            whole = derive([event.fact for event in events], self._codebook)
            stored = {
                "states": whole.intervals == unit.derived.states(dyad),
                "sums": whole.tallies == unit.derived.tallies(dyad),
                "events": events == sorted(unit.events.of_dyad(dyad), key=lambda event: event.id),
            }
            behind = dyad in dict(unit.dyads.dirty(limit=1_000_000))
        found = [
            f"{dyad.a}-{dyad.b}: stored {part} differ from the mentions'" for part, same in stored.items() if not same
        ]
        if found:
            return found
        for record, body in self._records(dyad):
            try:
                cached = self._cache.get(record.source, record.target, record.as_of)
            except CacheUnavailable:
                return []
            if cached and not behind and cached.version >= record.version and cached.body != body:
                found.append(f"{record.source}→{record.target}: cached record differs from the ledger's")
        return found

    def _write(self, dyads: Sequence[Dyad]) -> dict[Dyad, int]:
        """Put both directions of these dyads into the cache; the versions that they show."""
        today = self._clock.now().date()
        with self._ledger.read() as unit:
            behind = [d for d in dyads if unit.dyads.derived_by(d) != self._codebook.version]
        for dyad in behind:
            self._derive(dyad)
        with self._ledger.read() as unit:
            made = [record for dyad in dyads for record in self._records_of(unit, dyad, today)]
        entries = [(r.source, r.target, CachedRelation(self._renderer.relation(r), r.version)) for r in made]
        self._cache.put_all(today, entries)
        return {Dyad.of(record.source, record.target): record.version for record in made}

    def _derive(self, dyad: Dyad) -> None:
        """Derive a dyad whose stored states another codebook, or an earlier shape of the tables, left behind."""
        with self._ledger.write() as unit, self.session(unit, [dyad]) as session:
            session.fold(None, self._clock.now())
            unit.commit()

    def _records(self, dyad: Dyad) -> list[tuple[Relation, bytes]]:
        """Both directions as of today, from one snapshot of the ledger."""
        with self._ledger.read() as unit:
            made = self._records_of(unit, dyad, self._clock.now().date())
        return [(record, self._renderer.relation(record)) for record in made]

    def _records_of(self, unit: UnitOfWork, dyad: Dyad, day: date) -> list[Relation]:
        version = unit.dyads.version(dyad)
        pairs = ((dyad.a, dyad.b), (dyad.b, dyad.a))
        pasts = [(pair, past(unit, *pair, day, self._codebook)) for pair in pairs]
        return [relation_of(*pair, seen, self._codebook, day, version) for pair, seen in pasts]

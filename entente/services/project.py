"""Projecting: mentions → events → states → the record that readers see."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from entente.relations.codebook import Codebook
from entente.relations.grouping import group_mentions
from entente.relations.fold import fold
from entente.relations.record import Relation, relation
from entente.relations.states import Change, compare
from entente.services.ports import (
    CachedRelation,
    CacheUnavailable,
    Clock,
    Dyad,
    Ledger,
    Renderer,
    StateCache,
    UnitOfWork,
)

#: Called with (how many are done, how many there are).
Progress = Callable[[int, int], None]


def _silent(done: int, of: int) -> None:
    """Show no progress."""


@dataclass
class ProjectionSession:
    """Dyads locked for one unit of work. `fold` derives them again from whatever mentions the unit now sees."""

    unit: UnitOfWork
    codebook: Codebook
    versions: Mapping[Dyad, int] = field(default_factory=dict)

    def fold(self, article_id: str | None, at: datetime) -> list[Change]:
        """Refold the locked dyads, store what came out, mark them dirty and append what changed to the feed."""
        changes: list[Change] = []
        for dyad, version in sorted(self.versions.items()):
            events = group_mentions(self.unit.mentions.of_dyad(dyad))
            intervals = fold(events, self.codebook)
            changes += compare(self.unit.projection.states(dyad), intervals, at.date())
            self.unit.projection.replace_events(dyad, events)
            self.unit.projection.replace_states(dyad, intervals)
            self.unit.projection.mark_dirty(dyad, version, at)
        self.unit.projection.append_changes(changes, article_id, at)
        return changes


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
        yield ProjectionSession(unit, self._codebook, unit.projection.lock(sorted(set(dyads))))

    def refresh(self, versions: Mapping[Dyad, int]) -> int:
        """Bring the cache up to these dyads' committed states; how many. Without Redis they stay dirty for later."""
        done = 0
        for dyad in versions:
            try:
                self._write(dyad)
            except CacheUnavailable:
                return done
            done += 1
        return done

    def redo_dirty(self, limit: int = 500) -> int:
        """Project into the cache what a dead worker or an absent Redis left behind; how many dyads."""
        with self._ledger.read() as unit:
            waiting = dict(unit.projection.dirty(limit))
        return self.refresh(waiting)

    def rebuild(self, progress: Progress = _silent) -> int:
        """Derive everything again from the mentions and fill a new generation of the cache; how many dyads.

        Without Redis the ledger's own rows are derived all the same, and the dyads stay dirty for when it is back.
        """
        with self._ledger.read() as unit:
            dyads = list(unit.projection.dyads())
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
            dyads = list(unit.projection.dyads())
        differences: list[str] = []
        for done, dyad in enumerate(dyads, start=1):
            differences += self._differences(dyad)
            progress(done, len(dyads))
        return differences

    def _differences(self, dyad: Dyad) -> list[str]:
        with self._ledger.read() as unit:
            events = group_mentions(unit.mentions.of_dyad(dyad))
            if fold(events, self._codebook) != unit.projection.states(dyad):
                return [f"{dyad.a}-{dyad.b}: stored states differ from the fold of the mentions"]
            behind = dyad in dict(unit.projection.dirty(limit=1_000_000))
        found = []
        for record, body in self._records(dyad):
            try:
                cached = self._cache.get(record.source, record.target, record.as_of)
            except CacheUnavailable:
                return []
            if cached and not behind and cached.version >= record.version and cached.body != body:
                found.append(f"{record.source}→{record.target}: cached record differs from the ledger's")
        return found

    def _write(self, dyad: Dyad) -> None:
        records = list(self._records(dyad))
        for record, body in records:
            self._cache.put(record.source, record.target, record.as_of, CachedRelation(body, record.version))
        with self._ledger.write() as unit:
            unit.projection.clear_dirty(dyad, records[0][0].version)
            unit.commit()

    def _records(self, dyad: Dyad) -> Iterator[tuple[Relation, bytes]]:
        """Both directions as of today, from one snapshot of the ledger."""
        today = self._clock.now().date()
        with self._ledger.read() as unit:
            version = unit.projection.version(dyad)
            events = group_mentions(unit.mentions.of_dyad(dyad))
            intervals = unit.projection.states(dyad)
        for source, target in ((dyad.a, dyad.b), (dyad.b, dyad.a)):
            record = relation(source, target, events, intervals, self._codebook, today, version)
            yield record, self._renderer.relation(record)

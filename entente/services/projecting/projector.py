"""Projector: derive dyads from their mentions, keep the cache current, rebuild and verify both."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import date, timedelta

from entente.relations.codebook import Codebook
from entente.relations.dyads import Dyad
from entente.relations.grouping.group import group_mentions
from entente.relations.publishers import Publishers
from entente.relations.record import Relation
from entente.relations.state_facts import reports_of
from entente.services.ports.cache import CachedRelation, CacheUnavailable, StateCache
from entente.services.ports.ledger import Ledger, UnitOfWork
from entente.services.ports.rendering import Renderer
from entente.services.ports.system import Clock
from entente.services.projecting.credits import Credits
from entente.services.projecting.session import ProjectionSession, derive
from entente.services.reading.dyad_views import records

#: Called with (done, total), in dyads.
Progress = Callable[[int, int], None]


#: For how long the cached record of a dyad may be behind while articles wait to be coded.
PATIENCE = timedelta(seconds=30)

#: Dyads whose records are made from one snapshot and written to the cache in one batch.
_AT_ONCE = 50


def _silent(done: int, of: int) -> None:
    """Show no progress."""


class Projector:
    """Derives events and states from mentions, and keeps the cache current."""

    def __init__(
        self,
        ledger: Ledger,
        cache: StateCache,
        renderer: Renderer,
        codebook: Codebook,
        clock: Clock,
        publishers: Publishers | None = None,
    ) -> None:
        """Without `publishers` each is its own owner."""
        self.publishers = publishers or Publishers()
        self.credits = Credits(ledger, self.publishers, self.session)
        self._ledger = ledger
        self._cache = cache
        self._renderer = renderer
        self._codebook = codebook
        self._clock = clock

    @contextmanager
    def session(self, unit: UnitOfWork, dyads: Iterable[Dyad]) -> Iterator[ProjectionSession]:
        """Lock dyads in a unit of work before their mentions change. The caller folds, then commits."""
        versions = unit.dyads.lock(sorted(set(dyads)))
        # After the locks: who waited for them records later than those who held them.
        at = unit.changes.recording_time(self._clock.now())
        yield ProjectionSession(unit, self._codebook, self.publishers, at, versions)

    def outdate(self, versions: Mapping[Dyad, int]) -> None:
        """Mark these dyads as outdated in the cache: reads go to the ledger until `redo_dirty` writes them again.

        So a dyad that changes often is rendered once for many changes. Without Redis nothing happens here.
        """
        with suppress(CacheUnavailable):
            self._cache.outdate(versions)

    def refresh(self, versions: Mapping[Dyad, int]) -> int:
        """Write these dyads' committed records to the cache; the number written. Without Redis they stay dirty."""
        done = 0
        dyads = sorted(versions)
        for start in range(0, len(dyads), _AT_ONCE):
            some = dyads[start : start + _AT_ONCE]
            try:
                written = self._write(some)
            except CacheUnavailable:
                break
            # If a crash undoes this, the records are only written to the cache once more.
            with self._ledger.write(durable=False) as unit:
                unit.dyads.clear_dirty(written)
                unit.commit()
            done += len(written)
        return done

    def left_behind(self) -> str:
        """Warning for the operator of dyads derived under another codebook version, with the remedy; "" if none."""
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

    def uncalibrated(self) -> Mapping[str, int]:
        """Numbers of live mentions that may move facets and to which no floor applies, by coder version."""
        kinds = {pair for pairs in self._codebook.movers.values() for pair in pairs}
        with self._ledger.read() as unit:
            return unit.mentions.by_coders_beside(self._codebook.calibrated, kinds)

    def redo_dirty(self, limit: int = 2000) -> int:
        """Write dirty dyads to the cache; the number written."""
        with self._ledger.read() as unit:
            waiting = dict(unit.dyads.dirty(limit))
        return self.refresh(waiting)

    def redo_due(self, limit: int = 2000) -> int:
        """The same, but while articles wait to be coded only those that have been dirty for PATIENCE.

        So coding comes first, and a dyad that many articles report on is rendered once for all of them. Meanwhile the
        first read of a dirty dyad goes to the ledger and writes it to the cache.
        """
        now = self._clock.now()
        with self._ledger.read() as unit:
            busy = unit.articles.due(now, now, 1, with_text=True)
            waiting = dict(unit.dyads.dirty(limit, now - PATIENCE if busy else None))
        return self.refresh(waiting)

    def rebuild(self, progress: Progress = _silent) -> int:
        """Derive reprints, owners and every dyad again and fill a new generation of the cache; the number of dyads.

        Without Redis only the ledger's rows are derived, and the dyads stay dirty.
        """
        self.credits.repair()
        with self._ledger.read() as unit:
            dyads = list(unit.dyads.every())
        generation = self._new_generation()
        for done, dyad in enumerate(dyads, start=1):
            with self._ledger.write() as unit, self.session(unit, [dyad]) as session:
                session.fold(None, session.at)
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
        """Derive reprints and every dyad and compare with what is stored and cached; one line a difference."""
        with self._ledger.read() as unit:
            dyads = list(unit.dyads.every())
        differences = self.credits.differences()
        for done, dyad in enumerate(dyads, start=1):
            differences += self._differences(dyad)
            progress(done, len(dyads))
        return differences

    def _differences(self, dyad: Dyad) -> list[str]:
        with self._ledger.read() as unit:
            events = group_mentions(unit.mentions.of_dyad(dyad))
            reports = reports_of(unit.state_facts.of_dyad(dyad))
            whole = derive([event.fact for event in events], self._codebook, reports)
            stored = {
                "states": whole.intervals == unit.derived.states(dyad),
                "sums": whole.tallies == unit.derived.tallies(dyad),
                "events": events == sorted(unit.events.of_dyad(dyad), key=lambda event: event.id),
            }
            behind = unit.dyads.is_dirty(dyad)
        found = [
            f"{dyad.a}-{dyad.b}: stored {part} differ from what is derived" for part, same in stored.items() if not same
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
        """Write both directions of these dyads to the cache; the versions written."""
        today = self._clock.now().date()
        with self._ledger.read() as unit:
            behind = self._behind(unit, dyads)
            made = [] if behind else self._records_of(unit, dyads, today)
        if behind:
            for dyad in behind:
                self._derive(dyad)
            with self._ledger.read() as unit:
                made = self._records_of(unit, dyads, today)
        entries = [(r.source, r.target, CachedRelation(self._renderer.relation(r), r.version)) for r in made]
        self._cache.put_all(today, entries)
        return {Dyad.of(record.source, record.target): record.version for record in made}

    def _behind(self, unit: UnitOfWork, dyads: Sequence[Dyad]) -> list[Dyad]:
        """Those of these dyads that were not derived under this codebook version."""
        current = {d for d, one in unit.dyads.projected(dyads).items() if one.derived_by == self._codebook.version}
        return [dyad for dyad in dyads if dyad not in current]

    def _derive(self, dyad: Dyad) -> None:
        """Derive a dyad again that was derived under another codebook version, or before a migration."""
        with self._ledger.write() as unit, self.session(unit, [dyad]) as session:
            session.fold(None, session.at)
            unit.commit()

    def _records(self, dyad: Dyad) -> list[tuple[Relation, bytes]]:
        """Records of both directions as of today, with their bodies, from one snapshot of the ledger."""
        with self._ledger.read() as unit:
            made = self._records_of(unit, [dyad], self._clock.now().date())
        return [(record, self._renderer.relation(record)) for record in made]

    def _records_of(self, unit: UnitOfWork, dyads: Sequence[Dyad], day: date) -> list[Relation]:
        both = [pair for dyad in dyads for pair in ((dyad.a, dyad.b), (dyad.b, dyad.a))]
        return records(unit, both, day, self._codebook)

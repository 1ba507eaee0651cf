"""StateFactSets: load a whole data set of state facts, and derive the dyads that it touches."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from entente.relations.codebook import Codebook
from entente.relations.dyads import Dyad
from entente.relations.folding.dyad import fold_in_full
from entente.relations.state_facts import StateFact, reports_of
from entente.services.ports.derived import Derived
from entente.services.ports.ledger import Ledger, UnitOfWork
from entente.services.ports.state_facts import LoadedSet
from entente.services.ports.system import Clock
from entente.services.ports.telemetry import NO_TELEMETRY, Telemetry
from entente.services.projecting.projector import Projector
from entente.services.projecting.session import ProjectionSession

#: Dyads that one transaction replaces: other writers wait no longer than that takes.
_AT_ONCE = 500

FactsByDyad = Mapping[Dyad, frozenset[StateFact]]


@dataclass(frozen=True, slots=True)
class Loaded:
    """What loading a data set did: facts added and removed, and dyads derived again."""

    came: int = 0
    went: int = 0
    dyads: int = 0


class StateFactSets:
    """Load data sets of state facts. Several processes may load the same one at a time: each does what is left."""

    def __init__(
        self,
        ledger: Ledger,
        projector: Projector,
        codebook: Codebook,
        clock: Clock,
        telemetry: Telemetry = NO_TELEMETRY,
    ) -> None:
        self._ledger = ledger
        self._projector = projector
        self._codebook = codebook
        self._clock = clock
        self._telemetry = telemetry

    def is_loaded(self, origin: str, digest: str | None) -> bool:
        """True if the data set was loaded with this content, under the present codebook. None: it must not be there."""
        with self._ledger.read() as unit:
            loaded = unit.state_facts.loaded(origin)
        if loaded is None or digest is None:
            return loaded is None and digest is None
        return (loaded.digest, loaded.codebook_version) == (digest, self._codebook.version)

    def count(self, origin: str) -> int:
        """The number of facts of a data set; 0 if it is not loaded."""
        with self._ledger.read() as unit:
            loaded = unit.state_facts.loaded(origin)
        return loaded.n_facts if loaded else 0

    def load(self, origin: str, digest: str | None, facts: Iterable[StateFact]) -> Loaded:
        """Make a data set these facts, whose content has this digest. None: nothing of it is left.

        No change of it goes to the changes feed: it is no news. If interrupted, the next call does the rest.
        """
        wanted = _by_dyad(facts)
        with self._ledger.read() as unit:
            stored = _by_dyad(unit.state_facts.of_origin(origin))
            loaded = unit.state_facts.loaded(origin)
        again = loaded is not None and loaded.codebook_version != self._codebook.version
        touched = sorted(d for d in wanted.keys() | stored.keys() if again or wanted.get(d) != stored.get(d))
        came = went = 0
        for start in range(0, len(touched), _AT_ONCE):
            n_came, n_went = self._replace(origin, touched[start : start + _AT_ONCE], wanted)
            came, went = came + n_came, went + n_went
        self._note(origin, digest, sum(map(len, wanted.values())))
        self._telemetry.state_facts_loaded(origin, came, went, len(touched))
        return Loaded(came, went, len(touched))

    def _note(self, origin: str, digest: str | None, n: int) -> None:
        with self._ledger.write() as unit:
            at = unit.changes.recording_time(self._clock.now())
            loaded = LoadedSet(digest, self._codebook.version, n) if digest is not None else None
            unit.state_facts.note_loaded(origin, loaded, at)
            unit.commit()

    def _replace(self, origin: str, dyads: Sequence[Dyad], wanted: FactsByDyad) -> tuple[int, int]:
        """Replace the facts of these dyads and derive them; the numbers of facts that came and went."""
        with self._ledger.write() as unit, self._projector.session(unit, dyads) as session:
            # Read again under the locks: another process may have done it meanwhile.
            stored = _by_dyad(f for dyad in dyads for f in _stored(unit, session, dyad) if f.origin == origin)
            went = [fact for dyad in dyads for fact in stored.get(dyad, frozenset()) - wanted.get(dyad, frozenset())]
            came = [fact for dyad in dyads for fact in wanted.get(dyad, frozenset()) - stored.get(dyad, frozenset())]
            unit.state_facts.remove([fact.id for fact in went])
            unit.state_facts.add(came, session.at)
            self._derive(unit, session, dyads, _by_dyad([*went, *came]))
            unit.dyads.mark_dirty(session.versions, session.at)
            unit.commit()
        self._projector.outdate(session.versions)
        return len(came), len(went)

    def _derive(self, unit: UnitOfWork, session: ProjectionSession, dyads: Sequence[Dyad], moved: FactsByDyad) -> None:
        """Derive these locked dyads, of which these facts came or went."""
        new = [dyad for dyad in dyads if session.versions[dyad] == 1]
        known = set(dyads).difference(new)
        reported = {dyad for dyad in known if unit.mentions.any_of(dyad)}
        quiet = known - reported
        unit.derived_writes.remove_all(quiet)
        facts = [fact for dyad in new for fact in moved.get(dyad, ())]
        facts += [fact for dyad in sorted(quiet) for fact in unit.state_facts.of_dyad(dyad)]
        intervals, checkpoints = fold_in_full(reports_of(facts), self._codebook)
        unit.derived_writes.add_new(Derived(intervals, {}, checkpoints))
        unit.dyads.note_derived([*new, *quiet], self._codebook.version)
        # One that is behind is derived in full, with all its events, when it is next written to the cache.
        for dyad in sorted(reported):
            if unit.dyads.derived_by(dyad) == self._codebook.version:
                session.refold(reports_of(moved.get(dyad, ())), session.at)


def _stored(unit: UnitOfWork, session: ProjectionSession, dyad: Dyad) -> Sequence[StateFact]:
    """A locked dyad's state facts; one that was never locked before has none."""
    return () if session.versions[dyad] == 1 else unit.state_facts.of_dyad(dyad)


def _by_dyad(facts: Iterable[StateFact]) -> dict[Dyad, frozenset[StateFact]]:
    found: dict[Dyad, set[StateFact]] = {}
    for fact in facts:
        found.setdefault(fact.dyad, set()).add(fact)
    return {dyad: frozenset(of_dyad) for dyad, of_dyad in found.items()}

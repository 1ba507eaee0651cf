"""Maps: every held value of one facet over all time, so that a map of any day is drawn from one read."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from entente.relations.codebook import Codebook
from entente.relations.dyads import Dyad
from entente.relations.entities import Entities
from entente.relations.states import Interval
from entente.services.errors import Invalid
from entente.services.ports.ledger import Ledger, UnitOfWork
from entente.services.ports.system import Clock
from entente.services.reading.clocks import ReadClocks, read_clocks
from entente.services.reading.dyad_views import view


@dataclass(frozen=True, slots=True)
class FacetMap:
    """The held intervals of a facet by start: of `country`'s relations in both directions, or of all.

    `begins`: the first day of the earliest, among those of other days as well; None if there is none.
    """

    facet: str
    country: str | None
    intervals: Sequence[Interval]
    begins: date | None
    known_at: datetime | None = None
    published_by: date | None = None


class Maps:
    """Reads of one facet across relations. Raises UnknownEntity, UnknownFacet and Invalid.

    A record of an earlier day counts only events dated by then; so it may still show a value that later reports of an
    earlier date have replaced.
    """

    def __init__(self, ledger: Ledger, codebook: Codebook, entities: Entities, clock: Clock) -> None:
        self._ledger = ledger
        self._codebook = codebook
        self._entities = entities
        self._clock = clock

    def facet(
        self,
        facet: str,
        country: str | None = None,
        known_at: date | datetime | None = None,
        published_by: date | None = None,
        on: date | None = None,
    ) -> FacetMap:
        """The intervals of a facet, of one country (a code or name) with everyone, or of everyone.

        As known now, at `known_at`, or to the press by `published_by`; the last two only of one country, since the
        relations are folded anew. With `on` those that cover that day, else all.
        """
        name = self._codebook.facet(facet).name
        key = self._entities.resolve(country).key if country is not None else None
        clocks = read_clocks(self._clock, None, known_at, published_by)
        with self._ledger.read() as unit:
            if clocks.is_now:
                return FacetMap(name, key, unit.relations.held(name, key, on), unit.relations.first_held(name, key))
            if key is None:
                given = "known_at" if known_at is not None else "published_by"
                raise Invalid(given, f"a map takes {given} only with a country: add country")
            found = sorted(self._folded(unit, name, key, clocks), key=lambda i: (i.starts_on, *i.track))
        begins = found[0].starts_on if found else None
        shown = [interval for interval in found if on is None or interval.holds_on(on)]
        return FacetMap(name, key, shown, begins, clocks.known_at, clocks.published_by)

    def _folded(self, unit: UnitOfWork, facet: str, country: str, clocks: ReadClocks) -> Iterator[Interval]:
        for partner in unit.relations.partners(country, clocks.known_at):
            seen = view(unit, Dyad.of(country, partner), self._codebook, clocks.known_at, clocks.published_by)
            yield from (i for i in seen.intervals if i.facet == facet and i.standing == "held")

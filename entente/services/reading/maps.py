"""Maps: every held value of one facet over all time, so that a map of any day is drawn from one read."""

from collections.abc import Sequence
from dataclasses import dataclass

from entente.relations.codebook import Codebook
from entente.relations.entities import Entities
from entente.relations.states import Interval
from entente.services.ports.ledger import Ledger


@dataclass(frozen=True, slots=True)
class FacetMap:
    """The held intervals of a facet by start: of `country`'s relations in both directions, or of all."""

    facet: str
    country: str | None
    intervals: Sequence[Interval]


class Maps:
    """Reads of one facet across relations. Raises UnknownEntity and UnknownFacet.

    Intervals are as known now. A record of an earlier day counts only events dated by then; so it may still show a
    value that later reports of an earlier date have replaced.
    """

    def __init__(self, ledger: Ledger, codebook: Codebook, entities: Entities) -> None:
        self._ledger = ledger
        self._codebook = codebook
        self._entities = entities

    def facet(self, facet: str, country: str | None = None) -> FacetMap:
        """The intervals of a facet, of one country (a code or name) with everyone, or of everyone."""
        name = self._codebook.facet(facet).name
        key = self._entities.resolve(country).key if country is not None else None
        with self._ledger.read() as unit:
            return FacetMap(name, key, unit.relations.held(name, key))

"""StateFactReads: list the state facts that the ledger holds."""

from collections.abc import Iterator

from entente.relations.codebook import Codebook
from entente.relations.dyads import Dyad
from entente.relations.entities import Entities
from entente.relations.state_facts import StateFact
from entente.services.errors import Contradiction
from entente.services.ports.ledger import Ledger
from entente.services.ports.state_facts import StateFactQuery

#: State facts read in one transaction.
_BATCH = 1000


class StateFactReads:
    """Lists of state facts by id. Codes of any scheme and names are accepted."""

    def __init__(self, ledger: Ledger, codebook: Codebook, entities: Entities) -> None:
        self._ledger = ledger
        self._codebook = codebook
        self._entities = entities

    def every(
        self, origin: str, one: str | None = None, other: str | None = None, facet: str | None = None
    ) -> Iterator[StateFact]:
        """Yield a data set's state facts: all, those of one entity, or those between two, of all facets or one.

        Raises UnknownEntity, UnknownFacet, Contradiction (both are one).
        """
        query = self._query(origin, one, other, facet)
        return self._every(query)

    def _query(self, origin: str, one: str | None, other: str | None, facet: str | None) -> StateFactQuery:
        if facet is not None:
            self._codebook.facet(facet)
        key = self._entities.resolve(one).key if one is not None else None
        if key is None or other is None:
            return StateFactQuery(origin, key, None, facet)
        second = self._entities.resolve(other).key
        if key == second:
            raise Contradiction("other", f"{one!r} and {other!r} are both {self._entities.name(key)}")
        return StateFactQuery(origin, None, Dyad.of(key, second), facet)

    def _every(self, query: StateFactQuery) -> Iterator[StateFact]:
        after = ""
        while True:
            with self._ledger.read() as unit:
                found = unit.state_facts.search(query, after, _BATCH)
            yield from found
            if len(found) < _BATCH:
                return
            after = found[-1].id

"""Port: state facts, the values of facets that documents and data sets give."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from entente.relations.dyads import Dyad
from entente.relations.state_facts import StateFact


@dataclass(frozen=True, slots=True)
class LoadedSet:
    """A data set as it was last loaded whole: its content's digest, and the codebook version it was folded under."""

    digest: str
    codebook_version: str
    n_facts: int


@dataclass(frozen=True, slots=True)
class StateFactQuery:
    """Filters of the list of state facts; None doesn't filter. `entity`: the source or the target."""

    origin: str | None = None
    entity: str | None = None
    dyad: Dyad | None = None
    facet: str | None = None


class StateFactBook(Protocol):
    """The ledger's state facts. Unlike mentions they are replaced: their data set is the record of what they were."""

    def loaded(self, origin: str) -> LoadedSet | None:
        """The data set of that name as last loaded; None if it is not."""

    def note_loaded(self, origin: str, loaded: LoadedSet | None, at: datetime) -> None:
        """Record that a data set was loaded, or with None that nothing of it is left."""

    def add(self, facts: Collection[StateFact], at: datetime) -> None: ...

    def remove(self, ids: Collection[str]) -> None: ...

    def of_origin(self, origin: str) -> Iterator[StateFact]:
        """Every state fact of a data set, by id."""

    def of_dyad(self, dyad: Dyad) -> list[StateFact]:
        """A dyad's state facts, by id."""

    def by_id(self, ids: Iterable[str]) -> Mapping[str, StateFact]:
        """Those of these ids that exist."""

    def search(self, query: StateFactQuery, after: str, limit: int) -> Sequence[StateFact]:
        """Up to `limit` matching state facts after this id, by id."""

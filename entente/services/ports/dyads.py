"""Port: versions of dyads, and which are dirty (newer than in the cache)."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from entente.relations.dyads import Dyad


@dataclass(frozen=True, slots=True)
class Projected:
    """How often a dyad was projected, and under which codebook version all of it was derived; None if not all."""

    version: int
    derived_by: str | None


class DyadVersions(Protocol):
    """How often each dyad was projected, under which codebook version, and which dyads are dirty."""

    def lock(self, dyads: Iterable[Dyad]) -> Mapping[Dyad, int]:
        """Lock dyads until the unit of work ends; each dyad's new version (old + 1)."""

    def derived_by(self, dyad: Dyad) -> str | None:
        """The codebook version under which all of the dyad was derived; None if it must be derived in full."""

    def projected(self, dyads: Collection[Dyad]) -> Mapping[Dyad, Projected]:
        """Version and codebook version of those of these dyads that were ever locked."""

    def note_derived(self, dyads: Collection[Dyad], codebook_version: str) -> None:
        """Record that all of these locked dyads was derived under this codebook version."""

    def behind(self, codebook_version: str) -> Mapping[str, int]:
        """Numbers of dyads derived under other codebook versions, by version; "" if unknown."""

    def mark_dirty(self, versions: Mapping[Dyad, int], at: datetime) -> None: ...

    def clear_dirty(self, versions: Mapping[Dyad, int]) -> None:
        """Mark dyads as clean, except those projected again since these versions."""

    def version(self, dyad: Dyad) -> int:
        """The dyad's version: how often it was projected; 0 if never."""

    def is_dirty(self, dyad: Dyad) -> bool: ...

    def dirty(self, limit: int, since: datetime | None = None) -> list[tuple[Dyad, int]]:
        """At most `limit` dirty dyads with their versions, longest dirty first: those dirty `since` then, or all."""

    def every(self) -> Iterator[Dyad]:
        """Every dyad that has or had a mention, or has a state fact, in order."""

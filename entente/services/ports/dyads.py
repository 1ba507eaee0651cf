"""The port of the dyads: versions, and what the cache is behind on."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Protocol

from entente.relations.dyads import Dyad


class DyadVersions(Protocol):
    """How often each dyad was derived, by which codebook, and which dyads the cache is behind on."""

    def lock(self, dyads: Iterable[Dyad]) -> Mapping[Dyad, int]:
        """Serialise projections of these dyads until the unit of work ends; each dyad's new version (old + 1)."""

    def derived_by(self, dyad: Dyad) -> str | None:
        """The version of the codebook under which all of the dyad was derived; None if it has to be, from scratch."""

    def note_derived(self, dyad: Dyad, codebook_version: str) -> None:
        """Write down that all of a locked dyad was derived under this version of the codebook."""

    def behind(self, codebook_version: str) -> Mapping[str, int]:
        """How many dyads were derived under each other version of the codebook; "" stands for one that is unknown."""

    def mark_dirty(self, versions: Mapping[Dyad, int], at: datetime) -> None: ...

    def clear_dirty(self, versions: Mapping[Dyad, int]) -> None:
        """Forget that the cache is behind, but for dyads that were projected again since these versions."""

    def version(self, dyad: Dyad) -> int:
        """How often the dyad was projected; 0 if never."""

    def dirty(self, limit: int) -> list[tuple[Dyad, int]]: ...

    def every(self) -> Iterator[Dyad]:
        """Every dyad that any mention ever touched, in order."""

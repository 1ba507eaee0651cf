"""Port: the cache of rendered relation records."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from entente.relations.dyads import Dyad


@dataclass(frozen=True, slots=True)
class CachedRelation:
    """A rendered relation record, and its version."""

    body: bytes
    version: int


class StateCache(Protocol):
    """Rendered records by (source, target) and day. All can be rebuilt. Every method may raise CacheUnavailable."""

    def get(self, source: str, target: str, as_of: date) -> CachedRelation | None: ...

    def put(self, source: str, target: str, as_of: date, entry: CachedRelation) -> bool:
        """Write unless a newer version or day is stored; True if written."""

    def put_all(self, as_of: date, entries: Sequence[tuple[str, str, CachedRelation]]) -> None:
        """Put many (source, target, record) at once."""

    def outdate(self, versions: Mapping[Dyad, int]) -> None:
        """From now on, neither serve nor accept records of these dyads of earlier versions."""

    def start_generation(self) -> str:
        """Begin a new generation of records beside the one that is read; its name."""

    def put_into(self, generation: str, source: str, target: str, as_of: date, entry: CachedRelation) -> None: ...

    def flip(self, generation: str) -> None:
        """Make that generation the one that is read and drop the one before."""

    def ping(self) -> None: ...


class CacheUnavailable(Exception):
    """The cache can't be reached: readers use the ledger, writers leave dyads dirty."""

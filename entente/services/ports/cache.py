"""The cache of relation records that readers see."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from entente.relations.dyads import Dyad


@dataclass(frozen=True, slots=True)
class CachedRelation:
    """A relation record ready to send, and its version."""

    body: bytes
    version: int


class StateCache(Protocol):
    """What readers see. Everything in it can be rebuilt; every method may raise CacheUnavailable."""

    def get(self, source: str, target: str, as_of: date) -> CachedRelation | None: ...

    def put(self, source: str, target: str, as_of: date, entry: CachedRelation) -> bool:
        """Write unless a newer version (or day) is there; whether it was written."""

    def put_all(self, as_of: date, entries: Sequence[tuple[str, str, CachedRelation]]) -> None:
        """The same for many (source, target, record) at once."""

    def outdate(self, versions: Mapping[Dyad, int]) -> None:
        """Serve nobody a record of these dyads, nor take one, that is of an earlier version."""

    def start_generation(self) -> str:
        """Begin a new generation beside the one that readers see; its name."""

    def put_into(self, generation: str, source: str, target: str, as_of: date, entry: CachedRelation) -> None: ...

    def flip(self, generation: str) -> None:
        """Let readers see that generation and drop the one before."""

    def ping(self) -> None: ...


class CacheUnavailable(Exception):
    """Redis can't be reached: readers go to the ledger, writers leave the dyad dirty."""

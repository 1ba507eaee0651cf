"""The port of the API keys: who may write, and how far."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

#: What a key may do: ask, take news in, correct, administer. `admin` includes the others.
SCOPES = ("read", "ingest", "curate", "admin")


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key as the ledger keeps it: `digest` is the SHA-256 of the token, which nobody can read again.

    Times are aware UTC; `expires_at` None never does, `revoked_at` None is still good.
    """

    id: str
    name: str
    scopes: Sequence[str]
    digest: str
    created_at: datetime
    expires_at: datetime | None = None
    last_used_at: datetime | None = None
    revoked_at: datetime | None = None

    def allows(self, scope: str) -> bool:
        """True if the key may do this, whether or not it still holds."""
        return scope in self.scopes or "admin" in self.scopes

    def holds_at(self, now: datetime) -> bool:
        """True if it is neither revoked nor expired."""
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)


class KeyBook(Protocol):
    """The ledger's API keys. Nothing is deleted: a revoked key stays, with when it was revoked."""

    def add(self, key: ApiKey) -> None: ...

    def get(self, id: str) -> ApiKey | None: ...

    def list(self) -> list[ApiKey]:
        """Every key, the oldest first."""

    def revoke(self, id: str, at: datetime) -> bool:
        """Revoke; False if there is no such key, or it was revoked before."""

    def note_use(self, id: str, at: datetime) -> None:
        """Remember when the key was last used."""

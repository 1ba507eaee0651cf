"""Port: API keys and their scopes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

#: Scopes of a key: read, ingest articles, curate (assert, retract, recode), administer. `admin` includes all others.
SCOPES = ("read", "ingest", "curate", "admin")


@dataclass(frozen=True, slots=True)
class ApiKey:
    """An API key as stored. `digest` is the hex SHA-256 of the token, which itself is not stored.

    Times are aware UTC. `expires_at` None: never; `revoked_at` None: not revoked.
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
        """True if the key has the scope, valid or not."""
        return scope in self.scopes or "admin" in self.scopes

    def holds_at(self, now: datetime) -> bool:
        """True if the key is neither revoked nor expired at `now`."""
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)


class KeyBook(Protocol):
    """The ledger's API keys. Nothing is deleted: revoked keys stay."""

    def add(self, key: ApiKey) -> None: ...

    def get(self, id: str) -> ApiKey | None: ...

    def list(self) -> list[ApiKey]:
        """All keys, oldest first."""

    def revoke(self, id: str, at: datetime) -> bool:
        """Revoke a key; False if there is none of that id, or it was revoked before."""

    def note_use(self, id: str, at: datetime) -> None:
        """Set the time of the key's last use."""

"""Port: registered senders of webhooks ("sources") and their deliveries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Source:
    """A registered sender of webhooks. `secrets` are `whsec_…`, newest first; each verifies."""

    name: str
    secrets: Sequence[str]
    created_at: datetime
    active: bool = True


@dataclass(frozen=True, slots=True)
class TakenDelivery:
    """The article that a delivery made, and the digest of its content; None where that was not written down."""

    article_id: str
    content_hash: str | None


class SourceBook(Protocol):
    """The ledger's senders, and the deliveries received from them."""

    def add(self, source: Source) -> bool:
        """Register a sender; False if the name is taken."""

    def get(self, name: str) -> Source | None: ...

    def note(self, source: Source) -> None:
        """Store a sender's secrets and whether it is active."""

    def list(self) -> list[Source]: ...

    def delivery(self, source: str, webhook_id: str) -> TakenDelivery | None:
        """What was taken under this id, or None if it is new."""

    def record_delivery(self, source: str, webhook_id: str, delivery: TakenDelivery, at: datetime) -> TakenDelivery:
        """Remember a delivery; whichever of that id came first."""

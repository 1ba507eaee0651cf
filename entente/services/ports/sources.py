"""Port: registered senders of webhooks ("sources") and their deliveries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from entente.relations.publishers import ANY


@dataclass(frozen=True, slots=True)
class Source:
    """A registered sender of webhooks. `secrets` are `whsec_…`, newest first; each verifies.

    `publishers`: those whose articles it may deliver, by name or host; ANY lets it name every publisher.
    """

    name: str
    secrets: Sequence[str]
    created_at: datetime
    active: bool = True
    publishers: tuple[str, ...] = (ANY,)

    @property
    def usual_publisher(self) -> str:
        """The publisher of a delivery that names none: the only one of its list, else the sender itself."""
        return self.publishers[0] if len(self.publishers) == 1 and self.publishers != (ANY,) else self.name


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
        """Store a sender's secrets, its publishers and whether it is active."""

    def list(self) -> list[Source]: ...

    def delivery(self, source: str, webhook_id: str) -> TakenDelivery | None:
        """What was taken under this id, or None if it is new."""

    def record_delivery(self, source: str, webhook_id: str, delivery: TakenDelivery, at: datetime) -> TakenDelivery:
        """Remember a delivery; whichever of that id came first."""

"""The port of the registered webhook senders."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Source:
    """A registered sender of webhooks. `secrets` are `whsec_…`, the newest first; each still verifies."""

    name: str
    secrets: Sequence[str]
    created_at: datetime
    active: bool = True


class SourceBook(Protocol):
    """Registered webhook senders, and which deliveries of theirs were taken."""

    def add(self, source: Source) -> bool:
        """Register; False if the name is taken."""

    def get(self, name: str) -> Source | None: ...

    def note(self, source: Source) -> None:
        """Write down a source's secrets and whether it is active."""

    def list(self) -> list[Source]: ...

    def delivery(self, source: str, webhook_id: str) -> str | None:
        """The article id that this delivery made, or None if it is new."""

    def record_delivery(self, source: str, webhook_id: str, article_id: str, at: datetime) -> str:
        """Remember a delivery; the article id of whichever delivery of that id came first."""

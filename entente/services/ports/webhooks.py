"""Port: verification of signed webhook deliveries."""

from collections.abc import Mapping, Sequence
from typing import Protocol


class WebhookVerifier(Protocol):
    """Verifies signature and timestamp of a delivery."""

    def verify(self, secrets: Sequence[str], headers: Mapping[str, str], body: bytes) -> str:
        """The webhook id of a valid, recent delivery. Raises services.errors.Forbidden with the reason."""

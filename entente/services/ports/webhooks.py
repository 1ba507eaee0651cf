"""The port that verifies signed deliveries."""

from collections.abc import Mapping, Sequence
from typing import Protocol


class WebhookVerifier(Protocol):
    """Checks a signed delivery."""

    def verify(self, secrets: Sequence[str], headers: Mapping[str, str], body: bytes) -> str:
        """The webhook id of a genuine and fresh delivery. Raises services.errors.Forbidden with the reason."""

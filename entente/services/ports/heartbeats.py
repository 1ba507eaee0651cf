"""Port: signs of life of the parts that take tasks."""

from collections.abc import Sequence
from typing import Protocol


class Heartbeats(Protocol):
    """Which parts (worker, fetcher, deliverer) showed a sign of life in the last seconds."""

    def note(self, part: str) -> None:
        """Note a sign of life. Never raises."""

    def missing(self, parts: Sequence[str]) -> list[str]:
        """Those of the parts that showed none lately. Raises CacheUnavailable."""

"""The port of what analysts enter themselves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

#: An analyst says that something happened, or that what was reported did not.
KINDS = ("assert", "withdraw")


@dataclass(frozen=True, slots=True)
class Assertion:
    """An entry with its author and reason. `event` is the id of the event asserted or withdrawn.

    `reference` says where it is taken from. An asserted event is reported by an article of its own, `article_id`.
    """

    id: str
    author: str
    reason: str
    reference: str | None
    kind: str
    event: str
    article_id: str | None
    recorded_at: datetime


class AssertionLog(Protocol):
    """The ledger's assertions, append-only."""

    def add(self, assertion: Assertion) -> None: ...

    def list(self, after: str, limit: int) -> Sequence[Assertion]:
        """In order of their ids, after this one."""

    def withdrawn(self, events: Sequence[str]) -> set[str]:
        """Which of these events an analyst withdrew."""

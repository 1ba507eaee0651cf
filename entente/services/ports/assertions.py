"""Port: analysts' assertions."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

#: "assert": an event happened. "withdraw": a reported event did not. "confirm": a reported event happened as it is
#: coded. "reject": it did not.
KINDS = ("assert", "withdraw", "confirm", "reject")


#: Source, target, act and status of an event: its id without the date.
Key = tuple[str, str, str, str]


@dataclass(frozen=True, slots=True)
class Assertion:
    """An analyst's entry. `event` is the id of the event that it is about; `reference` is the analyst's source.

    `article_id`: the article that holds an asserted or confirmed event's mention; else None.
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
        """Assertions after this id, in order of id."""

    def withdrawn(self, keys: Collection[Key]) -> set[str]:
        """Ids of the events of these keys (source, target, act, status) that an analyst withdrew or rejected."""

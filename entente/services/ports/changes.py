"""Port: the changes feed, an append-only log of changes of relations."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from entente.relations.states import Change
from entente.services.ports.wants import Wants


@dataclass(frozen=True, slots=True)
class RecordedChange:
    """A change with its sequence number, which has no gaps.

    `kind`: "facet"; "retraction" of `article_id`; "correction", by which `article_id` superseded `supersedes`;
    "test" in test messages only, of no change.
    `reason`: "corrected" or "retracted"; None for what an article reports when it is first coded, and for the rest.
    """

    seq: int
    change: Change
    article_id: str | None
    recorded_at: datetime
    kind: str = "facet"
    reason: str | None = None
    supersedes: str | None = None


class ChangeLog(Protocol):
    """The changes feed: numbered in order, without gaps. It keeps the time of the ledger's last record."""

    def recording_time(self, now: datetime) -> datetime:
        """The time under which to record: `now`, or that of the last record if the clock is behind it."""

    def note_recorded(self, at: datetime) -> datetime:
        """Keep the time of a record, if it is the latest; the latest. Call last in a unit of work: it locks a row."""

    def append(
        self,
        changes: Sequence[Change],
        article_id: str | None,
        at: datetime,
        kind: str = "facet",
        reason: str | None = None,
        supersedes: str | None = None,
    ) -> None:
        """Append changes under the next numbers, and note when. Call last in a unit of work: it locks the counter."""

    def after(self, number: int, limit: int, unconfirmed: str = "include") -> list[RecordedChange]:
        """Changes numbered above `number`: all, or with "exclude" those of no unconfirmed value, with "only" those."""

    def newest(self, filters: Wants, limit: int) -> list[RecordedChange]:
        """The newest changes of facets that pass the filters, newest first; no retractions and corrections."""

    def last(self) -> int:
        """The number of the last change; 0 if there is none."""

    def of_article(self, article_id: str) -> list[RecordedChange]:
        """Changes that an article caused, or that came when a later version superseded it, in order."""

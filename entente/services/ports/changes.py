"""The port of the changes feed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from entente.relations.states import Change


@dataclass(frozen=True, slots=True)
class RecordedChange:
    """A change in the feed, under its gapless sequence number. `kind`: "facet", or "retraction" of the article."""

    seq: int
    change: Change
    article_id: str | None
    recorded_at: datetime
    kind: str = "facet"


class ChangeLog(Protocol):
    """What readers were told, in order and without gaps."""

    def append(self, changes: Sequence[Change], article_id: str | None, at: datetime, kind: str = "facet") -> None:
        """Append to the feed under the next gapless numbers. Call last in a unit of work: it holds the counter."""

    def after(self, number: int, limit: int) -> list[RecordedChange]: ...

    def last(self) -> int:
        """The number of the feed's last change; 0 if there is none."""

    def of_article(self, article_id: str) -> list[RecordedChange]:
        """What an article's coding changed, in order."""

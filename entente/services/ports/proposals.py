"""Port: proposals to retract articles that someone's notice takes back, for analysts to decide."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

#: "open" until an analyst decides.
STATUSES = ("open", "accepted", "dismissed")


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposal to retract `article_id`, because of the sentence of the article `notice_id`.

    `decided_at`, `author` and `reason` are of the analyst's decision, None while it is open.
    """

    id: str
    article_id: str
    notice_id: str
    sentence: str
    status: str
    proposed_at: datetime
    decided_at: datetime | None = None
    author: str | None = None
    reason: str | None = None


class ProposalBook(Protocol):
    """The ledger's proposals. None is deleted: who decided what, and why, stays."""

    def add(self, proposal: Proposal) -> bool:
        """Store a proposal; False if that notice has proposed that article's retraction before."""

    def get(self, id: str) -> Proposal | None:
        """A proposal, locked until the unit of work ends."""

    def note(self, proposal: Proposal) -> None:
        """Store a decision."""

    def list(self, status: str | None, after: str, limit: int) -> Sequence[Proposal]:
        """Proposals after this id, in order of id, all or those of a status."""

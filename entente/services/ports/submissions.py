"""Port: submissions that were sent under an idempotency key."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class TakenSubmission:
    """What was answered to a submission, and the digest of all that it said.

    `created` is False if the ledger had the article before.
    """

    article_id: str
    created: bool
    digest: str


class SubmissionBook(Protocol):
    """Submissions by API key and idempotency key: two API keys may use the same one. Nothing is deleted."""

    def get(self, key_id: str, idempotency_key: str) -> TakenSubmission | None:
        """What was taken under this idempotency key, or None if it is new."""

    def record(
        self, key_id: str, idempotency_key: str, submission: TakenSubmission, at: datetime
    ) -> TakenSubmission | None:
        """Remember a submission. Returns None, or the one of that idempotency key that came first."""

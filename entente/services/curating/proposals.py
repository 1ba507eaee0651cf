"""Proposed retractions: list them, accept or dismiss them. Nothing is retracted without an analyst."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from entente.services.curating.corrections import Correction, Corrections, check_reason
from entente.services.errors import Conflict, Invalid, NotFound
from entente.services.ports.ledger import Ledger, UnitOfWork
from entente.services.ports.proposals import STATUSES, Proposal
from entente.services.ports.system import Clock
from entente.services.ports.telemetry import NO_TELEMETRY, Telemetry

_MAX_AUTHOR = 200


@dataclass(frozen=True, slots=True)
class Decided:
    """A decided proposal, and what retracting its article changed; None if it was dismissed."""

    proposal: Proposal
    outcome: Correction | None


class Proposals:
    """Proposals by notices in articles (see Versions) to retract articles of the ledger."""

    def __init__(
        self, ledger: Ledger, corrections: Corrections, clock: Clock, telemetry: Telemetry = NO_TELEMETRY
    ) -> None:
        self._ledger = ledger
        self._corrections = corrections
        self._clock = clock
        self._telemetry = telemetry

    def list(self, status: str | None = "open", after: str = "", limit: int = 100) -> Sequence[Proposal]:
        """Up to `limit` proposals after this id, oldest first; of one status, or all. Raises Invalid (status)."""
        if status is not None and status not in STATUSES:
            raise Invalid("status", f"one of {', '.join(STATUSES)}")
        with self._ledger.read() as unit:
            return unit.proposals.list(status, after, limit)

    def accept(self, id: str, author: str, reason: str) -> Decided:
        """Retract the article of an open proposal. Raises NotFound, Conflict (decided before), Invalid."""
        with self._ledger.write() as unit:
            decided = self._decide(unit, id, "accepted", author, reason)
            retraction = self._corrections.retract_within(unit, decided.article_id, reason)
            unit.commit()
        self._corrections.retracted(decided.article_id, retraction)
        self._telemetry.proposal_decided(id, decided.article_id, "accepted")
        return Decided(decided, retraction.outcome)

    def dismiss(self, id: str, author: str, reason: str) -> Decided:
        """Leave the article of an open proposal as it is. Raises NotFound, Conflict (decided before), Invalid."""
        with self._ledger.write() as unit:
            decided = self._decide(unit, id, "dismissed", author, reason)
            unit.commit()
        self._telemetry.proposal_decided(id, decided.article_id, "dismissed")
        return Decided(decided, None)

    def _decide(self, unit: UnitOfWork, id: str, status: str, author: str, reason: str) -> Proposal:
        check_reason(reason)
        if not author.strip() or len(author) > _MAX_AUTHOR:
            raise Invalid("author", f"say who decides, in 1 to {_MAX_AUTHOR} characters")
        proposal = unit.proposals.get(id)
        if proposal is None:
            raise NotFound("proposal", id)
        if proposal.status != "open":
            raise Conflict(f"the proposal was {proposal.status} by {proposal.author}")
        now = self._clock.now()
        decided = replace(proposal, status=status, decided_at=now, author=author.strip(), reason=reason.strip())
        unit.proposals.note(decided)
        return decided

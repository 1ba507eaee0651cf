"""SqlProposalBook: the ProposalBook port on SQL."""

import builtins
from dataclasses import asdict

from sqlalchemy import Connection, select, update

from entente.services.ports.proposals import Proposal
from entente.storage.dialect import insert_on
from entente.storage.truth.tables import retraction_proposals

_t = retraction_proposals.c


class SqlProposalBook:
    """Proposals as rows."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, proposal: Proposal) -> bool:
        new = insert_on(self._connection.dialect.name, retraction_proposals).values(asdict(proposal))
        once = new.on_conflict_do_nothing(index_elements=[_t.article_id, _t.notice_id]).returning(_t.id)
        return self._connection.execute(once).one_or_none() is not None

    def get(self, id: str) -> Proposal | None:
        found = self._connection.execute(select(retraction_proposals).where(_t.id == id).with_for_update())
        row = found.one_or_none()
        return Proposal(**row._mapping) if row else None

    def note(self, proposal: Proposal) -> None:
        decided = {name: getattr(proposal, name) for name in ("status", "decided_at", "author", "reason")}
        self._connection.execute(update(retraction_proposals).where(_t.id == proposal.id).values(decided))

    def list(self, status: str | None, after: str, limit: int) -> builtins.list[Proposal]:
        found = select(retraction_proposals).where(_t.id > after).order_by(_t.id).limit(limit)
        if status is not None:
            found = found.where(_t.status == status)
        return [Proposal(**row._mapping) for row in self._connection.execute(found)]

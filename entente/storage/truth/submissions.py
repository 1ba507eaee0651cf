"""SqlSubmissionBook: the SubmissionBook port on SQL."""

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import Connection, select

from entente.services.ports.submissions import TakenSubmission
from entente.storage.dialect import insert_into
from entente.storage.truth.tables import keyed_submissions

_keyed = keyed_submissions.c


class SqlSubmissionBook:
    """A submission is stored once, because (API key, idempotency key) is its primary key."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, key_id: str, idempotency_key: str) -> TakenSubmission | None:
        statement = select(_keyed.article_id, _keyed.created, _keyed.digest)
        statement = statement.where(_keyed.key_id == key_id, _keyed.idempotency_key == idempotency_key)
        row = self._connection.execute(statement).one_or_none()
        return TakenSubmission(row.article_id, row.created, row.digest) if row else None

    def record(
        self, key_id: str, idempotency_key: str, submission: TakenSubmission, at: datetime
    ) -> TakenSubmission | None:
        taken = {"key_id": key_id, "idempotency_key": idempotency_key, "received_at": at, **asdict(submission)}
        statement = insert_into(self._connection, keyed_submissions).values(taken)
        statement = statement.on_conflict_do_nothing(index_elements=[_keyed.key_id, _keyed.idempotency_key])
        if self._connection.execute(statement.returning(_keyed.article_id)).one_or_none():
            return None
        return self.get(key_id, idempotency_key)

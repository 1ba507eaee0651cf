"""What the floor needs of events; changes that confirm a value."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

SUBSCRIPTIONS = sa.table("subscriptions", sa.column("id", sa.Text), sa.column("wants", sa.JSON))


def upgrade() -> None:
    op.add_column("events", sa.Column("sure_owners", sa.JSON()))
    op.add_column("events", sa.Column("coders", sa.JSON()))
    op.add_column("changes", sa.Column("confirmed", sa.Boolean(), nullable=False, server_default=sa.false()))
    _derive_again()


def _derive_again() -> None:
    """Let every dyad be derived in full when it is next projected, with every row of its events: all are due."""
    op.execute("UPDATE events SET fingerprint = ''")
    # A run's state has other parts now.
    op.execute("DELETE FROM checkpoints")
    due = sa.text("UPDATE dyads SET derived_by = NULL, dirty_version = version, dirty_since = :now")
    op.execute(due.bindparams(sa.bindparam("now", datetime.now(UTC), sa.DateTime(timezone=True))))


def downgrade() -> None:
    op.drop_column("changes", "confirmed")
    op.drop_column("events", "coders")
    op.drop_column("events", "sure_owners")
    # What the older version does not know: a standing, two kinds of assertions and a filter of subscriptions.
    op.execute("DELETE FROM states WHERE standing = 'unconfirmed'")
    op.execute("UPDATE assertions SET kind = 'assert' WHERE kind = 'confirm'")
    op.execute("UPDATE assertions SET kind = 'withdraw' WHERE kind = 'reject'")
    connection = op.get_bind()
    for id, wants in connection.execute(sa.select(SUBSCRIPTIONS.c.id, SUBSCRIPTIONS.c.wants)).all():
        known = {name: value for name, value in wants.items() if name != "unconfirmed"}
        connection.execute(sa.update(SUBSCRIPTIONS).where(SUBSCRIPTIONS.c.id == id).values(wants=known))
    _derive_again()

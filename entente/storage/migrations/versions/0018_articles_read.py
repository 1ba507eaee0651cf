"""Articles keep when they were first read to their end; so far the time of receipt stands for it."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("articles", sa.Column("coded_at", sa.DateTime(timezone=True)))
    # Of whatever status it is by now: it may wait to be coded again.
    op.execute("UPDATE articles SET coded_at = received_at WHERE coder_version IS NOT NULL AND status <> 'rejected'")


def downgrade() -> None:
    op.drop_column("articles", "coded_at")

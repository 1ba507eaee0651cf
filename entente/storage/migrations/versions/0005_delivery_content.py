"""The digest of what a webhook delivery held, so that its id can't be used for another article."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.add_column("webhook_deliveries", sa.Column("content_hash", KEY))


def downgrade() -> None:
    op.drop_column("webhook_deliveries", "content_hash")

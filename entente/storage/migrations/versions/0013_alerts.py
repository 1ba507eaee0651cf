"""Subscriptions by e-mail and in formats for people; deliveries that share a message."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.add_column("subscriptions", sa.Column("kind", KEY, nullable=False, server_default=sa.text("'webhook'")))
    op.add_column("subscriptions", sa.Column("format", KEY, nullable=False, server_default=sa.text("'json'")))
    op.add_column("subscriptions", sa.Column("timing", sa.JSON()))
    op.add_column("deliveries", sa.Column("grouped_at", sa.DateTime(timezone=True)))


def downgrade() -> None:
    """Older versions would post JSON to what is no webhook, or one that takes another format: these go."""
    others = "SELECT id FROM subscriptions WHERE kind <> 'webhook' OR format <> 'json'"
    op.execute(f"DELETE FROM deliveries WHERE subscription_id IN ({others})")
    op.execute("DELETE FROM subscriptions WHERE kind <> 'webhook' OR format <> 'json'")
    op.drop_column("deliveries", "grouped_at")
    op.drop_column("subscriptions", "timing")
    op.drop_column("subscriptions", "format")
    op.drop_column("subscriptions", "kind")

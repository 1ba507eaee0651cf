"""Submissions by idempotency key, so that a repeat gets the first one's answer."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "keyed_submissions",
        sa.Column("key_id", KEY, nullable=False),
        sa.Column("idempotency_key", KEY, nullable=False),
        sa.Column("article_id", KEY, nullable=False),
        sa.Column("created", sa.Boolean(), nullable=False),
        sa.Column("digest", KEY, nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["key_id"], ["api_keys.id"], name=op.f("fk_keyed_submissions_key_id_api_keys")),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name=op.f("fk_keyed_submissions_article_id_articles")),
        sa.PrimaryKeyConstraint("key_id", "idempotency_key", name=op.f("pk_keyed_submissions")),
    )


def downgrade() -> None:
    op.drop_table("keyed_submissions")

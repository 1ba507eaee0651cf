"""Versions of articles, why facets changed, and proposed retractions."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.add_column("articles", sa.Column("supersedes", KEY))
    op.create_index("ix_articles_supersedes", "articles", ["supersedes"])
    op.create_index("ix_articles_url", "articles", ["url"], postgresql_using="hash")
    op.create_index("ix_articles_title", "articles", ["title"], postgresql_using="hash")
    op.add_column("changes", sa.Column("reason", KEY))
    op.add_column("changes", sa.Column("supersedes", KEY))
    op.create_index("ix_changes_supersedes", "changes", ["supersedes"])
    op.create_table(
        "retraction_proposals",
        sa.Column("id", KEY, nullable=False),
        sa.Column("article_id", KEY, nullable=False),
        sa.Column("notice_id", KEY, nullable=False),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("status", KEY, nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True)),
        sa.Column("author", sa.Text()),
        sa.Column("reason", sa.Text()),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name=op.f("fk_retraction_proposals_article_id_articles")
        ),
        sa.ForeignKeyConstraint(
            ["notice_id"], ["articles.id"], name=op.f("fk_retraction_proposals_notice_id_articles")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retraction_proposals")),
        sa.UniqueConstraint("article_id", "notice_id", name=op.f("uq_retraction_proposals_article_id_notice_id")),
    )
    op.create_index("ix_retraction_proposals_status", "retraction_proposals", ["status", "id"])


def downgrade() -> None:
    op.drop_table("retraction_proposals")
    op.drop_index("ix_changes_supersedes", "changes")
    op.drop_column("changes", "supersedes")
    op.drop_column("changes", "reason")
    # The version before knows neither the kind nor the status.
    op.execute("UPDATE changes SET kind = 'retraction' WHERE kind = 'correction'")
    op.execute("UPDATE articles SET status = 'retracted', reason = 'superseded' WHERE status = 'superseded'")
    op.drop_index("ix_articles_title", "articles")
    op.drop_index("ix_articles_url", "articles")
    op.drop_index("ix_articles_supersedes", "articles")
    op.drop_column("articles", "supersedes")

"""Items of feeds, so that each is taken once; health and claims of feeds; articles without a date of their own."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("articles", sa.Column("date_problem", sa.Text()))
    op.add_column("feeds", sa.Column("found_url", sa.Text()))
    op.add_column("feeds", sa.Column("last_success_at", TIME))
    op.add_column("feeds", sa.Column("polling_until", TIME))
    op.add_column("feeds", sa.Column("n_skipped", sa.Integer(), nullable=False, server_default=sa.text("0")))
    op.execute("UPDATE feeds SET last_success_at = last_polled_at WHERE failures = 0")
    op.create_table(
        "feed_items",
        sa.Column("feed_id", KEY, nullable=False),
        sa.Column("item", KEY, nullable=False),
        sa.Column("page", KEY),
        sa.Column("fingerprint", KEY, nullable=False),
        sa.Column("dated_at", TIME),
        sa.Column("article_id", KEY, nullable=False),
        sa.Column("text", sa.Text()),
        sa.ForeignKeyConstraint(["feed_id"], ["feeds.id"], name=op.f("fk_feed_items_feed_id_feeds")),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name=op.f("fk_feed_items_article_id_articles")),
        sa.PrimaryKeyConstraint("feed_id", "item", name=op.f("pk_feed_items")),
    )
    op.create_index("ix_feed_items_page", "feed_items", ["page"])
    op.create_index("ix_feed_items_article_id", "feed_items", ["article_id"])


def downgrade() -> None:
    op.drop_table("feed_items")
    for column in ("n_skipped", "polling_until", "last_success_at", "found_url"):
        op.drop_column("feeds", column)
    op.drop_column("articles", "date_problem")

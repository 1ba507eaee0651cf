"""API keys, feeds, subscriptions and their deliveries, assertions, reprints, and retractions in the changes feed."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
TIME = sa.DateTime(timezone=True)
COUNTER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("articles", sa.Column("fetches", sa.Integer(), nullable=False, server_default=sa.text("0")))
    op.add_column("articles", sa.Column("reprint_of", KEY))
    op.add_column("changes", sa.Column("kind", KEY, nullable=False, server_default=sa.text("'facet'")))
    op.create_table(
        "article_bands",
        sa.Column("band", KEY, nullable=False),
        sa.Column("article_id", KEY, nullable=False),
        sa.PrimaryKeyConstraint("band", "article_id", name="pk_article_bands"),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name="fk_article_bands_article_id_articles"),
    )
    op.create_table(
        "assertions",
        sa.Column("id", KEY, nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("author", "reason")),
        sa.Column("reference", sa.Text()),
        sa.Column("kind", KEY, nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("article_id", KEY),
        sa.Column("recorded_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_assertions"),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name="fk_assertions_article_id_articles"),
    )
    _create_feeds()
    _create_subscriptions()
    op.create_table(
        "api_keys",
        sa.Column("id", KEY, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        *(sa.Column(name, TIME) for name in ("expires_at", "last_used_at", "revoked_at")),
        sa.PrimaryKeyConstraint("id", name="pk_api_keys"),
    )


def _create_feeds() -> None:
    op.create_table(
        "feeds",
        sa.Column("id", KEY, nullable=False),
        sa.Column("url", KEY, nullable=False),
        sa.Column("publisher", sa.Text()),
        sa.Column("every_seconds", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        *(sa.Column(name, sa.Text()) for name in ("etag", "last_modified")),
        sa.Column("next_poll_at", TIME, nullable=False),
        *(sa.Column(name, TIME) for name in ("last_polled_at", "last_new_at")),
        sa.Column("last_error", sa.Text()),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("failures", "n_articles")),
        sa.PrimaryKeyConstraint("id", name="pk_feeds"),
        sa.UniqueConstraint("url", name="uq_feeds_url"),
    )
    op.create_index("ix_feeds_due", "feeds", ["active", "next_poll_at"])


def _create_subscriptions() -> None:
    op.create_table(
        "subscriptions",
        sa.Column("id", KEY, nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("url", "secret")),
        sa.Column("wants", sa.JSON(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("disabled_because", sa.Text()),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("seen", COUNTER, nullable=False),
        *(sa.Column(name, TIME) for name in ("failing_since", "last_success_at")),
        sa.PrimaryKeyConstraint("id", name="pk_subscriptions"),
    )
    op.create_table(
        "deliveries",
        *(sa.Column(name, KEY, nullable=False) for name in ("id", "subscription_id")),
        sa.Column("seq", COUNTER, nullable=False),
        sa.Column("status", KEY, nullable=False),
        sa.Column("attempts", sa.JSON(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        *(sa.Column(name, TIME) for name in ("next_attempt_at", "lease_until")),
        sa.PrimaryKeyConstraint("id", name="pk_deliveries"),
        sa.ForeignKeyConstraint(
            ["subscription_id"], ["subscriptions.id"], name="fk_deliveries_subscription_id_subscriptions"
        ),
        sa.UniqueConstraint("subscription_id", "seq", name="uq_deliveries_subscription_id_seq"),
    )
    op.create_index("ix_deliveries_due", "deliveries", ["status", "next_attempt_at"])


def downgrade() -> None:
    for table in ("api_keys", "deliveries", "subscriptions", "feeds", "assertions", "article_bands"):
        op.drop_table(table)
    op.drop_column("changes", "kind")
    for name in ("reprint_of", "fetches"):
        op.drop_column("articles", name)

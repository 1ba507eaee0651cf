"""The ledger: articles and what they report, what is derived from it, and who sends."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
TIME = sa.DateTime(timezone=True)
COUNTER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _create_articles()
    _create_mentions()
    _create_events()
    _create_event_mentions()
    _create_states()
    _create_dyads()
    _create_changes()
    _create_change_counter()
    _create_sources()
    _create_webhook_deliveries()


def downgrade() -> None:
    for table in (
        "webhook_deliveries",
        "sources",
        "change_counter",
        "changes",
        "dyads",
        "states",
        "event_mentions",
        "events",
        "mentions",
        "articles",
    ):
        op.drop_table(table)


def _create_articles() -> None:
    op.create_table(
        "articles",
        sa.Column("id", KEY, nullable=False),
        sa.Column("publisher", sa.Text(), nullable=False),
        sa.Column("url", sa.Text()),
        sa.Column("title", sa.Text()),
        sa.Column("text", sa.Text()),
        sa.Column("language", sa.Text()),
        sa.Column("published_at", TIME),
        sa.Column("received_at", TIME, nullable=False),
        sa.Column("content_hash", KEY, nullable=False),
        sa.Column("status", KEY, nullable=False),
        sa.Column("reason", sa.Text()),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("coder_version", sa.Text()),
        sa.Column("truncated", sa.Boolean(), nullable=False),
        sa.Column("lease_owner", sa.Text()),
        sa.Column("lease_until", TIME),
        sa.Column("next_attempt_at", TIME),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_articles")),
        sa.UniqueConstraint("content_hash", name=op.f("uq_articles_content_hash")),
    )
    op.create_index("ix_articles_work", "articles", ["status", "received_at"])


def _create_mentions() -> None:
    op.create_table(
        "mentions",
        sa.Column("id", KEY, nullable=False),
        sa.Column("article_id", KEY, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("dyad_a", KEY, nullable=False),
        sa.Column("dyad_b", KEY, nullable=False),
        sa.Column("source", KEY, nullable=False),
        sa.Column("target", KEY, nullable=False),
        sa.Column("act", KEY, nullable=False),
        sa.Column("status", KEY, nullable=False),
        sa.Column("period_first", sa.Date()),
        sa.Column("precision", sa.Text()),
        sa.Column("dated_by", sa.Text(), nullable=False),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=False),
        sa.Column("publisher", sa.Text(), nullable=False),
        sa.Column("coder_version", sa.Text(), nullable=False),
        sa.Column("wording", sa.JSON(), nullable=False),
        sa.Column("recorded_at", TIME, nullable=False),
        sa.Column("retired_at", TIME),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name=op.f("fk_mentions_article_id_articles")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mentions")),
        sa.UniqueConstraint("article_id", "number", name=op.f("uq_mentions_article_id_number")),
    )
    op.create_index("ix_mentions_dyad", "mentions", ["dyad_a", "dyad_b"])


def _create_events() -> None:
    op.create_table(
        "events",
        sa.Column("id", KEY, nullable=False),
        sa.Column("dyad_a", KEY, nullable=False),
        sa.Column("dyad_b", KEY, nullable=False),
        sa.Column("source", KEY, nullable=False),
        sa.Column("target", KEY, nullable=False),
        sa.Column("source_entity", KEY, nullable=False),
        sa.Column("target_entity", KEY, nullable=False),
        sa.Column("act", KEY, nullable=False),
        sa.Column("status", KEY, nullable=False),
        sa.Column("period_first", sa.Date()),
        sa.Column("precision", sa.Text()),
        sa.Column("known_by", sa.Date(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_events")),
    )
    op.create_index("ix_events_act", "events", ["act", "starts_on", "id"])
    op.create_index("ix_events_dyad", "events", ["dyad_a", "dyad_b", "starts_on", "id"])
    op.create_index("ix_events_newest", "events", ["starts_on", "id"])
    op.create_index("ix_events_source", "events", ["source_entity", "starts_on", "id"])
    op.create_index("ix_events_target", "events", ["target_entity", "starts_on", "id"])


def _create_event_mentions() -> None:
    op.create_table(
        "event_mentions",
        sa.Column("event_id", KEY, nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("mention_id", KEY, nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["events.id"], name=op.f("fk_event_mentions_event_id_events"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["mention_id"], ["mentions.id"], name=op.f("fk_event_mentions_mention_id_mentions")),
        sa.PrimaryKeyConstraint("event_id", "position", name=op.f("pk_event_mentions")),
        sa.UniqueConstraint("mention_id", name=op.f("uq_event_mentions_mention_id")),
    )


def _create_states() -> None:
    op.create_table(
        "states",
        sa.Column("id", COUNTER, nullable=False),
        sa.Column("dyad_a", KEY, nullable=False),
        sa.Column("dyad_b", KEY, nullable=False),
        sa.Column("source", KEY, nullable=False),
        sa.Column("target", KEY, nullable=False),
        sa.Column("facet", KEY, nullable=False),
        sa.Column("item", KEY, nullable=False),
        sa.Column("standing", KEY, nullable=False),
        sa.Column("value", KEY, nullable=False),
        sa.Column("valid_from", sa.Date()),
        sa.Column("precision", sa.Text()),
        sa.Column("known_by", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date()),
        sa.Column("ends", sa.Text(), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_states")),
    )
    op.create_index("ix_states_dyad", "states", ["dyad_a", "dyad_b"])
    op.create_index("ix_states_value", "states", ["facet", "value"])


def _create_dyads() -> None:
    op.create_table(
        "dyads",
        sa.Column("a", KEY, nullable=False),
        sa.Column("b", KEY, nullable=False),
        sa.Column("version", COUNTER, nullable=False),
        sa.Column("dirty_version", COUNTER),
        sa.Column("dirty_since", TIME),
        sa.PrimaryKeyConstraint("a", "b", name=op.f("pk_dyads")),
    )
    op.create_index(
        "ix_dyads_dirty",
        "dyads",
        ["dirty_since"],
        sqlite_where=sa.text("dirty_version IS NOT NULL"),
        postgresql_where=sa.text("dirty_version IS NOT NULL"),
    )


def _create_changes() -> None:
    op.create_table(
        "changes",
        sa.Column("seq", COUNTER, autoincrement=False, nullable=False),
        sa.Column("source", KEY, nullable=False),
        sa.Column("target", KEY, nullable=False),
        sa.Column("facet", KEY, nullable=False),
        sa.Column("item", KEY, nullable=False),
        sa.Column("standing", KEY, nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("historic", sa.Boolean(), nullable=False),
        sa.Column("article_id", KEY),
        sa.Column("recorded_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name=op.f("fk_changes_article_id_articles")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_changes")),
    )
    op.create_index("ix_changes_article_id", "changes", ["article_id"])


def _create_change_counter() -> None:
    op.create_table(
        "change_counter",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", COUNTER, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change_counter")),
    )


def _create_sources() -> None:
    op.create_table(
        "sources",
        sa.Column("name", KEY, nullable=False),
        sa.Column("secrets", sa.JSON(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_sources")),
    )


def _create_webhook_deliveries() -> None:
    op.create_table(
        "webhook_deliveries",
        sa.Column("source", KEY, nullable=False),
        sa.Column("webhook_id", KEY, nullable=False),
        sa.Column("article_id", KEY, nullable=False),
        sa.Column("received_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name=op.f("fk_webhook_deliveries_article_id_articles")
        ),
        sa.ForeignKeyConstraint(["source"], ["sources.name"], name=op.f("fk_webhook_deliveries_source_sources")),
        sa.PrimaryKeyConstraint("source", "webhook_id", name=op.f("pk_webhook_deliveries")),
    )

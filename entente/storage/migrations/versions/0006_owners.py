"""Publishers of senders; owners and first prints of mentions; owners of events and intervals."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    # Whoever sent before goes on as before: it may name any publisher. `entente doctor` says so.
    op.add_column("sources", sa.Column("publishers", sa.JSON()))
    # Added in place: copying the table, as SQLite's batches do, would lose its triggers.
    op.add_column("mentions", sa.Column("owner", sa.Text(), nullable=False, server_default=sa.text("''")))
    op.add_column("mentions", sa.Column("reprint_of", KEY))
    op.add_column("mentions", sa.Column("credited_at", sa.DateTime(timezone=True)))
    op.create_index("ix_articles_reprint_of", "articles", ["reprint_of"])
    # Until now a mention kept the publisher of the first print in place of its own.
    op.execute("UPDATE mentions SET owner = publisher")
    op.execute(
        "UPDATE mentions SET publisher = (SELECT publisher FROM articles WHERE articles.id = mentions.article_id),"
        " reprint_of = (SELECT reprint_of FROM articles WHERE articles.id = mentions.article_id)"
    )
    # Bands now include short texts'. `entente rebuild` finds them again, and `entente doctor` asks for it.
    op.execute("DELETE FROM article_bands")
    op.execute("ALTER TABLE events RENAME COLUMN publishers TO owners")
    op.add_column("states", sa.Column("owners", sa.JSON()))
    _derive_again()


def _derive_again() -> None:
    """Let every dyad be derived in full when it is next projected: all of them are due."""
    due = sa.text("UPDATE dyads SET derived_by = NULL, dirty_version = version, dirty_since = :now")
    op.execute(due.bindparams(sa.bindparam("now", datetime.now(UTC), sa.DateTime(timezone=True))))


def downgrade() -> None:
    op.drop_column("states", "owners")
    op.execute("ALTER TABLE events RENAME COLUMN owners TO publishers")
    op.execute(
        "UPDATE mentions SET publisher = (SELECT publisher FROM articles WHERE articles.id = mentions.reprint_of)"
        " WHERE reprint_of IS NOT NULL"
    )
    op.drop_index("ix_articles_reprint_of", "articles")
    op.drop_column("mentions", "credited_at")
    op.drop_column("mentions", "reprint_of")
    op.drop_column("mentions", "owner")
    op.drop_column("sources", "publishers")
    _derive_again()

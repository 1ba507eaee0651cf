"""The writer's day of publication, indexes for lists of articles, the origin of dates of events and intervals."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

#: Name of an index of `articles` → its columns.
INDEXES = {
    "ix_articles_published_on": ["published_on", "id"],
    "ix_articles_publisher": ["publisher", "published_on", "id"],
    "ix_articles_status": ["status", "published_on", "id"],
}

# A title may come later, with the page of an address. Deleting reads the whole index, so only a title that was there
# is deleted.
_SQLITE = (
    "CREATE VIRTUAL TABLE article_titles USING fts5(title, article_id UNINDEXED, tokenize='porter unicode61')",
    """CREATE TRIGGER articles_titled AFTER INSERT ON articles WHEN new.title IS NOT NULL BEGIN
        INSERT INTO article_titles (title, article_id) VALUES (new.title, new.id);
    END""",
    """CREATE TRIGGER articles_retitled AFTER UPDATE OF title ON articles WHEN old.title IS NOT new.title BEGIN
        DELETE FROM article_titles WHERE old.title IS NOT NULL AND article_id = old.id;
        INSERT INTO article_titles (title, article_id) SELECT new.title, new.id WHERE new.title IS NOT NULL;
    END""",
    "INSERT INTO article_titles (title, article_id) SELECT title, id FROM articles WHERE title IS NOT NULL",
    "UPDATE articles SET published_on = date(coalesce(published_at, received_at))",
)
_POSTGRES = (
    "CREATE INDEX ix_articles_title_words ON articles USING gin (to_tsvector('english'::regconfig, title))",
    "UPDATE articles SET published_on = CAST(coalesce(published_at, received_at) AT TIME ZONE 'UTC' AS date)",
)


def upgrade() -> None:
    op.add_column("articles", sa.Column("published_on", sa.Date()))
    for statement in _SQLITE if op.get_bind().dialect.name == "sqlite" else _POSTGRES:
        op.execute(statement)
    for name, columns in INDEXES.items():
        op.create_index(op.f(name), "articles", columns)
    for table in ("events", "states"):
        op.add_column(table, sa.Column("dated_by", sa.Text()))
    _derive_again()


def _derive_again() -> None:
    """Let every dyad be derived in full when it is next projected: all of them are due."""
    due = sa.text("UPDATE dyads SET derived_by = NULL, dirty_version = version, dirty_since = :now")
    op.execute(due.bindparams(sa.bindparam("now", datetime.now(UTC), sa.DateTime(timezone=True))))


def downgrade() -> None:
    for name in INDEXES:
        op.drop_index(op.f(name), table_name="articles")
    if op.get_bind().dialect.name == "sqlite":
        for trigger in ("articles_titled", "articles_retitled"):
            op.execute(f"DROP TRIGGER {trigger}")
        op.execute("DROP TABLE article_titles")
    else:
        op.execute("DROP INDEX ix_articles_title_words")
    op.drop_column("articles", "published_on")
    for table in ("events", "states"):
        op.drop_column(table, "dated_by")
    _derive_again()

"""A full-text index of the mentions' quotes."""

from alembic import op

revision = "0002"
down_revision = "0001"

# The quote is the fourth part of the third of `wording`: see entente/storage/rows.py.
_SQLITE = (
    "CREATE VIRTUAL TABLE mention_quotes USING fts5(quote, mention_id UNINDEXED, tokenize='porter unicode61')",
    """CREATE TRIGGER mentions_quoted AFTER INSERT ON mentions BEGIN
        INSERT INTO mention_quotes (quote, mention_id) VALUES (json_extract(new.wording, '$[2][3]'), new.id);
    END""",
    "INSERT INTO mention_quotes (quote, mention_id) SELECT json_extract(wording, '$[2][3]'), id FROM mentions",
)
_POSTGRES = (
    "CREATE INDEX ix_mentions_quote ON mentions"
    " USING gin (to_tsvector('english'::regconfig, mentions.wording -> 2 ->> 3))",
)


def upgrade() -> None:
    for statement in _SQLITE if op.get_bind().dialect.name == "sqlite" else _POSTGRES:
        op.execute(statement)


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER mentions_quoted")
        op.execute("DROP TABLE mention_quotes")
    else:
        op.execute("DROP INDEX ix_mentions_quote")

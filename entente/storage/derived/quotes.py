"""Full-text search of quotes: SQLite's FTS5 with the Porter stemmer, PostgreSQL's English text search.

Neither index is in `tables.py`: migration 0002 creates a virtual table and a trigger on SQLite, an index on PostgreSQL.
"""

from sqlalchemy import Select, Text, column, literal_column, select, table

from entente.storage.truth.tables import mentions
from entente.storage.words import fts5_match, vector_match

#: SQLite's index: one row a mention, inserted by a trigger. A mention's quote never changes.
quotes = table("mention_quotes", column("quote", Text), column("mention_id", Text))

#: PostgreSQL's indexed expression; the planner uses the index only for exactly this spelling.
_VECTOR = "to_tsvector('english'::regconfig, mentions.wording -> 2 ->> 3)"


def quoting_mentions(dialect: str, words: str) -> Select[tuple[str]]:
    """SELECT of ids of mentions whose quote contains all words, in any inflected form; none without a word."""
    if dialect == "sqlite":
        return select(quotes.c.mention_id).where(fts5_match(quotes.c.quote, words))
    return select(mentions.c.id).where(vector_match(literal_column(_VECTOR, Text), words))

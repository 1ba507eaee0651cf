"""Full-text search of quotes: SQLite's FTS5 with the Porter stemmer, PostgreSQL's English text search.

Neither index is in `tables.py`: migration 0002 creates a virtual table and a trigger on SQLite, an index on PostgreSQL.
"""

import re

from sqlalchemy import ColumnElement, Select, Text, column, func, literal_column, select, table

from entente.storage.truth.tables import mentions

#: SQLite's index: one row a mention, inserted by a trigger. A mention's quote never changes.
quotes = table("mention_quotes", column("quote", Text), column("mention_id", Text))

#: PostgreSQL's indexed expression; the planner uses the index only for exactly this spelling.
_VECTOR = "to_tsvector('english'::regconfig, mentions.wording -> 2 ->> 3)"


def quoting_mentions(dialect: str, words: str) -> Select[tuple[str]]:
    """SELECT of ids of mentions whose quote contains all words, in any inflected form; none without a word."""
    if dialect == "sqlite":
        return select(quotes.c.mention_id).where(_matches(quotes.c.quote, words))
    vector: ColumnElement[str] = literal_column(_VECTOR, Text)
    return select(mentions.c.id).where(vector.op("@@")(func.plainto_tsquery("english", words)))


def _matches(index: ColumnElement[str], words: str) -> ColumnElement[bool]:
    found = re.findall(r"\w+", re.sub(r"['’]s\b", "", words))
    # Quoted, so that no word is read as an operator; an empty string matches nothing.
    return index.op("MATCH")(" ".join(f'"{word}"' for word in found) or '""')

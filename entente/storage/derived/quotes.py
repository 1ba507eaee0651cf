"""Full-text search of quotes: SQLite's FTS5 with its Porter stemmer, PostgreSQL's text search in English.

Neither index is in `tables.py`: migration 0002 makes a virtual table and a trigger on the one, an index on the other.
"""

import re

from sqlalchemy import ColumnElement, Select, Text, column, func, literal_column, select, table

from entente.storage.truth.tables import mentions

#: SQLite's index: one row a mention, filled by a trigger. Mentions are never changed or deleted.
quotes = table("mention_quotes", column("quote", Text), column("mention_id", Text))

#: PostgreSQL's, as an expression that must be spelt as the index has it to be found by it.
_VECTOR = "to_tsvector('english'::regconfig, mentions.wording -> 2 ->> 3)"


def quoting_mentions(dialect: str, words: str) -> Select[tuple[str]]:
    """Ids of the mentions whose quote has all of these words, in any of their forms; none where there is no word."""
    if dialect == "sqlite":
        return select(quotes.c.mention_id).where(_matches(quotes.c.quote, words))
    vector: ColumnElement[str] = literal_column(_VECTOR, Text)
    return select(mentions.c.id).where(vector.op("@@")(func.plainto_tsquery("english", words)))


def _matches(index: ColumnElement[str], words: str) -> ColumnElement[bool]:
    found = re.findall(r"\w+", re.sub(r"['’]s\b", "", words))
    # Quoted, so that a word is never an operator; an empty string matches nothing.
    return index.op("MATCH")(" ".join(f'"{word}"' for word in found) or '""')

"""Conditions of full-text search: all words of a query, in any inflected form. Without a word nothing matches."""

import re

from sqlalchemy import ColumnElement, func


def fts5_match(index: ColumnElement[str], words: str) -> ColumnElement[bool]:
    """The condition on a column of an FTS5 table (SQLite)."""
    found = re.findall(r"\w+", re.sub(r"['’]s\b", "", words))
    # Quoted, so that no word is read as an operator; an empty string matches nothing.
    return index.op("MATCH")(" ".join(f'"{word}"' for word in found) or '""')


def vector_match(vector: ColumnElement[str], words: str) -> ColumnElement[bool]:
    """The condition on an expression of type tsvector (PostgreSQL)."""
    return vector.op("@@")(func.plainto_tsquery("english", words))

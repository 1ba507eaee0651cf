"""Reads: one relation (relations.py), many (relation_lists.py), events, and what is looked up by its id (query.py)."""

"""Reads: one relation (relations.py), lists (relation_lists.py), events (events.py), look-ups by id (lookups.py)."""

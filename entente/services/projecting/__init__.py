"""Projection: mentions → events → states (session.py) → the record that readers see (projector.py)."""

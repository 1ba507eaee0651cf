"""Projection: mentions → events → states (session.py) → relation records in the cache (projector.py)."""

"""The Redis cache of relation records."""

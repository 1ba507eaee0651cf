"""Derived tables and their adapters: events, intervals, sums, checkpoints, versions of dyads; all can be rebuilt."""

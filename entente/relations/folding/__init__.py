"""Folding: events of a dyad → intervals of its facets.

dyad.py folds a dyad, facet.py one facet of one direction. On a track the latest value holds (latest.py), or the
highest (highest.py); both build runs (runs.py). refold.py folds a facet again from a checkpoint.
"""

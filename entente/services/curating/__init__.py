"""Corrections by people: assertions, retractions, recodes."""

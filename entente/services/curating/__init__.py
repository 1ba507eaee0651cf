"""Corrections by analysts: assertions and withdrawals (assertions.py), retractions and recodes (corrections.py)."""

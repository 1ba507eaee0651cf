"""Entente: an evidence-backed, point-in-time record of how every country stands with every other."""

__version__ = "0.1.0"

"""Shapes on the wire: schemas of requests and responses, and functions that make the responses."""

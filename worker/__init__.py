"""Celery: which service runs when. A task body is one service call with an id."""

"""The StateCache port on Redis: rendered relation records, with an in-process copy of those read."""

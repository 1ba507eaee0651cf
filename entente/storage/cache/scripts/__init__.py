"""Lua scripts for Redis. Each documents its KEYS and ARGV, and uses keys of one hash tag only."""

from importlib.resources import files


def load(name: str) -> str:
    """The source of the script `name`.lua of this package."""
    return (files(__name__) / f"{name}.lua").read_text(encoding="utf-8")

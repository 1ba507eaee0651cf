"""Lua that Redis runs. Each script names its KEYS and ARGV, and touches the keys of one hash tag only."""

from importlib.resources import files


def load(name: str) -> str:
    """The source of a script of this package."""
    return (files(__name__) / f"{name}.lua").read_text(encoding="utf-8")

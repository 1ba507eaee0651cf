"""Acts that take up what a story has told: done again, undone, ended (seeds/frames/taken_up.toml)."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class TakenUp:
    """`again`: (act told, operator) → the act that this is; `undoes`: an undoing act → the acts that it may undo."""

    again: Mapping[tuple[str, str], str]
    undoes: Mapping[str, tuple[str, ...]]

    @classmethod
    def load(cls, path: Path) -> "TakenUp":
        """Read the table."""
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        again = {(act, operator): made for act, row in table["again"].items() for operator, made in row.items()}
        return cls(again, {act: tuple(acts) for act, acts in table["undoes"].items()})

"""Which documents the site has, in which order, and at which addresses."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

#: Beside the packages, in a checkout and where they are installed.
ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PICTURES = DOCS / "pictures"

#: Documents that have a place outside docs/, by the name of their page.
_ELSEWHERE = {"seeds": ROOT / "seeds" / "README.md"}

#: The page that is made of the OpenAPI document.
REFERENCE = "reference"


@dataclass(frozen=True, slots=True)
class Entry:
    """A document in a list: the name of its page, its title, and what it is about in a line."""

    page: str
    title: str
    says: str


@dataclass(frozen=True, slots=True)
class Group:
    """Documents under a heading."""

    title: str
    entries: Sequence[Entry]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All documents: `readers` are the pages to begin at, `files` has each page's file by its name."""

    readers: Sequence[Entry]
    groups: Sequence[Group]
    files: Mapping[str, Path]

    @property
    def listed(self) -> set[str]:
        """The names of the pages that are in a list."""
        return {entry.page for entry in (*self.readers, *(e for group in self.groups for e in group.entries))}

    def page_of(self, file: Path) -> str | None:
        """The name of the page that this file is, or None."""
        return next((page for page, path in self.files.items() if path == file), None)


@lru_cache(maxsize=1)
def catalogue() -> Catalogue:
    """The catalogue of docs/site.toml, read once. Raises FileNotFoundError where the documents are not installed."""
    told: dict[str, Any] = tomllib.loads((DOCS / "site.toml").read_text(encoding="utf-8"))
    files = {path.stem: path for path in sorted(DOCS.glob("*.md"))} | _ELSEWHERE
    decisions = {f"adr-{path.stem}": path for path in sorted((DOCS / "adr").glob("*.md"))}
    files |= decisions
    groups = [Group(group["title"], [_entry(files, one) for one in group["pages"]]) for group in told["group"]]
    groups.append(Group("Decisions", [Entry(page, title_of(path), "") for page, path in decisions.items()]))
    return Catalogue([_entry(files, one) for one in told["reader"]], groups, files)


def title_of(file: Path) -> str:
    """The first heading of a document."""
    found = re.search(r"^# (.+)$", file.read_text(encoding="utf-8"), re.MULTILINE)
    return found[1] if found else file.stem


def _entry(files: Mapping[str, Path], told: Mapping[str, str]) -> Entry:
    return Entry(told["page"], title_of(files[told["page"]]), told["says"])

"""Columns of a table, or members of a JSON object, as fields of an article."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from entente.cli.files.dates import read_moment

#: Field of an article → names of columns that it is found under, the likeliest first.
NAMES: Mapping[str, Sequence[str]] = {
    "text": ("text", "body", "content", "full_text", "fulltext", "maintext", "article", "article_text", "story"),
    "title": ("title", "headline", "head"),
    "published_at": (
        *("published_at", "publishedat", "date", "published", "publication_date", "date_published", "pubdate"),
        *("publish_date", "date_publish", "datetime", "timestamp"),
    ),
    "url": ("url", "link", "web_url"),
    "source": ("source", "publisher", "outlet", "newspaper", "source_name", "source_domain", "site", "domain"),
    "language": ("language", "lang"),
}


#: Characters of a file's first line that are looked at.
_LONGEST_HEADER = 20_000


@dataclass(frozen=True, slots=True)
class Columns:
    """What the user says of columns. `named`: field → column, or for date and publisher the value itself.

    `date_order` is "dmy", "mdy" or None.
    """

    named: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    date_order: str | None = None

    def found(self, columns: Sequence[str]) -> dict[str, str]:
        """Field → column among these. A column that the user named and that is missing is left out."""
        plain = {_plain(column): column for column in reversed(columns)}
        found = {}
        for name, usual in NAMES.items():
            asked = self.named.get(name)
            for candidate in (asked,) if asked is not None and _plain(asked) in plain else usual:
                if _plain(candidate) in plain:
                    found[name] = plain[_plain(candidate)]
                    break
        return found

    def missing(self, columns: Sequence[str]) -> str | None:
        """A column that the user named for a text, title, address or language and that isn't there."""
        there = {_plain(column) for column in columns}
        asked = {self.named[name] for name in ("text", "title", "url", "language") if name in self.named}
        return next((column for column in sorted(asked) if _plain(column) not in there), None)

    def are_in(self, line: str, delimiters: str) -> bool:
        """Whether a line is a header, by one of these delimiters.

        It has a column of texts or addresses that the user named, or one of a usual name and another such.
        """
        asked = {_plain(self.named[name]) for name in ("text", "url") if name in self.named}
        for delimiter in delimiters:
            cells = header_cells(line, delimiter)
            found = self.found(cells)
            if len(cells) > 1 and (
                asked & set(map(_plain, cells)) or ({"text", "url"} & found.keys() and found.keys() - {"text"})
            ):
                return True
        return False

    def article(self, row: Mapping[str, Any], of: Mapping[str, str]) -> dict[str, Any]:
        """The fields of an article in a row whose columns are `of`. A date that can't be read stays as it is."""
        said = {name: row.get(column) for name, column in of.items()}
        return self.completed({name: value for name, value in said.items() if value not in (None, "")})

    def completed(self, said: Mapping[str, Any]) -> dict[str, Any]:
        """An article with what holds for all that say nothing of it themselves, and its date in RFC 3339."""
        constants = {name: self.named[name] for name in ("published_at", "source") if name in self.named}
        article = {**constants, **said}
        if isinstance(written := article.get("published_at"), str | int):
            article["published_at"] = read_moment(str(written), self.date_order) or written
        return article


def header_cells(line: str, delimiter: str) -> list[str]:
    """The cells of a line that may be a header, or may be anything; names of columns hold no delimiter."""
    return [cell.strip().strip('"') for cell in line[:_LONGEST_HEADER].split(delimiter)]


def _plain(column: str) -> str:
    return column.strip().lower().replace(" ", "_").replace("-", "_")

"""Port: reprint groups of articles, and the bands that find an article's like."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Protocol

from entente.relations.grouping.reprints import Print


class ReprintIndex(Protocol):
    """Reprint groups of the articles that report events: those with a live mention, assertions left out."""

    def lock(self) -> None:
        """Let no other unit of work change groups until this one ends. Call it before any dyad is locked."""

    def lock_bands(self, bands: Sequence[str]) -> None:
        """Let no other unit of work take in an article of one of these bands until this one ends."""

    def note(self, id: str, bands: Sequence[str]) -> None:
        """Store an article's bands."""

    def near(self, print: Print, bands: Sequence[str]) -> Sequence[tuple[str, str]]:
        """(id, id of its first print) of other articles of these bands, near in time; those of one group together."""

    def first(self, id: str) -> str | None:
        """The id of the first print of an article's group; None if it reports no event."""

    def print(self, id: str) -> Print: ...

    def group(self, first: str) -> Sequence[Print]:
        """The articles whose first print is `first`, itself included, by id."""

    def text(self, id: str) -> str: ...

    def texts(self, ids: Collection[str]) -> Mapping[str, str]:
        """The texts of these articles, by id."""

    def assign(self, firsts: Mapping[str, str | None]) -> None:
        """Set the articles' first prints; None for an article that left."""

    def every(self) -> Iterator[tuple[Print, str, str]]:
        """Yield (article, id of its first print, text), by day of publication."""

    def without_bands(self, limit: int) -> Sequence[str]:
        """Ids of at most `limit` articles whose bands are not stored."""

    def contradictions(self) -> Iterable[str]:
        """Ids of articles with a mention that counts for another first print than the article."""

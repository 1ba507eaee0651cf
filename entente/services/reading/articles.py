"""ArticleReads: pages of articles, or all that match."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from entente.relations.publishers import Publishers
from entente.services.articles import ArticleSummary
from entente.services.ports.articles import ArticleQuery
from entente.services.ports.ledger import Ledger, UnitOfWork
from entente.services.ports.paging import Page
from entente.services.reading.paging import Position

#: Articles read in one transaction by `every`, so that a slow consumer holds none open.
_BATCH = 500


@dataclass(frozen=True, slots=True)
class ArticleFilter:
    """What is asked of a list of articles. `publisher`: by name, alias or host, under every name that it has."""

    query: ArticleQuery
    publisher: str | None = None


class ArticleReads:
    """Lists of articles, newest first by day of publication."""

    def __init__(self, ledger: Ledger, publishers: Publishers) -> None:
        self._ledger = ledger
        self._publishers = publishers

    def page(
        self, asked: ArticleFilter, after: Position | None = None, limit: int = 50, backwards: bool = False
    ) -> Page[ArticleSummary]:
        """A page of matching articles."""
        with self._ledger.read() as unit:
            return unit.articles.search(self._query(unit, asked), after, limit, backwards)

    def every(self, asked: ArticleFilter, limit: int) -> Iterator[ArticleSummary]:
        """Yield matching articles, at most `limit`, in constant memory. Articles added meanwhile may be missed."""
        after: Position | None = None
        while limit > 0:
            page = self.page(asked, after, min(_BATCH, limit))
            yield from page.items
            after = page.next
            if after is None:
                return
            limit -= len(page.items)

    def _query(self, unit: UnitOfWork, asked: ArticleFilter) -> ArticleQuery:
        if asked.publisher is None:
            return asked.query
        identity = self._publishers.identity(asked.publisher)
        same = [name for name in unit.articles.publishers() if self._publishers.identity(name) == identity]
        wanted = asked.query.publishers
        return replace(asked.query, publishers=[n for n in same if wanted is None or n in wanted])

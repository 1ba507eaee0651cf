"""The PageReader, FeedReader and FileReader ports on parsers in processes of their own."""

from typing import TypeVar

from entente.services.ports.fetching import FeedDocument, Fetched, FetchedPage, FetchFailed
from entente.services.ports.files import FileContent
from entente.web.parser.lanes import Parsers
from entente.web.parser.limits import TooComplex
from entente.web.parser.messages import FEED, FILE, PAGE, Kind

T = TypeVar("T")


class BoundedPages:
    """Extracts the article of a page, by `entente.web.pages` in a parser."""

    def __init__(self, parsers: Parsers) -> None:
        self._parsers = parsers

    def page(self, answer: Fetched) -> FetchedPage:
        """The article of a page. Raises FetchFailed; its reason is `page_too_complex` for a page beyond the limits."""
        return _bounded(self._parsers, PAGE, answer)


class BoundedFeeds:
    """Reads a feed, by `entente.web.feeds` in a parser."""

    def __init__(self, parsers: Parsers) -> None:
        self._parsers = parsers

    def read(self, answer: Fetched) -> FeedDocument:
        """Items or named feeds. Raises FetchFailed; its reason is `feed_too_complex` for a feed beyond the limits."""
        return _bounded(self._parsers, FEED, answer)


class BoundedFiles:
    """Reads files that hold one article each, by `entente.web.files` in a parser."""

    def __init__(self, parsers: Parsers) -> None:
        self._parsers = parsers

    def content(self, file: Fetched) -> FileContent:
        """The article of a file. Raises FetchFailed; its reason is `file_too_complex` for a file beyond the limits."""
        return _bounded(self._parsers, FILE, file)


def _bounded(parsers: Parsers, kind: Kind[T], answer: Fetched) -> T:
    try:
        return parsers.parse(kind, answer)
    except TooComplex as error:
        raise FetchFailed(f"{kind.name}_too_complex", final=True) from error

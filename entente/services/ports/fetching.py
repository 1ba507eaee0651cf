"""The ports of the outside web: pages and feeds that are asked for, under bounds."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

#: What a page may be, and what a feed may be; anything else is not read.
PAGE_TYPES = ("text/html", "application/xhtml+xml", "text/plain")
FEED_TYPES = (
    "application/rss+xml",
    "application/atom+xml",
    "application/rdf+xml",
    "application/feed+json",
    "application/json",
    "application/xml",
    "text/xml",
)


class FetchFailed(Exception):
    """A URL that gave nothing; the message is for a person.

    `final`: asking again will not help. `retry_at`: when the server wants to be asked again, if it said so.
    """

    def __init__(self, reason: str, *, final: bool = False, retry_at: datetime | None = None) -> None:
        self.final = final
        self.retry_at = retry_at
        super().__init__(reason)


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer. `url` is where redirects led; `body` is decoded, b"" where `not_modified`."""

    url: str
    media_type: str
    body: bytes
    charset: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    not_modified: bool = False


@dataclass(frozen=True, slots=True)
class FetchedPage:
    """What a page says of its article. `url` is the canonical one; what the page doesn't tell is None."""

    url: str
    text: str
    title: str | None = None
    published_on: date | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """An item of a feed; `text` only where the feed carries the whole article."""

    url: str
    title: str | None = None
    published_at: datetime | None = None
    text: str | None = None


class Fetcher(Protocol):
    """Asks for URLs under guard: no private address, bounded in bytes, seconds and redirects."""

    def fetch(
        self, url: str, types: Sequence[str], etag: str | None = None, last_modified: str | None = None
    ) -> Fetched:
        """The answer to a GET, conditional if a validator is given. Raises FetchFailed."""


class PageReader(Protocol):
    """Finds the article in a page."""

    def page(self, answer: Fetched) -> FetchedPage:
        """Raises FetchFailed if there is no article in it."""


class FeedReader(Protocol):
    """Reads RSS, Atom and JSON feeds."""

    def entries(self, answer: Fetched) -> list[FeedEntry]:
        """The items, in the feed's order. Raises FetchFailed if it is no feed."""

"""Ports: fetching URLs within limits, and reading pages and feeds."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

#: Media types accepted for pages, and for feeds: many servers give a feed a general type or none.
PAGE_TYPES = ("text/html", "application/xhtml+xml", "text/plain")
FEED_TYPES = (
    "application/rss+xml",
    "application/atom+xml",
    "application/rdf+xml",
    "application/feed+json",
    "application/json",
    "application/xml",
    "text/xml",
    "text/html",
    "application/xhtml+xml",
    "text/plain",
    "text/json",
    "application/octet-stream",
    "binary/octet-stream",
    "application/x-rss+xml",
    "application/rss",
    "text/rss",
    "text/rss+xml",
    "application/atom",
    "application/x-atom+xml",
    "text/atom+xml",
    # Without a Content-Type.
    "",
)


class FetchFailed(Exception):
    """A URL that could not be fetched or read; the message is for a person.

    `final`: don't retry. `retry_at`: the server's Retry-After as a time, None if it gave none.
    """

    def __init__(self, reason: str, *, final: bool = False, retry_at: datetime | None = None) -> None:
        self.final = final
        self.retry_at = retry_at
        super().__init__(reason)


@dataclass(frozen=True, slots=True)
class Fetched:
    """A response. `url`: after redirects; `body`: without content encoding, b"" if `not_modified`."""

    url: str
    media_type: str
    body: bytes
    charset: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    not_modified: bool = False


@dataclass(frozen=True, slots=True)
class FetchedPage:
    """An article extracted from a page. `url` is the canonical one; what the page doesn't give is None."""

    url: str
    text: str
    title: str | None = None
    published_on: date | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """An item of a feed. `url` None: it has no page of its own, only a whole text. `id`: as the feed names it.

    `published_at`: as the feed gives it, even in the future; the time of the last change if it gives no other.
    `text`: the article as far as the feed has it; `whole`: that is all of it.
    """

    url: str | None
    title: str | None = None
    published_at: datetime | None = None
    text: str | None = None
    id: str | None = None
    updated_at: datetime | None = None
    whole: bool = False


@dataclass(frozen=True, slots=True)
class FeedDocument:
    """What is at a feed's address: its items in order, or if that is a web page, the feeds that it names.

    `n_skipped`: items without an address that can be fetched and without a whole text.
    """

    entries: Sequence[FeedEntry] = ()
    named_feeds: Sequence[str] = ()
    n_skipped: int = 0


class Fetcher(Protocol):
    """Fetches URLs: no private addresses; limited bytes, seconds and redirects."""

    def fetch(
        self, url: str, types: Sequence[str], etag: str | None = None, last_modified: str | None = None
    ) -> Fetched:
        """GET a URL, conditionally if a validator is given. Raises FetchFailed."""


class PageReader(Protocol):
    """Extracts the article of a page."""

    def page(self, answer: Fetched) -> FetchedPage:
        """The article of a page. Raises FetchFailed if there is none."""


class FeedReader(Protocol):
    """Reads RSS, Atom and JSON feeds, and finds the feeds that a web page names."""

    def read(self, answer: Fetched) -> FeedDocument:
        """The items or the named feeds. Raises FetchFailed if there is neither."""

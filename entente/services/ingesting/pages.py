"""Fetch the page of an article that has only a URL, and schedule the next attempt after a failure."""

from datetime import datetime, timedelta

from entente.services.ports.fetching import PAGE_TYPES, FetchedPage, Fetcher, FetchFailed, PageReader

#: Pauses between attempts to fetch a page. If the attempt after the last pause fails, the article has failed.
PAUSES = (timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6))


class Pages:
    """Fetch pages and extract their articles."""

    def __init__(self, fetcher: Fetcher, reader: PageReader) -> None:
        self._fetcher = fetcher
        self._reader = reader

    def read(self, url: str) -> FetchedPage:
        """The article at a URL. Raises FetchFailed."""
        return self._reader.page(self._fetcher.fetch(url, PAGE_TYPES))


def next_fetch(error: FetchFailed, fetches: int, now: datetime) -> datetime | None:
    """Time of the next attempt after `fetches` failed ones, or None to give up."""
    if error.final or fetches > len(PAUSES):
        return None
    earliest = now + PAUSES[fetches - 1]
    return max(earliest, error.retry_at) if error.retry_at else earliest

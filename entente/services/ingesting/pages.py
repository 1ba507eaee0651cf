"""An article that came as an address: its page, fetched and read, and when to ask again for one that gave nothing."""

from datetime import datetime, timedelta

from entente.services.ports.fetching import PAGE_TYPES, FetchedPage, Fetcher, FetchFailed, PageReader

#: Pauses between the attempts to fetch an article; after the last one it has failed.
PAUSES = (timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6))


class Pages:
    """Fetches pages and finds their articles."""

    def __init__(self, fetcher: Fetcher, reader: PageReader) -> None:
        self._fetcher = fetcher
        self._reader = reader

    def read(self, url: str) -> FetchedPage:
        """The article at an address. Raises FetchFailed."""
        return self._reader.page(self._fetcher.fetch(url, PAGE_TYPES))


def next_fetch(error: FetchFailed, fetches: int, now: datetime) -> datetime | None:
    """When to ask again after so many attempts in vain; None when there is no use."""
    if error.final or fetches > len(PAUSES):
        return None
    earliest = now + PAUSES[fetches - 1]
    return max(earliest, error.retry_at) if error.retry_at else earliest

"""Port: registered feeds and the results of their polls."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed. Times are aware UTC. `publisher` None: each article's publisher is the host of its URL.

    `found_url`: the feed that the page at `url` names. `polling_until`: until then one worker polls it, no other does.
    `failures` counts failed polls since the last good one; `last_error` is the last poll's error. `n_articles`: items
    taken; `n_skipped`: items of the last document that could not be.
    """

    id: str
    url: str
    publisher: str | None
    every_seconds: int
    active: bool
    created_at: datetime
    next_poll_at: datetime
    etag: str | None = None
    last_modified: str | None = None
    last_polled_at: datetime | None = None
    last_new_at: datetime | None = None
    last_error: str | None = None
    failures: int = 0
    n_articles: int = 0
    found_url: str | None = None
    last_success_at: datetime | None = None
    polling_until: datetime | None = None
    n_skipped: int = 0

    @property
    def address(self) -> str:
        """Where its document is fetched."""
        return self.found_url or self.url


@dataclass(frozen=True, slots=True)
class FeedItem:
    """An item that a feed had, and the article that was made of it.

    `item` and `page` identify it: SHA-256 of its id in the feed, and of the address of its page. `fingerprint` and
    `dated_at` tell whether it changed. `text`: what the feed has of the article, for when its page can't be had.
    """

    feed_id: str
    item: str
    page: str | None
    fingerprint: str
    dated_at: datetime | None
    article_id: str
    text: str | None = None


class FeedBook(Protocol):
    """The ledger's feeds."""

    def add(self, feed: Feed) -> bool:
        """Register a feed; False if its URL is registered already."""

    def get(self, id: str) -> Feed | None: ...

    def list(self) -> list[Feed]:
        """All feeds, oldest first, including inactive ones."""

    def set_active(self, id: str, active: bool, next_poll_at: datetime) -> bool:
        """Start or stop polling; False if there is no such feed."""

    def due(self, now: datetime, limit: int) -> Sequence[str]:
        """Ids of active feeds that are due, longest overdue first."""

    def claim(self, id: str, now: datetime, until: datetime) -> Feed | None:
        """Claim a due feed that nobody polls, until `until` or its `note`; None if it isn't due or is being polled."""

    def put_off(self, id: str, next_poll_at: datetime) -> None:
        """Let a feed not be due before a time."""

    def note(self, feed: Feed) -> None:
        """Store the result of a poll, and end its claim. Nothing, if another worker has claimed the feed since."""

    def items(self, feed_id: str, items: Sequence[str], pages: Sequence[str]) -> Sequence[FeedItem]:
        """Known items: of this feed by `item`, of any feed by `page`."""

    def keep_item(self, item: FeedItem) -> None:
        """Store an item, or what is new of it."""

    def text_for(self, article_id: str) -> str | None:
        """The longest text that feeds have for an article whose page is fetched; None if there is none."""

"""Port: articles, their statuses and the leases under which workers code them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from entente.services.articles import Article, ArticleDraft, ArticleSummary, Coding
from entente.services.ports.paging import Page


@dataclass(frozen=True, slots=True)
class ArticleQuery:
    """Filters of the list of articles; None doesn't filter. Days are inclusive and compare with `published_on`.

    `publishers`: their names as stored. `words`: the title contains all of them, in any inflected form and order.
    """

    publishers: Sequence[str] | None = None
    statuses: Sequence[str] | None = None
    published_from: date | None = None
    published_to: date | None = None
    url: str | None = None
    words: str | None = None


class ArticleLog(Protocol):
    """The ledger's articles. Workers claim them by lease; an article's row is the only record of its progress."""

    def add(
        self, draft: ArticleDraft, content_hash: str, id: str, received_at: datetime, supersedes: str | None = None
    ) -> tuple[str, bool]:
        """Store a pending article: (its id, True), or (the stored one's id, False) if the content hash is known."""

    def get(self, id: str) -> Article | None: ...

    def at(self, urls: Sequence[str]) -> dict[str, str]:
        """The first article's id of each of these URLs that is known. Reads every article."""

    def search(
        self, query: ArticleQuery, after: tuple[str, ...] | None, limit: int, backwards: bool = False
    ) -> Page[ArticleSummary]:
        """A page of articles, newest first. `after` is a page's `next`, or with `backwards` its `previous`."""

    def published(
        self, first: date, last: date, known_at: datetime | None = None, published_by: date | None = None
    ) -> Mapping[date, int]:
        """Articles that were read, with events or without, by day of publication; days without any are left out.

        So are articles without a day of publication. From `first` to `last`. With `known_at` those read by then, also
        those with events that were retracted or superseded later. With `published_by` only those published by that day.
        """

    def addresses(self, ids: Collection[str]) -> Mapping[str, str]:
        """The URL of each of these articles that has one, by id."""

    def publishers(self) -> list[str]:
        """The distinct names of publishers, as stored."""

    def claim(
        self, id: str, owner: str, now: datetime, lease_seconds: float, *, with_text: bool = True
    ) -> Article | None:
        """Lease a due pending article, or one whose lease expired, and count an attempt; None if it is neither.

        Nor if it has no text, or, where `with_text` is False, has one.
        """

    def renew(self, id: str, owner: str, now: datetime, lease_seconds: float) -> bool:
        """Renew the owner's lease; False if it was lost."""

    def finish(
        self,
        id: str,
        owner: str,
        status: str,
        reason: str | None,
        coding: Coding | None,
        coded_at: datetime | None = None,
    ) -> bool:
        """Set the final status and drop the lease; False if the lease is not `owner`'s.

        `coded_at`: when it was read to its end; the first such time is kept.
        """

    def release(self, id: str, owner: str, reason: str, next_attempt_at: datetime | None) -> bool:
        """Set a leased article back to pending, due at `next_attempt_at`; False if the lease is not `owner`'s."""

    def quarantine_spent(self, now: datetime, max_attempts: int) -> list[str]:
        """Quarantine articles whose leases expired after `max_attempts`; their ids."""

    def due(self, now: datetime, pending_since: datetime, limit: int, *, with_text: bool | None = None) -> list[str]:
        """Ids of due pending articles received before `pending_since`, and of articles with expired leases.

        `with_text`: only those that have a text (True), or have none (False).
        """

    def fill(self, id: str, owner: str, draft: ArticleDraft, content_hash: str, supersedes: str | None = None) -> str:
        """Store what the page of a leased article gave, and set it back to pending, with `attempts` 0; its id.

        If another article has that content hash, nothing is stored: the other's id.
        """

    def put_off(self, id: str, owner: str, reason: str, next_attempt_at: datetime) -> bool:
        """Set a leased article back to pending after a failed fetch, with `attempts` 0."""

    def delay(self, id: str, next_attempt_at: datetime) -> None:
        """Set the time before which a pending article is not due."""

    def retract(self, id: str, reason: str) -> bool:
        """Mark as retracted, whatever its status; False if there is none of that id."""

    def current_at(self, urls: Sequence[str]) -> list[Article]:
        """Articles with a text that were published at one of these addresses, newest first; of versions the last."""

    def titled(self, titles: Sequence[str]) -> list[Article]:
        """Articles with a text and one of these titles, newest first; of versions the last."""

    def lock_address(self, url: str) -> None:
        """Let no other unit of work that calls this for the address go on until this one ends."""

    def last_version(self, id: str) -> Article | None:
        """The last version of an article, which may be itself, locked; None if there is no article of that id."""

    def earlier_versions(self, id: str) -> list[str]:
        """Ids of an article's earlier versions, newest first, up to one that is superseded; retracted ones left out."""

    def superseded_by(self, id: str) -> str | None:
        """The id of the next version, None of the last one. Duplicates and pages that were not read are none."""

    def unread_version(self, id: str) -> str | None:
        """The id of an article that supersedes this one if its page, which is still to be fetched, says otherwise."""

    def supersede(self, ids: Sequence[str]) -> None:
        """Mark these, newest first, as superseded, except what is retracted. Those that are being coded won't be."""

    def every(self, after: str = "", limit: int = 500) -> list[str]:
        """Ids, after `after` and in order, of articles with status coded or no_events. Assertions are left out."""

    def unfinished(self, limit: int) -> list[str]:
        """Ids of articles that are pending or being coded, due or not, oldest first."""

    def requeue(self, id: str) -> bool:
        """Set a finished article (coded, failed …) back to pending, with `attempts` 0; False if it isn't one."""

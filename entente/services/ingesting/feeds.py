"""Feeds: register RSS, Atom and JSON feeds, poll them, and store their new items as articles."""

import random
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from entente.services.addresses import check_address
from entente.services.articles import ArticleDraft
from entente.services.errors import Conflict, Invalid, NotFound
from entente.services.ingesting.feed_items import TakenItems, take
from entente.services.ingesting.ingest import Ingest
from entente.services.ingesting.versions import Versions
from entente.services.places import Places
from entente.services.ports.feeds import Feed
from entente.services.ports.fetching import FEED_TYPES, FeedDocument, FeedReader, Fetched, Fetcher, FetchFailed
from entente.services.ports.ledger import Ledger
from entente.services.ports.queue import TaskQueue
from entente.services.ports.system import Clock, IdMaker
from entente.services.ports.telemetry import NO_TELEMETRY, Telemetry

#: Seconds between two polls of a feed: allowed range, and default.
EVERY_SECONDS = range(60, 7 * 86_400 + 1)
USUAL_SECONDS = 900

#: Longest pause between two polls of a failing feed; the pause doubles with each failure.
LONGEST_PAUSE = timedelta(days=1)

#: Time after which another worker may poll a feed that one has claimed: more than any poll takes, whose fetches and
#: parses are bounded.
_POLLING = timedelta(minutes=10)
_SPREAD = 0.1


class Feeds:
    """Register and poll feeds."""

    def __init__(
        self,
        ledger: Ledger,
        fetcher: Fetcher,
        reader: FeedReader,
        queue: TaskQueue,
        clock: Clock,
        new_id: IdMaker,
        places: Places,
        ingest: Ingest,
        versions: Versions,
        *,
        loopback: bool = False,
        telemetry: Telemetry = NO_TELEMETRY,
    ) -> None:
        self._ledger = ledger
        self._places = places
        self._ingest = ingest
        self._versions = versions
        self._fetcher = fetcher
        self._reader = reader
        self._queue = queue
        self._clock = clock
        self._new_id = new_id
        self._loopback = loopback
        self._telemetry = telemetry

    def add(self, url: str, publisher: str | None = None, every_seconds: int = USUAL_SECONDS) -> Feed:
        """Register a feed, to be polled at once. Raises Invalid (url, every_seconds), Conflict (known already)."""
        check_address(url, loopback=self._loopback)
        if every_seconds not in EVERY_SECONDS:
            raise Invalid("every_seconds", f"from {EVERY_SECONDS.start} to {EVERY_SECONDS.stop - 1}")
        now = self._clock.now()
        feed = Feed(self._new_id(), url, publisher, every_seconds, True, now, now)
        with self._ledger.write() as unit:
            if not unit.feeds.add(feed):
                raise Conflict("that feed is registered already")
            unit.commit()
        self._queue.poll_feed(feed.id)
        return feed

    def get(self, id: str) -> Feed:
        """A feed with the result of its last poll. Raises NotFound."""
        with self._ledger.read() as unit:
            feed = unit.feeds.get(id)
        if feed is None:
            raise NotFound("feed", id)
        return feed

    def list(self) -> list[Feed]:
        """All feeds, including stopped ones."""
        with self._ledger.read() as unit:
            return unit.feeds.list()

    def set_active(self, id: str, active: bool) -> Feed:
        """Stop polling a feed, or poll it again from now on. Its articles are kept. Raises NotFound."""
        with self._ledger.write() as unit:
            known = unit.feeds.set_active(id, active, self._clock.now())
            unit.commit()
        if not known:
            raise NotFound("feed", id)
        return self.get(id)

    def ring_for_due(self, limit: int = 100) -> int:
        """Queue polls of the feeds that are due and have no message yet, at most `limit`; the number queued."""
        with self._ledger.read() as unit:
            due = unit.feeds.due(self._clock.now(), limit)
        missing = max(0, len(due) - self._queue.waiting("poll")) if due else 0
        return sum(self._queue.poll_feed(id) for id in due[:missing])

    def poll(self, id: str) -> int | None:
        """Poll a feed if it is due; the number of new items, or None if it isn't due, is put off or can't be read.

        It is put off while its host has no free place.
        """
        with self._ledger.read() as unit:
            feed = unit.feeds.get(id)
        if feed is None:
            return None
        with self._places.take(feed.address, failed_before=feed.failures > 0) as free:
            now = self._clock.now()
            with self._ledger.write() as unit:
                if free:
                    feed = unit.feeds.claim(id, now, now + _POLLING)
                else:
                    unit.feeds.put_off(id, self._places.later(feed.address, now))
                unit.commit()
            return self._poll(feed, now) if feed and free else None

    def _poll(self, feed: Feed, now: datetime) -> int | None:
        try:
            feed, answer, document = self._read(feed)
        except FetchFailed as error:
            failed = _failed(feed, error, self._clock.now())
            self._note(failed)
            self._telemetry.feed_failed(feed.id, failed.failures, str(error), failed.next_poll_at)
            return None
        n_new = len(self._take(feed, document).new) if document else 0
        done = replace(
            feed,
            etag=answer.etag or (feed.etag if answer.not_modified else None),
            last_modified=answer.last_modified or (feed.last_modified if answer.not_modified else None),
            last_polled_at=now,
            last_success_at=now,
            last_new_at=now if n_new else feed.last_new_at,
            last_error=None,
            failures=0,
            n_articles=feed.n_articles + n_new,
            n_skipped=document.n_skipped if document else feed.n_skipped,
            next_poll_at=self._clock.now() + _spread(timedelta(seconds=feed.every_seconds)),
        )
        self._note(done)
        self._telemetry.feed_polled(feed.id, n_new, modified=document is not None)
        return n_new

    def _read(self, feed: Feed) -> tuple[Feed, Fetched, FeedDocument | None]:
        """Fetch and read a feed, by way of the page that names it; no document if it has not changed."""
        answer = self._fetcher.fetch(feed.address, FEED_TYPES, feed.etag, feed.last_modified)
        if answer.not_modified:
            return feed, answer, None
        document = self._reader.read(answer)
        if not document.named_feeds:
            return feed, answer, document
        feed = replace(feed, found_url=document.named_feeds[0])
        answer = self._fetcher.fetch(feed.address, FEED_TYPES)
        document = self._reader.read(answer)
        if document.named_feeds:
            # Logged and shown: a query may hold a key.
            named = urlsplit(feed.address)._replace(query="", fragment="").geturl()
            raise FetchFailed(f"{named}, which the page names as its feed, is a page too; set `url` to a feed's")
        return feed, answer, document

    def _take(self, feed: Feed, document: FeedDocument) -> TakenItems:
        with self._ledger.write() as unit:
            taken = take(unit, feed, document.entries, self._clock.now(), self._versions)
            unit.commit()
        for id, publisher in taken.new:
            self._telemetry.article_received(id, "feed", publisher, created=True)
        for id, notice_id in taken.proposed:
            self._telemetry.retraction_proposed(id, notice_id)
        for id in taken.to_code:
            self._queue.code_article(id)
        for id in taken.to_fetch:
            self._queue.fetch_article(id)
        for id, draft, item in taken.changed:
            self.reread(id, draft)
            # Only now: if this process ends before, the next poll finds the item changed again.
            with self._ledger.write() as unit:
                unit.feeds.keep_item(item)
                unit.commit()
        return taken

    def reread(self, article_id: str, draft: ArticleDraft) -> None:
        """Have a known article read again, of which its feed has a new version: the draft as the feed now gives it."""
        # An address that is not fetched: the article stays as it is.
        with suppress(Invalid):
            self._ingest.reread(article_id, draft)

    def _note(self, feed: Feed) -> None:
        with self._ledger.write() as unit:
            unit.feeds.note(feed)
            unit.commit()


def _failed(feed: Feed, error: FetchFailed, now: datetime) -> Feed:
    if error.final and feed.found_url:
        # The page may by now name another one.
        feed = replace(feed, found_url=None, etag=None, last_modified=None)
    failures = feed.failures + 1
    pause = min(timedelta(seconds=feed.every_seconds) * 2 ** min(failures, 20), LONGEST_PAUSE)
    again = now + _spread(pause)
    return replace(
        feed,
        last_polled_at=now,
        last_error=str(error),
        failures=failures,
        next_poll_at=max(again, error.retry_at) if error.retry_at else again,
    )


def _spread(pause: timedelta) -> timedelta:
    """The pause with random jitter, so that feeds registered together are not always polled together."""
    return pause * random.uniform(1 - _SPREAD, 1 + _SPREAD)

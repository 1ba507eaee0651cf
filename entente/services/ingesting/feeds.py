"""Feeds: register RSS, Atom and JSON feeds, poll them, and store their new items as articles."""

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from entente.services.addresses import check_address
from entente.services.articles import ArticleDraft
from entente.services.errors import Conflict, Invalid, NotFound
from entente.services.ingesting.ingest import content_hash
from entente.services.places import Places
from entente.services.ports.feeds import Feed
from entente.services.ports.fetching import FEED_TYPES, FeedEntry, FeedReader, Fetcher, FetchFailed
from entente.services.ports.ledger import Ledger
from entente.services.ports.queue import TaskQueue
from entente.services.ports.system import Clock, IdMaker
from entente.services.ports.telemetry import NO_TELEMETRY, Telemetry

#: Seconds between two polls of a feed: allowed range, and default.
EVERY_SECONDS = range(60, 7 * 86_400 + 1)
USUAL_SECONDS = 900

#: Longest pause between two polls of a failing feed; the pause doubles with each failure.
LONGEST_PAUSE = timedelta(days=1)

#: Seconds between fetching two pages of one host that one poll found.
POLITE_SECONDS = 3.0

#: Time after which another worker may poll a feed that one has claimed.
_POLLING = timedelta(minutes=2)
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
        *,
        loopback: bool = False,
        telemetry: Telemetry = NO_TELEMETRY,
    ) -> None:
        self._ledger = ledger
        self._places = places
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
        missing = max(0, len(due) - self._queue.waiting("poll"))
        return sum(self._queue.poll_feed(id) for id in due[:missing])

    def poll(self, id: str) -> int | None:
        """Poll a feed if it is due; the number of new items, or None if it isn't due, is put off or can't be read.

        It is put off while its host has no free place.
        """
        with self._ledger.read() as unit:
            feed = unit.feeds.get(id)
        if feed is None:
            return None
        with self._places.take(feed.url, failed_before=feed.failures > 0) as free:
            now = self._clock.now()
            until = now + _POLLING if free else self._places.later(feed.url, now)
            with self._ledger.write() as unit:
                feed = unit.feeds.claim(id, now, until)
                unit.commit()
            return self._poll(feed, now) if feed and free else None

    def _poll(self, feed: Feed, now: datetime) -> int | None:
        try:
            answer = self._fetcher.fetch(feed.url, FEED_TYPES, feed.etag, feed.last_modified)
            entries = [] if answer.not_modified else self._reader.entries(answer)
        except FetchFailed as error:
            failed = _failed(feed, error, self._clock.now())
            self._note(failed)
            self._telemetry.feed_failed(feed.id, failed.failures, str(error), failed.next_poll_at)
            return None
        taken = self._take(feed, entries)
        done = replace(
            feed,
            etag=answer.etag or (feed.etag if answer.not_modified else None),
            last_modified=answer.last_modified or (feed.last_modified if answer.not_modified else None),
            last_polled_at=now,
            last_new_at=now if taken else feed.last_new_at,
            last_error=None,
            failures=0,
            n_articles=feed.n_articles + taken,
            next_poll_at=self._clock.now() + _spread(timedelta(seconds=feed.every_seconds)),
        )
        self._note(done)
        self._telemetry.feed_polled(feed.id, taken, modified=not answer.not_modified)
        return taken

    def _take(self, feed: Feed, entries: Sequence[FeedEntry]) -> int:
        """Store new items; fetches of pages of one host are scheduled POLITE_SECONDS apart. The number stored."""
        now = self._clock.now()
        ready: list[tuple[str, bool]] = []
        waiting: dict[str, int] = {}
        taken: list[tuple[str, str]] = []
        with self._ledger.write() as unit:
            for entry in entries:
                host = urlsplit(entry.url).hostname or ""
                draft = ArticleDraft(
                    feed.publisher or host or "unknown", entry.text, entry.url, entry.title, None, entry.published_at
                )
                # Hashed by URL even if the feed carries the text, so that an item is stored once.
                by_address = content_hash(replace(draft, text=None, title=None))
                id, created = unit.articles.add(draft, by_address, self._new_id(), now)
                if not created:
                    continue
                taken.append((id, draft.publisher))
                turn = waiting.get(host, 0)
                waiting[host] = turn + 1
                if turn and entry.text is None:
                    unit.articles.delay(id, now + timedelta(seconds=POLITE_SECONDS * turn))
                else:
                    ready.append((id, entry.text is not None))
            unit.commit()
        for id, publisher in taken:
            self._telemetry.article_received(id, "feed", publisher, created=True)
        for id, with_text in ready:
            ring = self._queue.code_article if with_text else self._queue.fetch_article
            ring(id)
        return len(taken)

    def _note(self, feed: Feed) -> None:
        with self._ledger.write() as unit:
            unit.feeds.note(feed)
            unit.commit()


def _failed(feed: Feed, error: FetchFailed, now: datetime) -> Feed:
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

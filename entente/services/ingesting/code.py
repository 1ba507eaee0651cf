"""Code an article: claim it, fetch its page if need be, code it, record its mentions, project its dyads."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, time, timedelta

from entente.relations.events import CodedEvent, EventKey
from entente.services.articles import Article, ArticleDraft, Coding, Document
from entente.services.ingesting.ingest import content_hash
from entente.services.ingesting.pages import Pages, next_fetch
from entente.services.ports.coder import Coder
from entente.services.ports.fetching import FetchedPage, FetchFailed
from entente.services.ports.ledger import Ledger, UnitOfWork
from entente.services.ports.system import Clock
from entente.services.projecting.projector import Projector
from entente.services.projecting.recording import Replacement
from entente.services.projecting.reprints import Likeness

#: Seconds that a lease lasts unless renewed; after that the article of a dead worker is due again.
LEASE_SECONDS = 6.0
RENEW_SECONDS = 2.0

#: Claims after which an article that was never finished is quarantined.
MAX_ATTEMPTS = 3


class CodeArticles:
    """Code articles. Several workers may try the same article: its lease admits one."""

    def __init__(
        self,
        ledger: Ledger,
        coder: Coder,
        projector: Projector,
        clock: Clock,
        owner: str,
        pages: Pages | None = None,
    ) -> None:
        """`pages` fetches articles that have only a URL; without it they fail."""
        self._pages = pages
        self._ledger = ledger
        self._coder = coder
        self._projector = projector
        self._clock = clock
        self._owner = owner

    def run(self, article_id: str) -> str | None:
        """Code one article; its new status, or None if it isn't due, or another worker has its lease."""
        now = self._clock.now()
        # Not durable: if a crash of the machine undoes the claim, the article is pending again, as it must be.
        with self._ledger.write(durable=False) as unit:
            article = unit.articles.claim(article_id, self._owner, now, LEASE_SECONDS)
            unit.commit()
        if article is None:
            return None
        try:
            with self._lease_kept(article_id):
                if article.text is None:
                    fetched, status = self._fetched(article)
                    if fetched is None:
                        return status
                    article = fetched
                coding = self._coder.code(Document(article.text or "", article.title, article.dated.date()))
                return self._record(article, coding)
        except Exception as error:
            self._give_back(article, error)
            raise

    def _fetched(self, article: Article) -> tuple[Article | None, str | None]:
        """(the article with its page's text, None), or (None, its new status)."""
        try:
            if self._pages is None or article.url is None:
                raise FetchFailed("it has no text, and there is nothing here that fetches", final=True)
            page = self._pages.read(article.url)
        except FetchFailed as error:
            return None, self._put_off(article, error)
        draft = filled(article, page)
        with self._ledger.write() as unit:
            first = unit.articles.fill(article.id, self._owner, draft, content_hash(draft))
            if first != article.id:
                unit.articles.finish(article.id, self._owner, "duplicate", f"the same as {first}", None)
            found = unit.articles.get(article.id)
            unit.commit()
        return (None, "duplicate") if first != article.id else (found, None)

    def _put_off(self, article: Article, error: FetchFailed) -> str:
        again = next_fetch(error, article.fetches + 1, self._clock.now())
        with self._ledger.write() as unit:
            if again is None:
                unit.articles.finish(article.id, self._owner, "failed", str(error), None)
            else:
                unit.articles.put_off(article.id, self._owner, str(error), again)
            unit.commit()
        return "failed" if again is None else "pending"

    def _record(self, article: Article, coding: Coding) -> str | None:
        now = self._clock.now()
        status = "coded" if coding.events else "rejected" if coding.reason == "language" else "no_events"
        likeness = self._likeness(article) if coding.events else None
        with self._ledger.write() as unit:
            events = _not_withdrawn(unit, coding.events)
            replacement = Replacement(unit, self._projector, article, events, likeness)
            if not unit.articles.finish(article.id, self._owner, status, coding.reason, coding):
                return None
            replacement.apply(coding.coder_version, now)
            unit.commit()
        self._projector.outdate(replacement.versions)
        return status

    def _likeness(self, article: Article) -> Likeness:
        """The article's like, looked for before anything is locked."""
        likeness = Likeness(article.id, article.text or "")
        with self._ledger.read() as unit:
            likeness.joined(unit.reprints)
        return likeness

    def _give_back(self, article: Article, error: Exception) -> None:
        """Release an article that raised an error; it is due again after a growing pause, or quarantined."""
        reason = f"{type(error).__name__}: {error}"[:500]
        pause = timedelta(seconds=5 * 4 ** (article.attempts - 1))
        with self._ledger.write() as unit:
            if article.attempts >= MAX_ATTEMPTS:
                unit.articles.finish(article.id, self._owner, "quarantined", reason, None)
            else:
                unit.articles.release(article.id, self._owner, reason, self._clock.now() + pause)
            unit.commit()

    @contextmanager
    def _lease_kept(self, article_id: str) -> Iterator[None]:
        """Renew the lease from a thread while the coder runs, so that it outlasts a long text."""
        done = threading.Event()

        def renew() -> None:
            while not done.wait(RENEW_SECONDS):
                with self._ledger.write(durable=False) as unit:
                    kept = unit.articles.renew(article_id, self._owner, self._clock.now(), LEASE_SECONDS)
                    unit.commit()
                if not kept:
                    return

        thread = threading.Thread(target=renew, name=f"lease-{article_id}", daemon=True)
        thread.start()
        try:
            yield
        finally:
            done.set()
            thread.join()


def _not_withdrawn(unit: UnitOfWork, events: Sequence[CodedEvent]) -> list[CodedEvent]:
    """The events without those that an analyst withdrew."""
    ids = [str(EventKey(e.source.party, e.target.party, e.act, e.status, e.period)) for e in events]
    withdrawn = unit.assertions.withdrawn(ids) if ids else set()
    return [event for id, event in zip(ids, events, strict=True) if id not in withdrawn]


def filled(article: Article, page: FetchedPage) -> ArticleDraft:
    """An article's data with its page's. Title, language and date as submitted take precedence."""
    published = article.published_at
    if published is None and page.published_on is not None:
        published = datetime.combine(page.published_on, time(), UTC)
    return ArticleDraft(
        publisher=article.publisher,
        text=page.text,
        url=page.url,
        title=article.title or page.title,
        language=article.language or page.language,
        published_at=published,
    )

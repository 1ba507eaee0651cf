"""Coding an article: claim it, read it, write down what it reports, and project the dyads it touches."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from entente.services.articles import Article, Coding, Document
from entente.services.ports import Clock, Coder, Dyad, Ledger
from entente.services.project import Projector

#: Seconds for which a claim holds unless renewed; a worker that dies is missed after that.
LEASE_SECONDS = 6.0
RENEW_SECONDS = 2.0

#: Claims after which an article that never gets finished is taken out of circulation.
MAX_ATTEMPTS = 3


class CodeArticles:
    """The worker's verb. Safe to run for one article from several places: the lease lets one of them through."""

    def __init__(self, ledger: Ledger, coder: Coder, projector: Projector, clock: Clock, owner: str) -> None:
        self._ledger = ledger
        self._coder = coder
        self._projector = projector
        self._clock = clock
        self._owner = owner

    def run(self, article_id: str) -> str | None:
        """Code one article; its final status, or None if another holds it or there is nothing to do."""
        now = self._clock.now()
        with self._ledger.write() as unit:
            article = unit.articles.claim(article_id, self._owner, now, LEASE_SECONDS)
            unit.commit()
        if article is None:
            return None
        try:
            with self._lease_kept(article_id):
                coding = self._read(article)
                return self._record(article, coding)
        except Exception as error:
            self._give_back(article, error)
            raise

    def _read(self, article: Article) -> Coding:
        if article.text is None:
            return Coding(language="und", coder_version=self._coder.version, reason="no_text")
        return self._coder.code(Document(article.text, article.title, article.dated.date()))

    def _record(self, article: Article, coding: Coding) -> str | None:
        now = self._clock.now()
        touched = {Dyad.of(e.source.entity, e.target.entity) for e in coding.events}
        status = "coded" if coding.events else "rejected" if coding.reason == "language" else "no_events"
        if coding.reason == "no_text":
            status = "failed"
        with self._ledger.write() as unit:
            if not unit.articles.finish(article.id, self._owner, status, coding.reason, coding):
                return None
            with self._projector.session(unit, touched | unit.mentions.dyads_of(article.id)) as projection:
                unit.mentions.retire(article.id, now)
                unit.mentions.record(article, coding.events, coding.coder_version, now)
                projection.fold(article.id, now)
            unit.commit()
        self._projector.refresh(projection.versions)
        return status

    def _give_back(self, article: Article, error: Exception) -> None:
        """Return an article that could not be coded; the sweeper offers it again after a growing pause."""
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
        """Renew the lease from a thread while the coder is at work, so that a long text is not taken for a death."""
        done = threading.Event()

        def renew() -> None:
            while not done.wait(RENEW_SECONDS):
                with self._ledger.write() as unit:
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

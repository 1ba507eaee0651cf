"""Leases of articles: the right of one worker to fetch or code an article."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta

from entente.services.articles import Article
from entente.services.errors import Unavailable
from entente.services.ports.ledger import Ledger
from entente.services.ports.system import Clock
from entente.services.ports.telemetry import NO_TELEMETRY, Telemetry

#: Seconds that a lease lasts unless renewed; after that the article of a dead worker is due again.
LEASE_SECONDS = 6.0
RENEW_SECONDS = 2.0

#: Claims after which an article that was never finished is quarantined.
MAX_ATTEMPTS = 3


class Leases:
    """Claim articles for `owner`, keep their leases, and give back those that raised an error."""

    def __init__(self, ledger: Ledger, clock: Clock, owner: str, telemetry: Telemetry = NO_TELEMETRY) -> None:
        self._telemetry = telemetry
        self._ledger = ledger
        self._clock = clock
        self._owner = owner

    def claim(self, article_id: str, *, with_text: bool) -> Article | None:
        """Lease a due article that has a text, or has none; None if it isn't due, or another worker has it."""
        now = self._clock.now()
        # Not durable: if a crash of the machine undoes the claim, the article is pending again, as it must be.
        with self._ledger.write(durable=False) as unit:
            article = unit.articles.claim(article_id, self._owner, now, LEASE_SECONDS, with_text=with_text)
            unit.commit()
        return article

    @contextmanager
    def kept(self, article: Article) -> Iterator[None]:
        """Renew the lease from a thread, so that it outlasts a long text or a slow page. An error gives it back."""
        done = threading.Event()

        def renew() -> None:
            while not done.wait(RENEW_SECONDS):
                kept = True  # as far as is known without an answer: the next try may be in time
                with suppress(Unavailable), self._ledger.write(durable=False) as unit:
                    kept = unit.articles.renew(article.id, self._owner, self._clock.now(), LEASE_SECONDS)
                    unit.commit()
                if not kept:
                    return

        thread = threading.Thread(target=renew, name=f"lease-{article.id}", daemon=True)
        thread.start()
        try:
            yield
        except Exception as error:
            self._give_back(article, error)
            raise
        finally:
            done.set()
            thread.join()

    def _give_back(self, article: Article, error: Exception) -> None:
        """Release an article that raised an error; it is due again after a growing pause, or quarantined."""
        reason = f"{type(error).__name__}: {error}"[:500]
        again = self._clock.now() + timedelta(seconds=5 * 4 ** (article.attempts - 1))
        spent = article.attempts >= MAX_ATTEMPTS
        with self._ledger.write() as unit:
            if spent:
                unit.articles.finish(article.id, self._owner, "quarantined", reason, None)
            else:
                unit.articles.release(article.id, self._owner, reason, again)
            unit.commit()
        if spent:
            self._telemetry.article_failed(article.id, "quarantined", reason)
        else:
            self._telemetry.attempt_failed(article.id, article.attempts, reason, again)

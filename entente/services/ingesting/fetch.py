"""Fetch the page of an article that has only a URL, so that it can be coded."""

from datetime import UTC, datetime, time

from entente.services.articles import Article, ArticleDraft
from entente.services.ingesting.ingest import content_hash
from entente.services.ingesting.leases import Leases
from entente.services.ingesting.pages import Pages, next_fetch
from entente.services.places import Places
from entente.services.ports.fetching import FetchedPage, FetchFailed
from entente.services.ports.ledger import Ledger
from entente.services.ports.queue import TaskQueue
from entente.services.ports.system import Clock
from entente.services.ports.telemetry import NO_TELEMETRY, Telemetry


class FetchArticles:
    """Fetch articles' pages. Several workers may try the same article: its lease admits one."""

    def __init__(
        self,
        ledger: Ledger,
        pages: Pages,
        places: Places,
        queue: TaskQueue,
        clock: Clock,
        owner: str,
        telemetry: Telemetry = NO_TELEMETRY,
    ) -> None:
        self._telemetry = telemetry
        self._ledger = ledger
        self._pages = pages
        self._places = places
        self._queue = queue
        self._clock = clock
        self._owner = owner
        self._leases = Leases(ledger, clock, owner, telemetry)

    def run(self, article_id: str) -> str | None:
        """Fetch one article's page and queue it to be coded; its new status, or None if there was nothing to fetch.

        An article whose host has no free place is put off without a claim.
        """
        with self._ledger.read() as unit:
            article = unit.articles.get(article_id)
        if article is None or article.text is not None:
            return None
        with self._places.take(article.url or "", failed_before=article.fetches > 0) as free:
            if not free:
                return self._put_off(article)
            claimed = self._leases.claim(article_id, with_text=False)
            if claimed is None:
                return None
            with self._leases.kept(claimed):
                status = self._fetch(claimed)
        return status

    def _put_off(self, article: Article) -> str | None:
        if article.status != "pending":
            return None
        turn = self._places.later(article.url or "", self._clock.now())
        # Not durable: if a crash undoes it, the article is simply tried sooner.
        with self._ledger.write(durable=False) as unit:
            unit.articles.delay(article.id, turn)
            unit.commit()
        return "pending"

    def _fetch(self, article: Article) -> str:
        try:
            page = self._pages.read(article.url or "")
        except FetchFailed as error:
            return self._failed(article, error)
        draft = filled(article, page)
        with self._ledger.write() as unit:
            first = unit.articles.fill(article.id, self._owner, draft, content_hash(draft))
            if first != article.id:
                unit.articles.finish(article.id, self._owner, "duplicate", f"the same as {first}", None)
            unit.commit()
        self._telemetry.page_fetched(article.id, None, None)
        if first != article.id:
            self._telemetry.article_failed(article.id, "duplicate", f"the same as {first}")
            return "duplicate"
        self._queue.code_article(article.id)
        return "pending"

    def _failed(self, article: Article, error: FetchFailed) -> str:
        again = next_fetch(error, article.fetches + 1, self._clock.now())
        with self._ledger.write() as unit:
            if again is None:
                unit.articles.finish(article.id, self._owner, "failed", str(error), None)
            else:
                unit.articles.put_off(article.id, self._owner, str(error), again)
            unit.commit()
        self._telemetry.page_fetched(article.id, str(error), again)
        if again is None:
            self._telemetry.article_failed(article.id, "failed", str(error))
        return "failed" if again is None else "pending"


def filled(article: Article, page: FetchedPage) -> ArticleDraft:
    """An article's data with its page's. Title, language and date as submitted take precedence."""
    published = article.published_at
    published_on = article.published_on if published else page.published_on
    if published is None and page.published_on is not None:
        published = datetime.combine(page.published_on, time(), UTC)
    return ArticleDraft(
        publisher=article.publisher,
        text=page.text,
        url=page.url,
        title=article.title or page.title,
        language=article.language or page.language,
        published_at=published,
        published_on=published_on,
    )

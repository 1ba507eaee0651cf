"""Fetch the page of an article that has only a URL, so that it can be coded."""

from dataclasses import replace
from datetime import UTC, datetime, time

from entente.services.articles import Article, ArticleDraft, published
from entente.services.ingesting.ingest import content_hash
from entente.services.ingesting.leases import Leases
from entente.services.ingesting.pages import Pages, next_fetch
from entente.services.ingesting.versions import Versions
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
        versions: Versions,
        telemetry: Telemetry = NO_TELEMETRY,
    ) -> None:
        self._telemetry = telemetry
        self._ledger = ledger
        self._pages = pages
        self._places = places
        self._queue = queue
        self._clock = clock
        self._owner = owner
        self._versions = versions
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
        with self._ledger.read() as unit:
            of_feed = unit.feeds.text_for(article.id)
        try:
            page = self._pages.read(article.url or "")
        except FetchFailed as error:
            again = next_fetch(error, article.fetches + 1, self._clock.now())
            if again is None and of_feed is not None:
                self._telemetry.page_fetched(article.id, str(error), None)
                return self._fill(article, replace(_as_received(article), text=of_feed))
            return self._failed(article, error, again)
        self._telemetry.page_fetched(article.id, None, None)
        draft = filled(article, page, self._clock.now())
        # A page that asks for consent or a subscription has less of the article than its feed.
        if of_feed is not None and len(of_feed) > len(page.text):
            draft = replace(draft, text=of_feed)
        return self._fill(article, draft)

    def _fill(self, article: Article, draft: ArticleDraft) -> str:
        proposed: list[str] = []
        draft = self._versions.dated(draft, self._clock.now())
        with self._ledger.write() as unit:
            judged = self._versions.judge(unit, draft, article.supersedes)
            first = judged.same_as
            if first is None:
                hashed = content_hash(draft)
                first = unit.articles.fill(article.id, self._owner, draft, hashed, judged.supersedes)
            if first == article.id:
                proposed = self._versions.propose(unit, article.id, judged, self._clock.now())
            else:
                unit.articles.finish(article.id, self._owner, "duplicate", f"the same as {first}", None)
            unit.commit()
        for id in proposed:
            self._telemetry.retraction_proposed(id, article.id)
        if first != article.id:
            self._telemetry.article_failed(article.id, "duplicate", f"the same as {first}")
            return "duplicate"
        self._queue.code_article(article.id)
        return "pending"

    def _failed(self, article: Article, error: FetchFailed, again: datetime | None) -> str:
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


def filled(article: Article, page: FetchedPage, now: datetime) -> ArticleDraft:
    """An article's data with its page's. Title, language and date as submitted take precedence."""
    draft = replace(
        _as_received(article),
        text=page.text,
        url=page.url,
        title=article.title or page.title,
        language=article.language or page.language,
    )
    if article.published_at is not None or page.published_on is None:
        return draft
    published_at, problem = published(datetime.combine(page.published_on, time(), UTC), now)
    published_on = page.published_on if problem is None else None
    return replace(draft, published_at=published_at, date_problem=problem, published_on=published_on)


def _as_received(article: Article) -> ArticleDraft:
    return ArticleDraft(
        article.publisher,
        article.text,
        article.url,
        article.title,
        article.language,
        article.published_at,
        article.date_problem,
        article.published_on if article.published_at else None,
    )

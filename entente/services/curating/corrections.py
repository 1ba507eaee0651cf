"""Corrections: retract articles, queue recodes, and preview what coding would change."""

import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from entente.relations.dyads import Dyad
from entente.relations.events import CodedEvent
from entente.relations.states import Change
from entente.services.articles import Article, ArticleDraft, Document
from entente.services.errors import Conflict, Invalid, NotFound
from entente.services.ports.coder import Coder
from entente.services.ports.ledger import Ledger, UnitOfWork
from entente.services.ports.queue import TaskQueue
from entente.services.ports.system import Clock, IdMaker
from entente.services.ports.telemetry import NO_TELEMETRY, Telemetry
from entente.services.projecting.projector import Projector
from entente.services.projecting.recording import Replacement

_MAX_REASON = 1000


@dataclass(frozen=True, slots=True)
class Correction:
    """Outcome or preview of a correction: coded events added (`come`) and removed (`gone`), and changes of facets.

    `reason`: why the coder found no events, if it found none.
    """

    come: Sequence[CodedEvent]
    gone: Sequence[CodedEvent]
    changes: Sequence[Change]
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Retraction:
    """What a retraction changed, and the new versions of the dyads that it moved. `is_new` False: it was one before."""

    outcome: Correction
    versions: Mapping[Dyad, int]
    is_new: bool


class Corrections:
    """Retract articles and queue recodes."""

    def __init__(
        self, ledger: Ledger, projector: Projector, queue: TaskQueue, telemetry: Telemetry = NO_TELEMETRY
    ) -> None:
        self._telemetry = telemetry
        self._ledger = ledger
        self._projector = projector
        self._queue = queue

    def retract(self, article_id: str, reason: str) -> Correction:
        """Retract an article and retire its mentions; nothing is deleted. Raises NotFound, Invalid (reason).

        The changes feed gets the changes and one row of kind "retraction". Idempotent.
        """
        check_reason(reason)
        with self._ledger.write() as unit:
            retraction = self.retract_within(unit, article_id, reason)
            unit.commit()
        self.retracted(article_id, retraction)
        return retraction.outcome

    def retract_within(self, unit: UnitOfWork, article_id: str, reason: str) -> Retraction:
        """Retract an article in a unit of work, for whose commit the caller calls `retracted`. Raises NotFound."""
        article = _article(unit, article_id)
        if article.status == "retracted":
            return Retraction(Correction((), (), ()), {}, is_new=False)
        # Before the article's row: a worker that is recording it takes them in this order too.
        unit.reprints.lock()
        unit.articles.retract(article_id, reason.strip())
        replacement = Replacement(unit, self._projector, article, (), reason="retracted")
        changes, at = replacement.apply("")
        unit.changes.append([_tombstone(at)], article_id, at, "retraction", "retracted")
        return Retraction(Correction((), replacement.gone, changes), replacement.versions, is_new=True)

    def retracted(self, article_id: str, retraction: Retraction) -> None:
        """Tell cache and telemetry of a retraction that was committed."""
        if retraction.is_new:
            self._projector.outdate(retraction.versions)
            self._telemetry.article_retracted(article_id, len(retraction.outcome.gone))

    def recode(self, article_id: str) -> None:
        """Queue an article to be coded again. Raises NotFound, Conflict (pending … or asserted)."""
        with self._ledger.write() as unit:
            article = _article(unit, article_id)
            if not unit.articles.requeue(article_id):
                raise Conflict(f"the article is {article.status}: it can't be coded again")
            unit.commit()
        self._telemetry.articles_requeued(1, "recode")
        ring = self._queue.fetch_article if article.text is None else self._queue.code_article
        ring(article_id)

    def every_article(self) -> Iterator[str]:
        """Ids of the articles that were coded, with or without events."""
        last = ""
        while True:
            with self._ledger.read() as unit:
                found = unit.articles.every(last)
            if not found:
                return
            yield from found
            last = found[-1]


class Previews:
    """Preview what coding would change, by coding in a unit of work that is rolled back."""

    def __init__(self, ledger: Ledger, coder: Coder, projector: Projector, clock: Clock, new_id: IdMaker) -> None:
        self._new_id = new_id
        self._ledger = ledger
        self._coder = coder
        self._projector = projector
        self._clock = clock
        # A coder is not thread-safe, and an API process has several threads.
        self._coding = threading.Lock()

    def recode(self, article_id: str) -> Correction:
        """Preview coding an article again. Raises NotFound, Conflict (retracted, superseded, no text)."""
        with self._ledger.read() as unit:
            article = _article(unit, article_id)
        if article.status in ("retracted", "superseded"):
            raise Conflict(f"the article is {article.status}: it can't be coded again")
        if article.text is None:
            raise Conflict(f"the article is {article.status}: there is no text to code")
        return self._outcome(article, article.document)

    def of_text(self, draft: ArticleDraft) -> Correction:
        """Preview ingesting a text as a new article. Raises Invalid (text)."""
        if draft.text is None:
            raise Invalid("text", "only a text can be tried; an address is fetched when it is taken in")
        id, now = self._new_id(), self._clock.now()
        dates = draft.published_at, draft.dated_on(now)
        article = Article(id, draft.publisher, None, draft.title, draft.text, None, *dates, now, id, "pending")
        return self._outcome(article, article.document)

    def _outcome(self, article: Article, document: Document) -> Correction:
        with self._coding:
            coding = self._coder.code(document)
        now = self._clock.now()
        # Left without a commit, so rolled back.
        with self._ledger.write() as unit:
            if unit.articles.get(article.id) is None:
                unit.articles.add(_draft(article), article.content_hash, article.id, now)
            gone = [mention.event for mention in unit.mentions.of_article(article.id)]
            changes, _ = Replacement(unit, self._projector, article, coding.events).apply(coding.coder_version)
        kept = [event for event in coding.events if event in gone]
        return Correction(
            [event for event in coding.events if event not in kept],
            [event for event in gone if event not in kept],
            changes,
            coding.reason,
        )


def check_reason(reason: str) -> None:
    """Raises Invalid (reason) for one that is empty or too long."""
    if not reason.strip() or len(reason) > _MAX_REASON:
        raise Invalid("reason", f"say why, in 1 to {_MAX_REASON} characters")


def _article(unit: UnitOfWork, article_id: str) -> Article:
    article = unit.articles.get(article_id)
    if article is None:
        raise NotFound("article", article_id)
    return article


def _draft(article: Article) -> ArticleDraft:
    dates = article.published_at, article.date_problem, article.published_on
    return ArticleDraft(article.publisher, article.text, None, article.title, None, *dates)


def _tombstone(now: datetime) -> Change:
    """The row of the changes feed for a retraction; its `article_id` names the article."""
    return Change("", "", "", "", "held", "", "retracted", now.date(), "", False)

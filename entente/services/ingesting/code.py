"""Code an article: claim it, code it, record its mentions, project its dyads."""

import time
from collections.abc import Sequence
from dataclasses import replace

from entente.relations.events import BY_ARTICLE, CodedEvent, EventKey
from entente.relations.periods import Period
from entente.relations.states import Change
from entente.services.articles import Article, Coding
from entente.services.ingesting.leases import Leases
from entente.services.ports.coder import Coder
from entente.services.ports.ledger import Ledger, UnitOfWork
from entente.services.ports.queue import TaskQueue
from entente.services.ports.system import Clock
from entente.services.ports.telemetry import NO_TELEMETRY, Telemetry
from entente.services.projecting.projector import Projector
from entente.services.projecting.recording import Replacement
from entente.services.projecting.reprints import Likeness


class CodeArticles:
    """Code articles. Several workers may try the same article: its lease admits one."""

    def __init__(
        self,
        ledger: Ledger,
        coder: Coder,
        projector: Projector,
        queue: TaskQueue,
        clock: Clock,
        owner: str,
        telemetry: Telemetry = NO_TELEMETRY,
    ) -> None:
        self._telemetry = telemetry
        self._ledger = ledger
        self._coder = coder
        self._projector = projector
        self._queue = queue
        self._owner = owner
        self._clock = clock
        self._leases = Leases(ledger, clock, owner, telemetry)

    def run(self, article_id: str) -> str | None:
        """Code one article; its new status, or None if it isn't due, or another worker has its lease.

        One that has only a URL is queued to be fetched first.
        """
        article = self._leases.claim(article_id, with_text=True)
        if article is None:
            self._queue_to_be_fetched(article_id)
            return None
        with self._leases.kept(article):
            return self._record(article, self._coded(article))

    def _coded(self, article: Article) -> Coding:
        began = time.monotonic()
        coding = self._coder.code(article.document)
        self._telemetry.coding_took(time.monotonic() - began)
        return coding

    def _queue_to_be_fetched(self, article_id: str) -> None:
        with self._ledger.read() as unit:
            article = unit.articles.get(article_id)
        if article is not None and article.status == "pending" and article.text is None:
            self._queue.fetch_article(article_id)

    def _record(self, article: Article, coding: Coding) -> str | None:
        status = "coded" if coding.events else "rejected" if coding.reason == "language" else "no_events"
        likeness = self._likeness(article) if coding.events else None
        with self._ledger.write() as unit:
            events = _not_withdrawn(unit, coding.events)
            # A page in another language, such as one that asks for consent, says nothing of the story.
            earlier = unit.articles.earlier_versions(article.id) if article.supersedes and status != "rejected" else []
            if earlier:
                _lock_versions(unit, earlier, likeness)
            replacement = Replacement(unit, self._projector, article, events, likeness, earlier)
            read_at = None if status == "rejected" else self._clock.now()
            if not unit.articles.finish(article.id, self._owner, status, coding.reason, coding, read_at):
                return None
            _, at = replacement.apply(coding.coder_version)
            gone, come = _difference(replacement.gone, events) if earlier else ((), ())
            if gone or come:
                told = Change("", "", "", "", "held", "", "superseded", at.date(), "", False)
                unit.changes.append([told], article.id, at, "correction", "corrected", earlier[0])
            unit.commit()
        self._projector.outdate(replacement.versions)
        self._telemetry.article_coded(article.id, status, events, coding.coder_version)
        if earlier:
            self._telemetry.article_corrected(article.id, earlier[0], len(gone), len(come))
        return status

    def _likeness(self, article: Article) -> Likeness:
        """The article's like, looked for before anything is locked."""
        likeness = Likeness(article)
        with self._ledger.read() as unit:
            likeness.joined(unit.reprints)
        return likeness


def _lock_versions(unit: UnitOfWork, earlier: Sequence[str], likeness: Likeness | None) -> None:
    """Supersede earlier versions, after the locks that every unit of work takes before articles' rows.

    A worker that is coding one of them has committed then, or finds its lease gone.
    """
    if likeness:
        unit.reprints.lock_bands(likeness.bands)
    unit.reprints.lock()
    unit.articles.supersede(earlier)


def _difference(old: Sequence[CodedEvent], new: Sequence[CodedEvent]) -> tuple[Sequence[EventKey], Sequence[EventKey]]:
    """What only the old events tell, and what only the new ones tell."""
    before, after = ({_key(event): None for event in events} for events in (old, new))
    return [key for key in before if key not in after], [key for key in after if key not in before]


def _key(event: CodedEvent) -> EventKey:
    return EventKey(event.source.party, event.target.party, event.act, event.status, event.period)


def _not_withdrawn(unit: UnitOfWork, events: Sequence[CodedEvent]) -> list[CodedEvent]:
    """The events without those that an analyst withdrew, or that would be grouped with one, were it still there."""
    keys = [_key(event) for event in events]
    ids = unit.assertions.withdrawn({(key.source, key.target, key.act, key.status) for key in keys})
    withdrawn = [EventKey.parse(id) for id in ids]
    return [
        event
        for key, event in zip(keys, events, strict=True)
        if not any(replace(key, period=gone.period) == gone and _is_told_by(event, gone.period) for gone in withdrawn)
    ]


def _is_told_by(event: CodedEvent, gone: Period | None) -> bool:
    """Whether an event withdrawn of that date is what this one tells: by the rules of relations/grouping/group.py."""
    told = event.period
    if told is None or gone is None or told == gone:
        return told == gone
    days = told.precision == gone.precision == "day"
    the_day_after = days and event.dated_by in BY_ARTICLE and (told.first - gone.first).days == 1
    return the_day_after or gone.within(told)

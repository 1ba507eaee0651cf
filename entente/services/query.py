"""Reading: relation records from the cache, else from the ledger; articles, changes and countries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from entente.relations.codebook import Codebook
from entente.relations.entities import Entities, Entity
from entente.relations.errors import RelationsError
from entente.relations.events import Event, Mention
from entente.relations.record import Relation
from entente.services.articles import Article
from entente.services.errors import NotFound, ServiceError
from entente.services.moments import moment
from entente.services.ports import (
    CachedRelation,
    CacheUnavailable,
    Clock,
    EventQuery,
    Ledger,
    RecordedChange,
    Renderer,
    StateCache,
)
from entente.services.relation_reads import pair
from entente.services.views import record


@dataclass(frozen=True, slots=True)
class ServedRelation:
    """A rendered record of source → target. `version` and `as_of` together name the state it shows, as ETags do."""

    source: str
    target: str
    body: bytes
    version: int
    as_of: date


@dataclass(frozen=True, slots=True)
class ArticleReport:
    """An article, what it reports, and what that changed."""

    article: Article
    mentions: Sequence[Mention]
    events: Sequence[Event]
    changes: Sequence[RecordedChange]


class Query:
    """Reads of what is one record. Codes of any scheme are accepted; UnknownEntity names the nearest."""

    def __init__(
        self,
        ledger: Ledger,
        cache: StateCache,
        renderer: Renderer,
        codebook: Codebook,
        entities: Entities,
        clock: Clock,
    ) -> None:
        self._ledger = ledger
        self._cache = cache
        self._renderer = renderer
        self._codebook = codebook
        self._entities = entities
        self._clock = clock

    def ready(self, source: str, target: str, at_least: int = 0) -> ServedRelation | None:
        """What `relation` answers of now, if it need not be made; else, and whatever is wrong with it, None."""
        try:
            one, other = pair(self._entities, source, target)
        except (RelationsError, ServiceError):
            return None
        return self._ready(one, other, self._clock.now().date(), at_least)

    def relation(
        self,
        source: str,
        target: str,
        as_of: date | None = None,
        known_at: date | datetime | None = None,
        at_least: int = 0,
    ) -> ServedRelation:
        """How source stands with target, rendered. From the cache when it is asked for now. Raises Invalid.

        `at_least` is a version that the client has seen: a cache that is behind it is passed by.
        """
        one, other = pair(self._entities, source, target)
        asked = moment(self._clock, as_of, known_at)
        if asked.is_now and (ready := self._ready(one, other, asked.as_of, at_least)):
            return ready
        made = self._record(one, other, asked.as_of, asked.known_at)
        entry = CachedRelation(self._renderer.relation(made), made.version)
        if asked.is_now:
            self._keep(one, other, asked.as_of, entry)
        return ServedRelation(one, other, entry.body, entry.version, asked.as_of)

    def dyad(
        self,
        a: str,
        b: str,
        as_of: date | None = None,
        known_at: date | datetime | None = None,
        at_least: int = 0,
    ) -> tuple[ServedRelation, ServedRelation]:
        """Both directions, which are projected together and so have one version."""
        return self.relation(a, b, as_of, known_at, at_least), self.relation(b, a, as_of, known_at, at_least)

    def relation_record(
        self, source: str, target: str, as_of: date | None = None, known_at: date | datetime | None = None
    ) -> Relation:
        """The record as a domain object, always from the ledger."""
        one, other = pair(self._entities, source, target)
        asked = moment(self._clock, as_of, known_at)
        return self._record(one, other, asked.as_of, asked.known_at)

    def article(self, article_id: str) -> ArticleReport:
        """An article with its mentions, their events and the changes it made. Raises NotFound."""
        with self._ledger.read() as unit:
            article = unit.articles.get(article_id)
            if article is None:
                raise NotFound("article", article_id)
            mentions = unit.mentions.of_article(article_id)
            # No article reports more events than it has mentions.
            events = unit.events.search(EventQuery(article_id=article_id), None, max(1, len(mentions))).items
            changes = unit.projection.changes_of(article_id)
        return ArticleReport(article, mentions, events, changes)

    def changes(self, after: int = 0, limit: int = 100) -> list[RecordedChange]:
        """The changes feed from the number after `after` on, in order and without gaps."""
        with self._ledger.read() as unit:
            return unit.projection.changes(after, limit)

    def country(self, code: str) -> Entity:
        """The entity that a code of any scheme or a name means. Raises UnknownEntity."""
        return self._entities.resolve(code)

    def countries(self) -> list[Entity]:
        """Every entity that is known, countries first, by key."""
        return sorted(self._entities, key=lambda entity: (not entity.is_country, entity.key))

    def _record(self, source: str, target: str, day: date, known_at: datetime | None) -> Relation:
        with self._ledger.read() as unit:
            return record(unit, source, target, day, self._codebook, known_at)

    def _ready(self, source: str, target: str, today: date, at_least: int) -> ServedRelation | None:
        cached = self._cached(source, target, today)
        if cached and cached.version >= at_least:
            return ServedRelation(source, target, cached.body, cached.version, today)
        return None

    def _cached(self, source: str, target: str, day: date) -> CachedRelation | None:
        try:
            return self._cache.get(source, target, day)
        except CacheUnavailable:
            return None

    def _keep(self, source: str, target: str, day: date, entry: CachedRelation) -> None:
        try:
            self._cache.put(source, target, day, entry)
        except CacheUnavailable:
            return

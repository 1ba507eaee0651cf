"""Reading: relations from the cache, else from the ledger; events, articles and countries from the ledger."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from entente.relations.codebook import Codebook
from entente.relations.entities import Entities, Entity
from entente.relations.events import Event, EventKey, Mention
from entente.relations.grouping import group_mentions, locate
from entente.relations.record import Relation, relation_of
from entente.relations.states import Interval
from entente.services.articles import Article
from entente.services.errors import Invalid, NotFound
from entente.services.ports import (
    CachedRelation,
    CacheUnavailable,
    Clock,
    Dyad,
    EventQuery,
    Ledger,
    Page,
    RecordedChange,
    Renderer,
    StateCache,
)


@dataclass(frozen=True, slots=True)
class ServedRelation:
    """A rendered record. `version` and `as_of` together name the state it shows (an ETag's two parts)."""

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
    """Every read of the system. Codes of any scheme are accepted; UnknownEntity names the nearest."""

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

    def relation(self, source: str, target: str, as_of: date | None = None) -> ServedRelation:
        """How source stands with target, rendered. From the cache when it is asked for today. Raises Invalid."""
        one, other = self._pair(source, target)
        day, is_today = self._day(as_of)
        if is_today:
            cached = self._cached(one, other, day)
            if cached:
                return ServedRelation(cached.body, cached.version, day)
        record = self._record(one, other, day)
        entry = CachedRelation(self._renderer.relation(record), record.version)
        if is_today:
            self._keep(one, other, day, entry)
        return ServedRelation(entry.body, entry.version, day)

    def dyad(self, a: str, b: str, as_of: date | None = None) -> tuple[ServedRelation, ServedRelation]:
        """Both directions."""
        return self.relation(a, b, as_of), self.relation(b, a, as_of)

    def relation_record(self, source: str, target: str, as_of: date | None = None) -> Relation:
        """The record as a domain object, always from the ledger."""
        one, other = self._pair(source, target)
        return self._record(one, other, self._day(as_of)[0])

    def history(self, source: str, target: str, facet: str | None = None) -> list[Interval]:
        """Every interval of one direction, in order of facet and start. Raises UnknownFacet."""
        one, other = self._pair(source, target)
        if facet is not None:
            self._codebook.facet(facet)
        with self._ledger.read() as unit:
            intervals = unit.projection.states(Dyad.of(one, other))
        return [i for i in intervals if (i.source, i.target) == (one, other) and (facet is None or i.facet == facet)]

    def events(self, query: EventQuery, after: tuple[str, ...] | None = None, limit: int = 50) -> Page[Event]:
        """A page of events, newest first."""
        with self._ledger.read() as unit:
            return unit.events.search(query, after, limit)

    def event(self, event_id: str) -> Event:
        """The event that now holds what this id named. Raises NotFound, MalformedEventId."""
        key = EventKey.parse(event_id)
        dyad = Dyad.of(key.source.partition(":")[0], key.target.partition(":")[0])
        with self._ledger.read() as unit:
            found = locate(event_id, group_mentions(unit.mentions.of_dyad(dyad)))
        if found is None:
            raise NotFound("event", event_id)
        return found

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

    def _pair(self, source: str, target: str) -> tuple[str, str]:
        one, other = self._entities.resolve(source), self._entities.resolve(target)
        if one.key == other.key:
            raise Invalid("target", f"{source!r} and {target!r} are both {one.name}: a relation needs two")
        return one.key, other.key

    def _day(self, as_of: date | None) -> tuple[date, bool]:
        """The day asked for, and whether it is today."""
        today = self._clock.now().date()
        if as_of is not None and as_of > today:
            raise Invalid("as_of", f"{as_of} lies in the future: today is {today} (UTC)")
        return as_of or today, as_of in (None, today)

    def _record(self, source: str, target: str, day: date) -> Relation:
        with self._ledger.read() as unit:
            version = unit.projection.version(Dyad.of(source, target))
            past = unit.projection.past(source, target, day)
        return relation_of(source, target, past, self._codebook, day, version)

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

"""Looking up what has an id or a code: articles, changes, countries."""

from collections.abc import Sequence
from dataclasses import dataclass

from entente.relations.entities import Entities, Entity
from entente.relations.events import Event, Mention
from entente.services.articles import Article
from entente.services.errors import NotFound
from entente.services.ports.changes import RecordedChange
from entente.services.ports.events import EventQuery
from entente.services.ports.ledger import Ledger


@dataclass(frozen=True, slots=True)
class ArticleReport:
    """An article, what it reports, and what that changed."""

    article: Article
    mentions: Sequence[Mention]
    events: Sequence[Event]
    changes: Sequence[RecordedChange]


class Lookups:
    """Reads by id or code. Codes of any scheme are accepted; UnknownEntity names the nearest."""

    def __init__(self, ledger: Ledger, entities: Entities) -> None:
        self._ledger = ledger
        self._entities = entities

    def article(self, article_id: str) -> ArticleReport:
        """An article with its mentions, their events and the changes it made. Raises NotFound."""
        with self._ledger.read() as unit:
            article = unit.articles.get(article_id)
            if article is None:
                raise NotFound("article", article_id)
            mentions = unit.mentions.of_article(article_id)
            # No article reports more events than it has mentions.
            events = unit.events.search(EventQuery(article_id=article_id), None, max(1, len(mentions))).items
            changes = unit.changes.of_article(article_id)
        return ArticleReport(article, mentions, events, changes)

    def changes(self, after: int = 0, limit: int = 100) -> list[RecordedChange]:
        """The changes feed from the number after `after` on, in order and without gaps."""
        with self._ledger.read() as unit:
            return unit.changes.after(after, limit)

    def country(self, code: str) -> Entity:
        """The entity that a code of any scheme or a name means. Raises UnknownEntity."""
        return self._entities.resolve(code)

    def countries(self) -> list[Entity]:
        """Every entity that is known, countries first, by key."""
        return sorted(self._entities, key=lambda entity: (not entity.is_country, entity.key))

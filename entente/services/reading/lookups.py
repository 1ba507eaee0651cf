"""Lookups: articles by id, changes by number, countries by code."""

from collections.abc import Iterable, Sequence
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
    """An article with its mentions, their events, and the changes that it caused; `superseded_by`: its next version."""

    article: Article
    mentions: Sequence[Mention]
    events: Sequence[Event]
    changes: Sequence[RecordedChange]
    superseded_by: str | None = None


class Lookups:
    """Reads by id, number or code. Codes of any scheme and names are accepted."""

    def __init__(self, ledger: Ledger, entities: Entities) -> None:
        self._ledger = ledger
        self._entities = entities

    def article(self, article_id: str) -> ArticleReport:
        """An article's report. Raises NotFound."""
        with self._ledger.read() as unit:
            article = unit.articles.get(article_id)
            if article is None:
                raise NotFound("article", article_id)
            mentions = unit.mentions.of_article(article_id)
            # An article has at most as many events as mentions.
            events = unit.events.search(EventQuery(article_id=article_id), None, max(1, len(mentions))).items
            changes = unit.changes.of_article(article_id)
            later = unit.articles.superseded_by(article_id)
        return ArticleReport(article, mentions, events, changes, later)

    def articles(self, ids: Iterable[str]) -> dict[str, Article]:
        """The articles of these ids that there are, by id."""
        with self._ledger.read() as unit:
            return {id: article for id in dict.fromkeys(ids) if (article := unit.articles.get(id))}

    def changes(self, after: int = 0, limit: int = 100, unconfirmed: str = "include") -> list[RecordedChange]:
        """Up to `limit` changes numbered above `after`, in order; without gaps if `unconfirmed` is "include".

        "exclude" leaves out changes of unconfirmed values, "only" all others.
        """
        with self._ledger.read() as unit:
            return unit.changes.after(after, limit, unconfirmed)

    def country(self, code: str) -> Entity:
        """The entity of a code of any scheme or a name. Raises UnknownEntity, with the nearest names."""
        return self._entities.resolve(code)

    def countries(self) -> list[Entity]:
        """All entities, countries first, by key."""
        return sorted(self._entities, key=lambda entity: (not entity.is_country, entity.key))

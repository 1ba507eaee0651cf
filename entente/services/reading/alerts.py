"""AlertReads: tell changes in words, with the sentence that reports each."""

from collections.abc import Sequence

from entente.relations.dyads import Dyad, entity_of
from entente.relations.entities import Entities
from entente.relations.errors import MalformedEventId
from entente.relations.events import EventKey, Mention
from entente.services.ports.alerts import Alert
from entente.services.ports.changes import RecordedChange
from entente.services.ports.events import EventQuery
from entente.services.ports.ledger import Ledger, UnitOfWork
from entente.services.ports.wants import Wants

#: Events of one act of a pair among which that of a change is looked for.
_EVENTS = 100


class AlertReads:
    """Reads of changes as alerts."""

    def __init__(self, ledger: Ledger, entities: Entities) -> None:
        self._ledger = ledger
        self._entities = entities

    def newest(self, filters: Wants, limit: int) -> list[Alert]:
        """The newest changes of facets that pass the filters, newest first."""
        with self._ledger.read() as unit:
            return [self._alert(unit, recorded) for recorded in unit.changes.newest(filters, limit)]

    def of(self, numbers: Sequence[int]) -> list[Alert]:
        """The changes of these numbers, in order."""
        with self._ledger.read() as unit:
            return [self._alert(unit, unit.changes.after(number - 1, 1)[0]) for number in sorted(numbers)]

    def _alert(self, unit: UnitOfWork, recorded: RecordedChange) -> Alert:
        if recorded.kind != "facet":
            return _of_article(unit, recorded)
        change, told = recorded.change, _mention(unit, recorded)
        article = unit.articles.get(told.article_id) if told else None
        source, target = entity_of(change.source), entity_of(change.target)
        return Alert(
            recorded,
            f"{self._entities.name(source)} → {self._entities.name(target)}: {_what(recorded)}",
            f"from {_words(change.before)} to {_words(change.after)}",
            change.effective_on,
            told.event.quote.text if told else "",
            told.publisher if told else "",
            (article.title if article else None) or "",
            _web((article.url if article else None) or ""),
            f"/v1/relations/{source}/{target}",
        )


def _of_article(unit: UnitOfWork, recorded: RecordedChange) -> Alert:
    """The alert of a retraction or correction."""
    article = unit.articles.get(recorded.article_id or "")
    done = "retracted" if recorded.kind == "retraction" else "corrected"
    publisher, title, url = (article.publisher, article.title, article.url) if article else ("", None, None)
    headline = f"An article of {publisher or 'an unknown publisher'} was {done}"
    path = f"/v1/articles/{recorded.article_id}"
    return Alert(recorded, headline, "", None, "", publisher, title or "", _web(url or ""), path)


def _what(recorded: RecordedChange) -> str:
    """`sanctions (arms): in force (pending), because an article was retracted`."""
    change = recorded.change
    item = f" ({_words(change.item)})" if change.item else ""
    standing = "" if change.standing == "held" else f" ({change.standing})"
    because = f", because an article was {recorded.reason}" if recorded.reason else ""
    return f"{_words(change.facet)}{item}: {_words(change.after)}{standing}{because}"


def _web(url: str) -> str:
    """The URL if a browser may be sent there, else nothing."""
    return url if url.startswith(("http://", "https://")) else ""


def _words(name: str) -> str:
    return name.replace("_", " ")


def _mention(unit: UnitOfWork, recorded: RecordedChange) -> Mention | None:
    """The mention that reports a change: its own article's, or else the first of its event."""
    try:
        key = EventKey.parse(recorded.change.event)
    except MalformedEventId:
        return None  # a removed interval has no event, and a state fact is none
    if recorded.article_id:
        own = unit.mentions.of_article(recorded.article_id)
        same = [m for m in own if m.key == (key.source, key.target, key.act, key.status)]
        if same:
            return max(same, key=lambda mention: (mention.event.period == key.period, mention.event.confidence))
    dyad = Dyad.of_parties(key.source, key.target)
    query = EventQuery(dyad=dyad, acts=[key.act], statuses=[key.status])
    found = unit.events.search(query, None, _EVENTS).items
    return next((event.mentions[0] for event in found if event.id == recorded.change.event and event.mentions), None)

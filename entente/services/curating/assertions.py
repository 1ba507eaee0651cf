"""Assertions: analysts record that an event happened, or that a reported one did or did not.

An asserted or confirmed event gets an article and a mention of its own, so its history and evidence are like those of
any other.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from entente.relations.codebook import Codebook
from entente.relations.dyads import Dyad
from entente.relations.entities import Entities
from entente.relations.errors import MalformedEventId
from entente.relations.events import Actor, CodedEvent, Event, EventKey, Span
from entente.relations.grouping.group import group_mentions, locate
from entente.relations.periods import Period
from entente.relations.states import Change
from entente.services.articles import ASSERTED, Article, ArticleDraft, Coding
from entente.services.errors import Conflict, Contradiction, NotFound
from entente.services.ingesting.ingest import content_hash
from entente.services.ports.assertions import Assertion
from entente.services.ports.ledger import Ledger, UnitOfWork
from entente.services.ports.system import Clock, IdMaker
from entente.services.projecting.projector import Projector
from entente.services.projecting.reprints import ReprintGroups, credit

_OWNER = "analyst"
_LEASE_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Entered:
    """A recorded assertion, and the changes that it caused."""

    assertion: Assertion
    changes: Sequence[Change]


@dataclass(frozen=True, slots=True)
class Decided:
    """Recorded confirmations and rejections, in the order in which they were given, and all changes they caused."""

    assertions: Sequence[Assertion]
    changes: Sequence[Change]


@dataclass(frozen=True, slots=True)
class Signature:
    """Author, reason and reference of an assertion."""

    author: str
    reason: str
    reference: str | None = None


class Assertions:
    """Record and list analysts' assertions."""

    def __init__(
        self,
        ledger: Ledger,
        projector: Projector,
        codebook: Codebook,
        entities: Entities,
        clock: Clock,
        new_id: IdMaker,
    ) -> None:
        self._ledger = ledger
        self._projector = projector
        self._codebook = codebook
        self._entities = entities
        self._clock = clock
        self._new_id = new_id

    def enter(
        self, by: Signature, source: str, target: str, act: str, status: str = "effective", when: Period | None = None
    ) -> Entered:
        """Record that `source` did `act` to `target`. Codes of any scheme and names are accepted.

        Raises UnknownEntity, UnknownAct, Contradiction (source and target are one), Conflict (entered before).
        """
        one, other = self._entities.resolve(source).key, self._entities.resolve(target).key
        if one == other:
            raise Contradiction("target", "source and target are the same")
        key = EventKey(one, other, act, status, when)
        event = self._told(by, key)
        with self._ledger.write() as unit:
            article = self._stored(unit, by, event)
            with self._projector.session(unit, [Dyad.of(one, other)]) as projection:
                self._mention(unit, article, event, projection.at)
                changes = projection.fold(article.id, projection.at)
            made = self._noted(unit, by, "assert", str(key), article.id, projection.at)
            unit.commit()
        self._projector.outdate(projection.versions)
        return Entered(made, changes)

    def confirm(self, by: Signature, event_id: str) -> Entered:
        """Record that a reported event happened as it is coded: it is then above any floor.

        Raises NotFound, MalformedEventId, Conflict (confirmed by that author for the same reason before).
        """
        return self._one(by, "confirm", event_id)

    def reject(self, by: Signature, event_id: str) -> Entered:
        """Record that a reported event is not as it is coded; it is withdrawn. Raises NotFound, MalformedEventId."""
        return self._one(by, "reject", event_id)

    def decide(self, by: Signature, confirm: Sequence[str], reject: Sequence[str]) -> Decided:
        """Confirm and reject events, all or none.

        Raises NotFound with the place of the event that is gone (`confirm.0`), Contradiction (of one event both),
        Conflict.
        """
        given = [*(("confirm", id) for id in confirm), *(("reject", id) for id in reject)]
        places = [*(f"confirm.{n}" for n in range(len(confirm))), *(f"reject.{n}" for n in range(len(reject)))]
        with self._ledger.read() as unit:
            kinds: dict[str, str] = {}
            for (kind, id), place in zip(given, places, strict=True):
                found = _if_there(unit, id)
                if found is None:
                    raise NotFound("event", id, place)
                if kinds.setdefault(found.id, kind) != kind:
                    raise Contradiction(place, f"{id!r} can't be confirmed and rejected at once")
        return self._decide(by, [(kind, id) for id, kind in kinds.items()])

    def withdraw(self, by: Signature, event_id: str) -> Entered:
        """Record that a reported event did not happen. Retires its mentions; later ones of it are not recorded.

        Raises NotFound, MalformedEventId.
        """
        return self._one(by, "withdraw", event_id)

    def _one(self, by: Signature, kind: str, event_id: str) -> Entered:
        made = self._decide(by, [(kind, event_id)])
        return Entered(made.assertions[0], made.changes)

    def _decide(self, by: Signature, decisions: Sequence[tuple[str, str]]) -> Decided:
        """Record (kind, event id) of events that are reported, in one unit of work."""
        gone = [id for kind, id in decisions if kind != "confirm"]
        with self._ledger.write() as unit:
            unit.reprints.lock()
            reprints = ReprintGroups(unit).leave(_silenced(unit, [_located(unit, id) for id in gone]))
            stored: dict[str, tuple[CodedEvent, Article]] = {}
            for kind, id in decisions:
                if kind == "confirm":
                    event = self._as_reported(by, _located(unit, id))
                    stored[id] = event, self._stored(unit, by, event)
            touched = {dyad for id in reprints for dyad in unit.mentions.dyads_of(id)}
            with self._projector.session(unit, {*(_dyad(id) for _, id in decisions), *touched}) as projection:
                made = []
                for kind, id in decisions:
                    # Again: what came since the lock of the reprints belongs to no group, but to the event.
                    found, article = _located(unit, id), None
                    if kind == "confirm":
                        event, article = stored[id]
                        self._mention(unit, article, event, projection.at)
                    else:
                        unit.mentions.retire_some([mention.id for mention in found.mentions], projection.at)
                    noted = (found.id, article.id if article else None, projection.at)
                    made.append(self._noted(unit, by, kind, *noted))
                credit(unit, self._projector.publishers, reprints, projection.at)
                changes = projection.fold(None, projection.at)
            unit.commit()
        self._projector.outdate(projection.versions)
        return Decided(made, changes)

    def _told(self, by: Signature, key: EventKey, context: tuple[str, ...] = ()) -> CodedEvent:
        """The event of a key as the analyst tells it."""
        source, target = (self._actor(party) for party in (key.source, key.target))
        sentence = f"{source.text} {self._codebook.act(key.act).gloss} {target.text}"
        text = f"{sentence} ({key.status}, {key.period.label if key.period else 'undated'}): {by.reason}"
        return CodedEvent(
            source,
            target,
            key.act,
            key.status,
            key.period,
            "text" if key.period else "none",
            1.0,
            Span("text", 0, len(text), text),
            Span("text", 0, len(sentence), sentence),
            context,
        )

    def _as_reported(self, by: Signature, event: Event) -> CodedEvent:
        key = EventKey(event.source, event.target, event.act, event.status, event.period)
        return self._told(by, key, event.fact.context)

    def _actor(self, party: str) -> Actor:
        entity, _, sector = party.partition(":")
        return Actor(entity, sector, self._entities.name(entity))

    def _stored(self, unit: UnitOfWork, by: Signature, event: CodedEvent) -> Article:
        """Store the article of what an analyst tells, as coded. Raises Conflict."""
        now, id = self._clock.now(), self._new_id()
        draft = ArticleDraft(f"analyst: {by.author}", event.quote.text, by.reference, "Assertion", "en", now)
        if not unit.articles.add(draft, content_hash(draft), id, now)[1]:
            raise Conflict("that author has entered the same for the same reason before")
        article = unit.articles.claim(id, _OWNER, now, _LEASE_SECONDS)
        assert article is not None
        unit.articles.finish(id, _OWNER, "coded", None, Coding("en", ASSERTED, (event,)), now)
        return article

    def _mention(self, unit: UnitOfWork, article: Article, event: CodedEvent, at: datetime) -> None:
        owner = self._projector.publishers.owner_of(article.publisher)
        unit.mentions.record(article, [event], ASSERTED, at, owner)

    def _noted(
        self, unit: UnitOfWork, by: Signature, kind: str, event_id: str, article_id: str | None, at: datetime
    ) -> Assertion:
        made = Assertion(self._new_id(), by.author, by.reason, by.reference, kind, event_id, article_id, at)
        unit.assertions.add(made)
        return made

    def list(self, after: str = "", limit: int = 100) -> Sequence[Assertion]:
        """Up to `limit` assertions after this id, in order of id."""
        with self._ledger.read() as unit:
            return unit.assertions.list(after, limit)


def _dyad(event_id: str) -> Dyad:
    key = EventKey.parse(event_id)
    return Dyad.of_parties(key.source, key.target)


def _located(unit: UnitOfWork, event_id: str) -> Event:
    """The event that the id named when it was given out. Raises NotFound, MalformedEventId."""
    event = locate(event_id, group_mentions(unit.mentions.of_dyad(_dyad(event_id))))
    if event is None:
        raise NotFound("event", event_id)
    return event


def _if_there(unit: UnitOfWork, event_id: str) -> Event | None:
    try:
        return _located(unit, event_id)
    except (NotFound, MalformedEventId):
        return None


def _silenced(unit: UnitOfWork, events: Iterable[Event]) -> set[str]:
    """Ids of the articles that report nothing but these events."""
    mentions = [mention for event in events for mention in event.mentions]
    told = {mention.id for mention in mentions}
    articles = {mention.article_id for mention in mentions}
    return {id for id in articles if {mention.id for mention in unit.mentions.of_article(id)} <= told}

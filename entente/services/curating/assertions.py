"""Assertions: analysts record that an event happened, or that a reported one did not.

An asserted event gets an article and a mention of its own, so its history and evidence are like those of any other.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from entente.relations.codebook import Codebook
from entente.relations.dyads import Dyad
from entente.relations.entities import Entities
from entente.relations.events import Actor, CodedEvent, Event, EventKey, Span
from entente.relations.grouping.group import group_mentions, locate
from entente.relations.periods import Period
from entente.relations.states import Change
from entente.services.articles import ASSERTED, ArticleDraft, Coding
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
        gloss = self._codebook.act(act).gloss
        sentence = f"{self._entities.name(one)} {gloss} {self._entities.name(other)}"
        text = f"{sentence} ({status}, {when.label if when else 'undated'}): {by.reason}"
        now = self._clock.now()
        event = CodedEvent(
            Actor(one, "", self._entities.name(one)),
            Actor(other, "", self._entities.name(other)),
            act,
            status,
            when,
            "text" if when else "none",
            1.0,
            Span("text", 0, len(text), text),
            Span("text", 0, len(sentence), sentence),
        )
        draft = ArticleDraft(f"analyst: {by.author}", text, by.reference, "Assertion", "en", now)
        id = self._new_id()
        with self._ledger.write() as unit:
            if not unit.articles.add(draft, content_hash(draft), id, now)[1]:
                raise Conflict("that author has entered the same for the same reason before")
            article = unit.articles.claim(id, _OWNER, now, _LEASE_SECONDS)
            assert article is not None
            unit.articles.finish(id, _OWNER, "coded", None, Coding("en", ASSERTED, (event,)))
            with self._projector.session(unit, [Dyad.of(one, other)]) as projection:
                owner = self._projector.publishers.owner_of(article.publisher)
                unit.mentions.record(article, [event], ASSERTED, projection.at, owner)
                changes = projection.fold(id, projection.at)
            key = EventKey(one, other, act, status, when)
            made = Assertion(self._new_id(), by.author, by.reason, by.reference, "assert", str(key), id, projection.at)
            unit.assertions.add(made)
            unit.commit()
        self._projector.outdate(projection.versions)
        return Entered(made, changes)

    def withdraw(self, by: Signature, event_id: str) -> Entered:
        """Record that a reported event did not happen. Retires its mentions; later ones of it are not recorded.

        Raises NotFound, MalformedEventId.
        """
        with self._ledger.write() as unit:
            unit.reprints.lock()
            reprints = ReprintGroups(unit).leave(_silenced(unit, _located(unit, event_id)))
            touched = {dyad for id in reprints for dyad in unit.mentions.dyads_of(id)}
            with self._projector.session(unit, {_dyad(event_id), *touched}) as projection:
                # Again: what came since the lock of the reprints belongs to no group, but to the event.
                event = _located(unit, event_id)
                unit.mentions.retire_some([mention.id for mention in event.mentions], projection.at)
                credit(unit, self._projector.publishers, reprints, projection.at)
                changes = projection.fold(None, projection.at)
            entered = (by.author, by.reason, by.reference, "withdraw", event.id, None, projection.at)
            made = Assertion(self._new_id(), *entered)
            unit.assertions.add(made)
            unit.commit()
        self._projector.outdate(projection.versions)
        return Entered(made, changes)

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


def _silenced(unit: UnitOfWork, event: Event) -> set[str]:
    """Ids of the articles that report nothing but this event."""
    told = {mention.id for mention in event.mentions}
    articles = {mention.article_id for mention in event.mentions}
    return {id for id in articles if {mention.id for mention in unit.mentions.of_article(id)} <= told}

"""Events as they were known at a time, or to the press by a day: grouped anew from the mentions, a dyad at a time."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from entente.relations.dyads import Dyad, entity_of
from entente.relations.events import Event
from entente.relations.grouping.group import group_mentions
from entente.services.ports.event_tables import TabledEvents
from entente.services.ports.events import EventQuery, Unconfirmed
from entente.services.ports.ledger import Ledger
from entente.services.reading.clocks import ReadClocks


def past_events(ledger: Ledger, query: EventQuery, clocks: ReadClocks) -> Iterator[list[Event]]:
    """Yield the matching events of each dyad that has any, newest first; dyads by their keys.

    `query.words` is not looked at: the index of quotes is of what is known now.
    """
    for dyad in _dyads(ledger, query):
        with ledger.read() as unit:
            events = group_mentions(unit.mentions.of_dyad(dyad, clocks.known_at, clocks.published_by))
        found = [event for event in events if fits(event, query)]
        if found:
            yield sorted(found, key=lambda event: (event.starts_on, event.id), reverse=True)


def fits(event: Event, query: EventQuery) -> bool:
    """True if an event passes every filter but `words`, as it does where the ledger filters what it has stored."""
    return (
        _is_party(event.source, query.source)
        and _is_party(event.target, query.target)
        and query.dyad in (None, Dyad.of_parties(event.source, event.target))
        and (query.acts is None or event.act in query.acts)
        and (query.statuses is None or event.status in query.statuses)
        and (query.starts_from is None or event.starts_on >= query.starts_from)
        and (query.starts_to is None or event.starts_on <= query.starts_to)
        and (query.article_id is None or any(m.article_id == query.article_id for m in event.mentions))
        and (query.min_confidence is None or event.confidence >= query.min_confidence)
        and (query.kinds is None or (event.act, event.status) in query.kinds)
        and (query.recorded_since is None or _last_recorded(event) >= query.recorded_since)
        and (query.unconfirmed is None or _is_unconfirmed(event, query.unconfirmed) == query.unconfirmed.wanted)
    )


def tabled(events: Sequence[Event]) -> TabledEvents:
    """Events as columns, in their order."""
    best = [event.mentions[0] for event in events]
    return TabledEvents(
        id=[event.id for event in events],
        source=[event.source for event in events],
        target=[event.target for event in events],
        act=[event.act for event in events],
        status=[event.status for event in events],
        first_day=[event.period.first.isoformat() if event.period else None for event in events],
        precision=[event.period.precision if event.period else None for event in events],
        dated_by=[event.dated_by for event in events],
        known_by=[event.known_by.isoformat() for event in events],
        confidence=[event.confidence for event in events],
        n_mentions=[event.n_mentions for event in events],
        n_sources=[event.n_sources for event in events],
        n_articles=[len({mention.article_id for mention in event.mentions}) for event in events],
        coders=[sorted({mention.coder_version for mention in event.mentions}) for event in events],
        first_recorded_at=[min(mention.recorded_at for mention in event.mentions) for event in events],
        source_sector=[mention.event.source.sector for mention in best],
        target_sector=[mention.event.target.sector for mention in best],
        source_text=[mention.event.source.text for mention in best],
        target_text=[mention.event.target.text for mention in best],
        quote=[mention.event.quote.text for mention in best],
        contexts=[list(mention.event.context) for mention in best],
        article=[mention.article_id for mention in best],
        publisher=[mention.publisher for mention in best],
        published_on=[mention.published_on.isoformat() for mention in best],
        coder=[mention.coder_version for mention in best],
    )


def _dyads(ledger: Ledger, query: EventQuery) -> Sequence[Dyad]:
    """The dyads that may have a matching event, also those of which everything has been retracted since."""
    source, target = (entity_of(party) if party else None for party in (query.source, query.target))
    if query.dyad is not None:
        return [query.dyad]
    if source and target:
        return [Dyad.of(source, target)] if source != target else []
    with ledger.read() as unit:
        every = list(unit.dyads.every())
    one = source or target
    return [dyad for dyad in every if one is None or one in (dyad.a, dyad.b)]


def _is_party(party: str, wanted: str | None) -> bool:
    """A party without a sector stands for every sector of its entity."""
    return wanted is None or (party if ":" in wanted else entity_of(party)) == wanted


def _last_recorded(event: Event) -> datetime:
    return max(datetime.fromisoformat(mention.recorded_at) for mention in event.mentions)


def _is_unconfirmed(event: Event, filter: Unconfirmed) -> bool:
    """True if an event would move a facet and is below its floor (relations/floor.py)."""
    kind = (event.act, event.status)
    below = any(kind in pairs and event.confidence < floor for floor, pairs in filter.floors)
    calibrated = all(mention.coder_version in filter.calibrated for mention in event.mentions)
    return below and event.between_states and calibrated

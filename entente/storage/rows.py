"""Domain objects as rows and back, side by side. A column added to `tables.py` is added to both sides here."""

import hashlib
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row

from entente.relations.dyads import Dyad
from entente.relations.events import Actor, CodedEvent, Event, Fact, Mention, Span
from entente.relations.periods import Period
from entente.relations.states import Candidate, Change, Interval
from entente.relations.tally import Tally
from entente.services.ports.projection import RecordedChange

Values = dict[str, Any]
AnyRow = Row[Any]


def entity_of(party: str) -> str:
    """`RUS` of `RUS:CVL`."""
    return party.partition(":")[0]


def dyad_of_event(event: Event) -> Dyad:
    """The dyad that an event belongs to, whatever the sectors of its parties."""
    return Dyad.of(entity_of(event.source), entity_of(event.target))


def _pack_period(period: Period | None, first: str) -> Values:
    return {first: period.first if period else None, "precision": period.precision if period else None}


def _unpack_period(first: date | None, precision: str | None) -> Period | None:
    return Period(first, precision) if first is not None and precision else None


def pack_coded_event(event: CodedEvent) -> Values:
    """The columns of a mention that the coder wrote."""
    dyad = Dyad.of(event.source.entity, event.target.entity)
    return {
        "dyad_a": dyad.a,
        "dyad_b": dyad.b,
        "source": event.source.entity,
        "target": event.target.entity,
        "source_party": event.source.party,
        "target_party": event.target.party,
        "act": event.act,
        "status": event.status,
        **_pack_period(event.period, "period_first"),
        "dated_by": event.dated_by,
        "confidence": event.confidence,
        "wording": [
            [event.source.sector, event.source.text],
            [event.target.sector, event.target.text],
            _pack_span(event.quote),
            _pack_span(event.trigger),
            list(event.context),
        ],
    }


def unpack_mention(row: AnyRow) -> Mention:
    """The mention of its row."""
    source, target, quote, trigger, context = row.wording
    return Mention(
        id=row.id,
        article_id=row.article_id,
        event=CodedEvent(
            source=Actor(row.source, *source),
            target=Actor(row.target, *target),
            act=row.act,
            status=row.status,
            period=_unpack_period(row.period_first, row.precision),
            dated_by=row.dated_by,
            confidence=row.confidence,
            quote=Span(*quote),
            trigger=Span(*trigger),
            context=tuple(context),
        ),
        published_on=row.published_on,
        publisher=row.publisher,
        recorded_at=_iso(row.recorded_at),
        coder_version=row.coder_version,
        retired_at=_iso(row.retired_at) if row.retired_at else None,
    )


def _pack_span(span: Span) -> list[str | int]:
    return [span.field, span.start, span.end, span.text]


def _iso(time: datetime) -> str:
    return time.isoformat()


def pack_event(event: Event) -> Values:
    """The row of an event; its mentions are linked by rows of their own."""
    dyad = dyad_of_event(event)
    fact = event.fact
    return {
        "id": event.id,
        "dyad_a": dyad.a,
        "dyad_b": dyad.b,
        "source": event.source,
        "target": event.target,
        "source_entity": entity_of(event.source),
        "target_entity": entity_of(event.target),
        "act": event.act,
        "status": event.status,
        **_pack_period(event.period, "period_first"),
        "known_by": event.known_by,
        "starts_on": event.starts_on,
        "confidence": event.confidence,
        "publishers": list(fact.publishers),
        "n_mentions": fact.n_mentions,
        "context": list(fact.context),
        "fingerprint": fingerprint(event),
    }


def unpack_event(row: AnyRow, mentions: Sequence[Mention]) -> Event:
    """The event of its row and its mentions, which come in their stored order."""
    return Event(
        id=row.id,
        source=row.source,
        target=row.target,
        act=row.act,
        status=row.status,
        period=_unpack_period(row.period_first, row.precision),
        known_by=row.known_by,
        confidence=row.confidence,
        mentions=tuple(mentions),
    )


def unpack_fact(row: AnyRow) -> Fact:
    """The fact of an event's row."""
    return Fact(
        row.id,
        row.source,
        row.target,
        row.act,
        row.status,
        _unpack_period(row.period_first, row.precision),
        row.known_by,
        row.confidence,
        tuple(row.publishers),
        row.n_mentions,
        tuple(row.context),
    )


def fingerprint(event: Event) -> str:
    """Differs between two events of one id unless every column and mention of theirs is the same."""
    told = [f"{event.known_by} {event.confidence!r}", *(mention.id for mention in event.mentions)]
    return hashlib.blake2b("\n".join(told).encode(), digest_size=12).hexdigest()


def pack_interval(interval: Interval) -> Values:
    """The row of an interval, without the id that the database gives."""
    dyad = Dyad.of(entity_of(interval.source), entity_of(interval.target))
    return {
        "dyad_a": dyad.a,
        "dyad_b": dyad.b,
        "source": interval.source,
        "target": interval.target,
        "facet": interval.facet,
        "item": interval.item,
        "standing": interval.standing,
        "value": interval.value,
        **_pack_period(interval.valid_from, "valid_from"),
        "known_by": interval.known_by,
        "valid_to": interval.valid_to,
        "ends": interval.ends,
        "evidence": list(interval.evidence),
        "rule": interval.rule,
        "starts_on": interval.starts_on,
        "n_evidence": interval.n_evidence,
        "status": interval.status,
        "candidates": [[c.value, c.n_sources, list(c.evidence)] for c in interval.candidates],
    }


def unpack_interval(row: AnyRow) -> Interval:
    """The interval of its row."""
    return Interval(
        source=row.source,
        target=row.target,
        facet=row.facet,
        item=row.item,
        standing=row.standing,
        value=row.value,
        valid_from=_unpack_period(row.valid_from, row.precision),
        known_by=row.known_by,
        valid_to=row.valid_to,
        ends=row.ends,
        evidence=tuple(row.evidence),
        rule=row.rule,
        n_evidence=row.n_evidence,
        status=row.status,
        candidates=tuple(Candidate(value, n, tuple(evidence)) for value, n, evidence in row.candidates),
    )


def pack_tally(tally: Tally) -> list[Any]:
    """The sums of a tally as JSON takes them. They may exceed 64 bits, which JSON's integers may."""
    return [getattr(tally, name) for name in Tally.__slots__]


def unpack_tally(sums: list[Any]) -> Tally:
    """The tally of its sums."""
    return Tally(*sums)


#: The columns of a change, which are also the fields of the domain's Change.
CHANGE_FIELDS = tuple(Change.__slots__)


def pack_change(change: Change, seq: int, article_id: str | None, recorded_at: datetime, kind: str) -> Values:
    """The row of a change in the feed."""
    fields = {name: getattr(change, name) for name in CHANGE_FIELDS}
    return {"seq": seq, **fields, "article_id": article_id, "recorded_at": recorded_at, "kind": kind}


def unpack_change(row: AnyRow) -> RecordedChange:
    """The recorded change of its row."""
    change = Change(**{name: getattr(row, name) for name in CHANGE_FIELDS})
    return RecordedChange(row.seq, change, row.article_id, row.recorded_at, row.kind)

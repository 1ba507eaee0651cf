"""Convert events, intervals and tallies to rows and back. A new column in `tables.py` needs both directions here."""

import hashlib
from collections.abc import Sequence
from typing import Any

from entente.relations.dyads import Dyad, entity_of
from entente.relations.events import Event, Fact, Mention
from entente.relations.states import Candidate, Interval
from entente.relations.tally import Tally
from entente.storage.truth.rows import AnyRow, Values, pack_period, unpack_period


def pack_event(event: Event) -> Values:
    """The row of an event, without its mentions (`event_mentions`)."""
    dyad = Dyad.of_parties(event.source, event.target)
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
        **pack_period(event.period, "period_first"),
        "known_by": event.known_by,
        "starts_on": event.starts_on,
        "confidence": event.confidence,
        "owners": list(fact.owners),
        "n_mentions": fact.n_mentions,
        "context": list(fact.context),
        "sure_owners": list(fact.sure_owners),
        "coders": list(fact.coders),
        "dated_by": fact.dated_by,
        "fingerprint": fingerprint(event),
    }


def unpack_event(row: AnyRow, mentions: Sequence[Mention]) -> Event:
    """The event of a row and its mentions, in their stored order."""
    return Event(
        id=row.id,
        source=row.source,
        target=row.target,
        act=row.act,
        status=row.status,
        period=unpack_period(row.period_first, row.precision),
        known_by=row.known_by,
        confidence=row.confidence,
        mentions=tuple(mentions),
        sure_owners=tuple(row.sure_owners or ()),
    )


def unpack_fact(row: AnyRow) -> Fact:
    """The fact of an event's row."""
    return Fact(
        row.id,
        row.source,
        row.target,
        row.act,
        row.status,
        unpack_period(row.period_first, row.precision),
        row.known_by,
        row.confidence,
        tuple(row.owners),
        row.n_mentions,
        tuple(row.context),
        tuple(row.sure_owners or ()),
        tuple(row.coders or ()),
        row.dated_by or "text",
    )


def fingerprint(event: Event) -> str:
    """Hash that differs between two events of one id unless their columns and mentions are the same."""
    told = [
        f"{event.known_by} {event.confidence!r} {event.dated_by}",
        *event.owners,
        *(mention.id for mention in event.mentions),
    ]
    return hashlib.blake2b("\n".join(told).encode(), digest_size=12).hexdigest()


def pack_interval(interval: Interval) -> Values:
    """The row of an interval, without its id, which the database assigns."""
    dyad = Dyad.of_parties(interval.source, interval.target)
    return {
        "dyad_a": dyad.a,
        "dyad_b": dyad.b,
        "source": interval.source,
        "target": interval.target,
        "facet": interval.facet,
        "item": interval.item,
        "standing": interval.standing,
        "value": interval.value,
        **pack_period(interval.valid_from, "valid_from"),
        "known_by": interval.known_by,
        "valid_to": interval.valid_to,
        "ends": interval.ends,
        "evidence": list(interval.evidence),
        "rule": interval.rule,
        "starts_on": interval.starts_on,
        "n_evidence": interval.n_evidence,
        "status": interval.status,
        "candidates": [[c.value, c.n_sources, list(c.evidence), list(c.owners)] for c in interval.candidates],
        "owners": list(interval.owners),
        "dated_by": interval.dated_by,
    }


def unpack_interval(row: AnyRow) -> Interval:
    """The interval of a row."""
    return Interval(
        source=row.source,
        target=row.target,
        facet=row.facet,
        item=row.item,
        standing=row.standing,
        value=row.value,
        valid_from=unpack_period(row.valid_from, row.precision),
        known_by=row.known_by,
        valid_to=row.valid_to,
        ends=row.ends,
        evidence=tuple(row.evidence),
        rule=row.rule,
        n_evidence=row.n_evidence,
        status=row.status,
        candidates=tuple(
            # Without owners until the dyad is derived again, where it was derived before they were kept.
            Candidate(value, n, tuple(evidence), tuple(*owners))
            for value, n, evidence, *owners in row.candidates
        ),
        owners=tuple(row.owners or ()),
        dated_by=row.dated_by or "text",
    )


def pack_tally(tally: Tally) -> list[Any]:
    """The sums of a tally as a JSON list. They may exceed 64 bits, which JSON allows."""
    return [getattr(tally, name) for name in Tally.__slots__]


def unpack_tally(sums: list[Any]) -> Tally:
    """The tally of a list from `pack_tally`."""
    return Tally(*sums)

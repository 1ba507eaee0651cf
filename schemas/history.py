"""The history of a relation's facets on the wire."""

from collections.abc import Sequence
from datetime import date

from marshmallow import Schema, fields, validate

from entente.relations.codebook import Codebook
from entente.relations.periods import PRECISIONS
from entente.relations.record import StateFacts
from entente.relations.states import Interval
from entente.services.reading.results import RelationHistory
from schemas.entities import PartySchema
from schemas.facets import (
    CandidateSchema,
    candidates_shape,
    change_unconfirmed,
    change_unconfirmed_field,
    dated_by_field,
    documents_field,
    documents_shape,
    origin_field,
    owners_field,
)
from schemas.fields import Cursor, Format, UnconfirmedChoice, Whole, published_by_field
from schemas.relations import ReadClocksSchema
from schemas.reliability import reliability_field, value_reliability
from schemas.vocabulary import STATUSES, Shape, Vocabulary, dated, day_text, instant_text, status_on


class IntervalSchema(Schema):
    """A facet's value from `valid_from` (null if unknown: it held by `known_by`) until before `valid_to`.

    `evidence` has the first and the last five of its `n_evidence` events, dated no later than the day asked for.
    """

    facet = fields.String(required=True)
    item = fields.String(required=True, metadata={"description": "Member of a set facet, else empty"})
    status = fields.String(required=True, metadata={"enum": list(STATUSES)})
    value = fields.String(required=True)
    valid_from = fields.String(required=True, allow_none=True)
    precision = fields.String(required=True, metadata={"enum": [*PRECISIONS, "unknown"]})
    dated_by = dated_by_field()
    known_by = fields.String(required=True, metadata={"format": "date"})
    valid_to = fields.String(required=True, allow_none=True, metadata={"format": "date"})
    ends = fields.String(required=True, metadata={"enum": ["", "change", "expiry", "unconfirmed"]})
    rule = fields.String(required=True)
    evidence = fields.List(fields.String(), required=True, metadata={"description": "Ids of events"})
    n_evidence = fields.Integer(required=True)
    origin = origin_field()
    documents = documents_field()
    owners = owners_field()
    candidates = fields.List(fields.Nested(CandidateSchema), metadata={"description": "Where it is disputed"})
    reliability = reliability_field()
    change_unconfirmed = change_unconfirmed_field()


class HistorySchema(Schema):
    """Intervals of one direction in order of facet, item, standing and start.

    A standing is held, pending, threatened or unconfirmed.
    """

    source = fields.Nested(PartySchema, required=True)
    target = fields.Nested(PartySchema, required=True)
    as_of = fields.String(required=True, metadata={"format": "date"})
    known_at = fields.String(required=True, allow_none=True, metadata={"format": "date-time"})
    published_by = published_by_field()
    intervals = fields.List(fields.Nested(IntervalSchema), required=True)
    next = fields.String(required=True, allow_none=True, metadata={"description": "URL of the next page"})
    prev = fields.String(required=True, allow_none=True, metadata={"description": "URL of the previous page"})


class HistoryFilterSchema(ReadClocksSchema):
    """Facet and paging of a history. With `as_of`: the intervals that had begun by that day."""

    facet = fields.String(validate=validate.Length(1, 80), metadata={"example": "recognition"})
    unconfirmed = UnconfirmedChoice("Values that only events below the floor report")
    limit = Whole(low=1, high=1000, load_default=200)
    cursor = Cursor()
    format = Format()


def history_shape(found: RelationHistory, shown: Sequence[Interval], vocabulary: Vocabulary) -> Shape:
    """A page of a history in the shape of `HistorySchema`, without its links."""
    return {
        "source": vocabulary.party(found.source),
        "target": vocabulary.party(found.target),
        "as_of": found.clocks.as_of.isoformat(),
        "known_at": instant_text(found.clocks.known_at),
        "published_by": day_text(found.clocks.published_by),
        "intervals": [
            {
                **interval_shape(interval, found.clocks.as_of, found.facts, vocabulary.codebook),
                **change_unconfirmed(interval, found.unconfirmed),
            }
            for interval in shown
        ],
    }


def interval_shape(interval: Interval, as_of: date, facts: StateFacts, codebook: Codebook) -> Shape:
    """An interval in the shape of `IntervalSchema`, as of a day, with those of `facts` that it names."""
    start = dated(interval.valid_from)
    told = {
        "facet": interval.facet,
        "item": interval.item,
        "status": status_on(interval, as_of),
        "value": interval.value,
        "valid_from": start["date"],
        "precision": start["precision"],
        "dated_by": interval.dated_by,
        "known_by": interval.known_by.isoformat(),
        "valid_to": interval.valid_to.isoformat() if interval.valid_to else None,
        "ends": interval.ends,
        "rule": interval.rule,
        "evidence": list(interval.evidence),
        "n_evidence": interval.n_evidence,
        "origin": interval.origin,
        "owners": list(interval.owners),
    }
    measured = value_reliability(interval, codebook)
    return {**told, **documents_shape(interval, facts), **candidates_shape(interval), **measured}

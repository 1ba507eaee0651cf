"""The history of a relation's facets on the wire."""

from marshmallow import Schema, fields, validate

from entente.relations.periods import PRECISIONS
from entente.relations.states import Interval
from schemas.entities import PartySchema
from schemas.fields import Cursor, Whole
from schemas.vocabulary import Shape, dated, status_of


class IntervalSchema(Schema):
    """A facet's value over time: from `valid_from` (null if not known: held by `known_by`), until before `valid_to`."""

    facet = fields.String(required=True)
    item = fields.String(required=True, metadata={"description": "Member of a set facet, else empty"})
    status = fields.String(required=True, metadata={"enum": ["effective", "pending", "threatened"]})
    value = fields.String(required=True)
    valid_from = fields.String(required=True, allow_none=True)
    precision = fields.String(required=True, metadata={"enum": [*PRECISIONS, "unknown"]})
    known_by = fields.String(required=True, metadata={"format": "date"})
    valid_to = fields.String(required=True, allow_none=True, metadata={"format": "date"})
    ends = fields.String(required=True, metadata={"enum": ["", "change", "expiry"]})
    rule = fields.String(required=True)
    evidence = fields.List(fields.String(), required=True, metadata={"description": "Ids of events"})


class HistorySchema(Schema):
    """Intervals of one direction in order of facet, item, status and start."""

    source = fields.Nested(PartySchema, required=True)
    target = fields.Nested(PartySchema, required=True)
    intervals = fields.List(fields.Nested(IntervalSchema), required=True)
    next = fields.String(required=True, allow_none=True, metadata={"description": "URL of the next page"})


class HistoryFilterSchema(Schema):
    """Which facet's history, and where to go on."""

    facet = fields.String(validate=validate.Length(1, 80), metadata={"example": "recognition"})
    limit = Whole(low=1, high=1000, load_default=200)
    cursor = Cursor()


def interval_shape(interval: Interval) -> Shape:
    """An interval in the shape of `IntervalSchema`, with all of its evidence."""
    start = dated(interval.valid_from)
    return {
        "facet": interval.facet,
        "item": interval.item,
        "status": status_of(interval.standing),
        "value": interval.value,
        "valid_from": start["date"],
        "precision": start["precision"],
        "known_by": interval.known_by.isoformat(),
        "valid_to": interval.valid_to.isoformat() if interval.valid_to else None,
        "ends": interval.ends,
        "rule": interval.rule,
        "evidence": list(interval.evidence),
    }

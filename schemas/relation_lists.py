"""Lists of relations on the wire: those that pass filters, and one country's."""

from collections.abc import Sequence

from marshmallow import Schema, fields, validate

from entente.relations.record import Relation
from entente.services.reading.clocks import ReadClocks
from entente.services.reading.relation_lists import Stance
from schemas.entities import PartySchema
from schemas.fields import Cursor, Day, Format, Fraction, RecordTime, Text, UnconfirmedChoice, Whole, published_by_field
from schemas.relations import ReadClocksSchema, RelationSchema
from schemas.scores import UNFULFILLED
from schemas.vocabulary import Shape, Vocabulary, day_text, instant_text, path

_VALUE = {"type": "string"}


class RelationPageSchema(Schema):
    """A page of relation records, by source and target. A short or even empty page may have a next one."""

    relations = fields.List(fields.Nested(RelationSchema), required=True)
    next = fields.String(required=True, allow_none=True, metadata={"description": "URL of the next page"})
    prev = fields.String(required=True, allow_none=True, metadata={"description": "URL of the previous page"})


class RelationFilterSchema(ReadClocksSchema):
    """Filters of the list of relations. `known_at` needs a source or a target beside it."""

    known_at = RecordTime(note="Needs `source` or `target` beside it, else 422")
    source = Text(high=80, metadata={"description": "Code of any scheme, or name"})
    target = Text(high=80, metadata={"description": "Code of any scheme, or name"})
    facet = fields.String(
        validate=validate.Length(1, 80),
        metadata={
            "description": "`NAME`: any value; `NAME:VALUE`; `NAME:pending`, `NAME:threatened` or `NAME:unconfirmed`",
            "example": "sanctions:in_force",
        },
    )
    label = Text(high=80)
    min_score = Fraction(low=-10, high=10, metadata={"description": "Minimum of `score.net`"})
    max_score = Fraction(low=-10, high=10, metadata={"description": "Maximum of `score.net`"})
    changed_since = Day(metadata={"description": "`last_change` is on this day or later"})
    change_unconfirmed = UnconfirmedChoice(
        "Relations with a value, of `facet` if given, that ended by a report that is not confirmed"
    )
    limit = Whole(low=1, high=200, metadata={"description": "50 if left out; a stream then has no limit"})
    cursor = Cursor()
    format = Format()


class StandingSchema(Schema):
    """A summary of a relation; `links.self` has the whole record. `facets` has those with a held value."""

    label = fields.String(required=True)
    net = fields.Float(required=True, metadata={"minimum": -10, "maximum": 10})
    tension = fields.Float(required=True, metadata={"minimum": 0, "maximum": 100})
    n_events = fields.Integer(required=True)
    n_unfulfilled = fields.Integer(metadata={"description": UNFULFILLED})
    last_change = fields.String(required=True, allow_none=True, metadata={"format": "date"})
    facets = fields.Dict(
        keys=fields.String(),
        values=fields.Raw(metadata={"anyOf": [_VALUE, {"type": "object", "additionalProperties": _VALUE}]}),
        required=True,
        metadata={"description": "Value by facet; for a set facet, value by member"},
    )
    links = fields.Dict(keys=fields.String(), values=fields.String(), required=True)


class StanceSchema(Schema):
    """A country's relation to the partner `country` (`own`), and the partner's relation to it (`theirs`)."""

    country = fields.Nested(PartySchema, required=True)
    own = fields.Nested(StandingSchema, required=True)
    theirs = fields.Nested(StandingSchema, required=True)


class StancesSchema(Schema):
    """One country's relations with every partner that has a known event or value."""

    country = fields.Nested(PartySchema, required=True)
    as_of = fields.String(required=True, metadata={"format": "date"})
    known_at = fields.String(required=True, allow_none=True, metadata={"format": "date-time"})
    published_by = published_by_field()
    relations = fields.List(fields.Nested(StanceSchema), required=True)


def stances_shape(key: str, asked: ReadClocks, stances: Sequence[Stance], vocabulary: Vocabulary) -> Shape:
    """A country's stances in the shape of `StancesSchema`."""
    return {
        "country": vocabulary.party(key),
        "as_of": asked.as_of.isoformat(),
        "known_at": instant_text(asked.known_at),
        "published_by": day_text(asked.published_by),
        "relations": [
            {
                "country": vocabulary.party(stance.partner),
                "own": _standing(stance.own, vocabulary),
                "theirs": _standing(stance.theirs, vocabulary),
            }
            for stance in stances
        ],
    }


def _standing(record: Relation, vocabulary: Vocabulary) -> Shape:
    return {
        "label": record.label,
        "net": record.score.net,
        "tension": record.score.tension,
        "n_events": record.n_events,
        "n_unfulfilled": record.n_unfulfilled,
        "last_change": record.last_change.isoformat() if record.last_change else None,
        "facets": _held(record, vocabulary),
        "links": {"self": path("relations", record.source, record.target)},
    }


def _held(record: Relation, vocabulary: Vocabulary) -> Shape:
    shown: Shape = {}
    for name, intervals in record.facets.items():
        held = {i.item: i.value for i in intervals if i.standing == "held"}
        if held:
            shown[name] = held if vocabulary.codebook.facets[name].is_set else next(iter(held.values()))
    return shown

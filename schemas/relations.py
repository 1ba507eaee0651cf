"""Relation records and dyads on the wire."""

from urllib.parse import quote

from marshmallow import Schema, fields

from entente.relations.record import Relation
from schemas.entities import PartySchema
from schemas.facets import COMPONENT, SHARED_COMPONENT, facets_shape, reference
from schemas.fields import Day, PublishedBy, RecordTime, published_by_field
from schemas.scores import UNFULFILLED, QuadCountsSchema, ScoreSchema, quads_shape, score_shape
from schemas.vocabulary import Shape, Vocabulary, day_text, instant_text, path


class CountsSchema(Schema):
    """Events of this direction that happened and are known as of the day, and their mentions."""

    events = fields.Integer(required=True)
    mentions = fields.Integer(required=True)
    unfulfilled = fields.Integer(metadata={"description": UNFULFILLED})
    by_quad = fields.Nested(QuadCountsSchema, required=True)


class RelationSchema(Schema):
    """The relation of `source` to `target` as of a day (UTC). `version` counts the dyad's projections.

    `known_at` is null for what is known now. Otherwise the record shows what was known then, and `version` is 0.
    """

    source = fields.Nested(PartySchema, required=True)
    target = fields.Nested(PartySchema, required=True)
    as_of = fields.String(required=True, metadata={"format": "date"})
    known_at = fields.String(required=True, allow_none=True, metadata={"format": "date-time"})
    published_by = published_by_field()
    version = fields.Integer(required=True)
    codebook_version = fields.String(required=True)
    label = fields.String(required=True)
    facets = fields.Raw(required=True, metadata={"allOf": [reference(COMPONENT)]})
    score = fields.Nested(ScoreSchema, required=True)
    counts = fields.Nested(CountsSchema, required=True)
    last_change = fields.String(required=True, allow_none=True, metadata={"format": "date"})
    links = fields.Dict(keys=fields.String(), values=fields.String(), required=True)


class DyadSchema(Schema):
    """Both directions of a dyad. `shared` has the facets that both directions share, e.g. relations, conflict."""

    a = fields.Nested(PartySchema, required=True)
    b = fields.Nested(PartySchema, required=True)
    as_of = fields.String(required=True, metadata={"format": "date"})
    known_at = fields.String(required=True, allow_none=True, metadata={"format": "date-time"})
    published_by = published_by_field()
    a_to_b = fields.Nested(RelationSchema, required=True)
    b_to_a = fields.Nested(RelationSchema, required=True)
    shared = fields.Raw(required=True, metadata={"allOf": [reference(SHARED_COMPONENT)]})


class ReadClocksSchema(Schema):
    """Valid time, time of recording and day of publication of a read.

    `as_of=D&known_at=D` gives the state on D as the ledger knew it on D; `as_of=D&published_by=D` as the press did.
    """

    as_of = Day(
        metadata={
            "description": "Day (UTC) that the response describes: YYYY-MM-DD; today if left out; in the future, 422"
        }
    )
    known_at = RecordTime()
    published_by = PublishedBy()


def relation_shape(record: Relation, vocabulary: Vocabulary) -> Shape:
    """A record in the shape of `RelationSchema`: every facet of the codebook, each at least as `unknown`."""
    here = path("relations", record.source, record.target)
    return {
        "source": vocabulary.party(record.source),
        "target": vocabulary.party(record.target),
        "as_of": record.as_of.isoformat(),
        "known_at": instant_text(record.known_at),
        "published_by": day_text(record.published_by),
        "version": record.version,
        "codebook_version": vocabulary.codebook.version,
        "label": record.label,
        "facets": facets_shape(record.facets, record.facts, vocabulary.codebook),
        "score": score_shape(record.score),
        "counts": {
            "events": record.n_events,
            "mentions": record.n_mentions,
            "unfulfilled": record.n_unfulfilled,
            "by_quad": quads_shape(record.n_by_quad),
        },
        "last_change": record.last_change.isoformat() if record.last_change else None,
        "links": {
            "self": here,
            "history": f"{here}/history",
            "why": f"{here}/why",
            "series": f"{here}/series",
            "events": f"/v1/events?source={quote(record.source)}&target={quote(record.target)}",
        },
    }


def dyad_shape(forth: Shape, back: Shape, vocabulary: Vocabulary) -> Shape:
    """Two relation shapes in the shape of `DyadSchema`, with the facets that the codebook calls shared."""
    shared = {name: forth["facets"][name] for name, facet in vocabulary.codebook.facets.items() if facet.shared}
    return {
        "a": forth["source"],
        "b": forth["target"],
        "as_of": forth["as_of"],
        "known_at": forth["known_at"],
        "published_by": forth["published_by"],
        "a_to_b": forth,
        "b_to_a": back,
        "shared": shared,
    }

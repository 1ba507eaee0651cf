"""Relation records and dyads on the wire."""

from urllib.parse import quote

from marshmallow import Schema, fields

from entente.relations.record import Relation
from entente.relations.score import Score
from schemas.entities import PartySchema
from schemas.facets import COMPONENT, facets_shape, reference
from schemas.fields import Day
from schemas.vocabulary import Shape, Vocabulary, path

_QUADS = {1: "verbal_cooperation", 2: "material_cooperation", 3: "verbal_conflict", 4: "material_conflict"}


class ScoreIntervalSchema(Schema):
    """The 95 % interval of `net`."""

    low = fields.Float(required=True)
    high = fields.Float(required=True)


class ScoreSchema(Schema):
    """The score with its parts. `interval` is null where no event counts."""

    net = fields.Float(required=True, metadata={"minimum": -10, "maximum": 10})
    cooperation = fields.Float(required=True, metadata={"minimum": 0, "maximum": 100})
    conflict = fields.Float(required=True, metadata={"minimum": 0, "maximum": 100})
    tension = fields.Float(required=True, metadata={"minimum": 0, "maximum": 100})
    interval = fields.Nested(ScoreIntervalSchema, required=True, allow_none=True)
    n_events = fields.Integer(required=True)
    n_reports = fields.Integer(required=True)
    n_sources = fields.Integer(required=True)
    half_life_days = fields.Float(required=True)
    window_days = fields.Integer(required=True)
    scale = fields.String(required=True)
    scale_version = fields.String(required=True)


class QuadCountsSchema(Schema):
    """Events by quad class."""

    verbal_cooperation = fields.Integer(required=True)
    material_cooperation = fields.Integer(required=True)
    verbal_conflict = fields.Integer(required=True)
    material_conflict = fields.Integer(required=True)


class CountsSchema(Schema):
    """How many events of this direction are known as of the day, and how many reports of them."""

    events = fields.Integer(required=True)
    mentions = fields.Integer(required=True)
    by_quad = fields.Nested(QuadCountsSchema, required=True)


class RelationSchema(Schema):
    """How `source` stands with `target` as of a day (UTC). `version` counts how often the pair was derived."""

    source = fields.Nested(PartySchema, required=True)
    target = fields.Nested(PartySchema, required=True)
    as_of = fields.String(required=True, metadata={"format": "date"})
    version = fields.Integer(required=True)
    codebook_version = fields.String(required=True)
    label = fields.String(required=True)
    facets = fields.Raw(required=True, metadata={"allOf": [reference(COMPONENT)]})
    score = fields.Nested(ScoreSchema, required=True)
    counts = fields.Nested(CountsSchema, required=True)
    last_change = fields.String(required=True, allow_none=True, metadata={"format": "date"})
    links = fields.Dict(keys=fields.String(), values=fields.String(), required=True)


class DyadSchema(Schema):
    """Both directions side by side. `shared` holds the facets that are the same both ways, e.g. relations, conflict."""

    a = fields.Nested(PartySchema, required=True)
    b = fields.Nested(PartySchema, required=True)
    as_of = fields.String(required=True, metadata={"format": "date"})
    a_to_b = fields.Nested(RelationSchema, required=True)
    b_to_a = fields.Nested(RelationSchema, required=True)
    shared = fields.Dict(keys=fields.String(), values=fields.Raw(), required=True)


class AsOfSchema(Schema):
    """The day of which a record is asked."""

    as_of = Day(metadata={"description": "YYYY-MM-DD (UTC), today if left out; never in the future"})


def relation_shape(record: Relation, vocabulary: Vocabulary) -> Shape:
    """A record in the shape of `RelationSchema`: every facet of the codebook, each at least as `unknown`."""
    here = path("relations", record.source, record.target)
    return {
        "source": vocabulary.party(record.source),
        "target": vocabulary.party(record.target),
        "as_of": record.as_of.isoformat(),
        "version": record.version,
        "codebook_version": vocabulary.codebook.version,
        "label": record.label,
        "facets": facets_shape(record.facets, vocabulary.codebook),
        "score": _score(record.score),
        "counts": {
            "events": record.n_events,
            "mentions": record.n_mentions,
            "by_quad": {name: record.n_by_quad[quad] for quad, name in _QUADS.items()},
        },
        "last_change": record.last_change.isoformat() if record.last_change else None,
        "links": {
            "self": here,
            "history": f"{here}/history",
            "events": f"/v1/events?source={quote(record.source)}&target={quote(record.target)}",
        },
    }


def dyad_shape(forth: Shape, back: Shape, vocabulary: Vocabulary) -> Shape:
    """Two relation shapes side by side, with the facets that the codebook calls shared."""
    shared = {name: forth["facets"][name] for name, facet in vocabulary.codebook.facets.items() if facet.shared}
    return {
        "a": forth["source"],
        "b": forth["target"],
        "as_of": forth["as_of"],
        "a_to_b": forth,
        "b_to_a": back,
        "shared": shared,
    }


def _score(score: Score) -> Shape:
    return {
        "net": score.net,
        "cooperation": score.cooperation,
        "conflict": score.conflict,
        "tension": score.tension,
        "interval": dict(zip(("low", "high"), score.interval, strict=True)) if score.interval else None,
        "n_events": score.n_events,
        "n_reports": score.n_reports,
        "n_sources": score.n_sources,
        "half_life_days": score.half_life_days,
        "window_days": score.window_days,
        "scale": score.scale,
        "scale_version": score.scale_version,
    }

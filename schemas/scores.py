"""Scores and counts on the wire."""

from collections.abc import Mapping

from marshmallow import Schema, fields

from entente.relations.score import TOP_OWNERS, Score
from schemas.vocabulary import Shape

_QUADS = {1: "verbal_cooperation", 2: "material_cooperation", 3: "verbal_conflict", 4: "material_conflict"}


SCORE_VERSION = "Version of how the score is computed, which is described in docs/score.md"

#: Description of a count of events of acts that are not done.
UNFULFILLED = "Events announced, agreed, requested, threatened, refused, alleged or denied: in no other count or mean"


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
    n_sources = fields.Integer(required=True, metadata={"description": "Owners of the publishers that report them"})
    owners = fields.List(
        fields.String(),
        metadata={"maxItems": TOP_OWNERS, "description": "The owners that report most of them"},
    )
    version = fields.String(metadata={"description": SCORE_VERSION})
    half_life_days = fields.Float(required=True)
    window_days = fields.Integer(required=True)
    scale = fields.String(required=True)
    scale_version = fields.String(required=True)


class QuadCountsSchema(Schema):
    """Events that happened (effective or ongoing) by quad class."""

    verbal_cooperation = fields.Integer(required=True)
    material_cooperation = fields.Integer(required=True)
    verbal_conflict = fields.Integer(required=True)
    material_conflict = fields.Integer(required=True)


def quads_shape(n_by_quad: Mapping[int, int]) -> Shape:
    """Counts by quad class 1–4 in the shape of `QuadCountsSchema`."""
    return {name: n_by_quad[quad] for quad, name in _QUADS.items()}


def score_shape(score: Score) -> Shape:
    """A score in the shape of `ScoreSchema`."""
    return {
        "net": score.net,
        "cooperation": score.cooperation,
        "conflict": score.conflict,
        "tension": score.tension,
        "interval": dict(zip(("low", "high"), score.interval, strict=True)) if score.interval else None,
        "n_events": score.n_events,
        "n_reports": score.n_reports,
        "n_sources": score.n_sources,
        "owners": list(score.owners),
        "version": score.version,
        "half_life_days": score.half_life_days,
        "window_days": score.window_days,
        "scale": score.scale,
        "scale_version": score.scale_version,
    }

"""Imported data of a relation on the wire."""

from marshmallow import Schema, fields, validate

from entente.relations.imported import ImportedBucket, OwnScore
from entente.relations.series import BUCKETS, MAX_BUCKETS
from entente.services.reading.imports import DataSetSeries, Imported
from schemas.entities import PartySchema
from schemas.fields import Day
from schemas.scores import QuadCountsSchema, quads_shape
from schemas.vocabulary import Shape, Vocabulary


class OwnScoreSchema(Schema):
    """The score by our formula, on the data set's own scale."""

    net = fields.Float(required=True, metadata={"minimum": -10, "maximum": 10})
    cooperation = fields.Float(required=True, metadata={"minimum": 0, "maximum": 100})
    conflict = fields.Float(required=True, metadata={"minimum": 0, "maximum": 100})
    n_events = fields.Integer(required=True)


class ImportedBucketSchema(Schema):
    """A data set's events dated from `from` to `to` (inclusive), and the score as of `to`.

    `score` and `mean_intensity` are null where the data set has no intensity.
    """

    from_ = fields.String(required=True, data_key="from", metadata={"format": "date"})
    to = fields.String(required=True, metadata={"format": "date"})
    n = fields.Integer(required=True)
    n_reports = fields.Integer(required=True)
    by_quad = fields.Nested(QuadCountsSchema, required=True)
    mean_intensity = fields.Float(required=True, allow_none=True)
    deaths = fields.Integer(required=True)
    score = fields.Nested(OwnScoreSchema, required=True, allow_none=True)


class DataSetSchema(Schema):
    """A data set's series. `origin` is the format that it was imported by."""

    origin = fields.String(required=True, metadata={"example": "icews"})
    title = fields.String(required=True)
    scale = fields.String(required=True, metadata={"description": "The scale of its intensities; empty if it has none"})
    series = fields.List(fields.Nested(ImportedBucketSchema), required=True, metadata={"maxItems": MAX_BUCKETS})


class ImportedScoreSchema(Schema):
    """A score of the pair in a year, as a data set gives it."""

    origin = fields.String(required=True, metadata={"example": "unga"})
    name = fields.String(required=True, metadata={"example": "IdealPointDistance"})
    year = fields.Integer(required=True)
    value = fields.Float(required=True)


class ImportedSchema(Schema):
    """What imported data sets say of a direction, beside what articles and documents do."""

    source = fields.Nested(PartySchema, required=True)
    target = fields.Nested(PartySchema, required=True)
    as_of = fields.String(required=True, metadata={"format": "date"})
    interval = fields.String(required=True, metadata={"enum": list(BUCKETS)})
    data_sets = fields.List(fields.Nested(DataSetSchema), required=True)
    scores = fields.List(fields.Nested(ImportedScoreSchema), required=True)


class ImportedFilterSchema(Schema):
    """Length of the buckets, the first day, and the last."""

    interval = fields.String(load_default="month", validate=validate.OneOf(BUCKETS))
    from_ = Day(
        data_key="from",
        metadata={"description": f"Each data set's first day if left out; at most {MAX_BUCKETS} buckets up to `as_of`"},
    )
    as_of = Day(metadata={"description": "The last day; today if left out"})


def imported_shape(found: Imported, vocabulary: Vocabulary) -> Shape:
    """Imported data in the shape of `ImportedSchema`."""
    return {
        "source": vocabulary.party(found.source),
        "target": vocabulary.party(found.target),
        "as_of": found.as_of.isoformat(),
        "interval": found.interval,
        "data_sets": [_data_set(one) for one in found.series],
        "scores": [
            {"origin": origin, "name": score.name, "year": score.year, "value": score.value}
            for origin, score in found.scores
        ],
    }


def _data_set(found: DataSetSeries) -> Shape:
    series = [_bucket(bucket) for bucket in found.buckets]
    return {"origin": found.origin, "title": found.title, "scale": found.scale, "series": series}


def _bucket(bucket: ImportedBucket) -> Shape:
    return {
        "from": bucket.first.isoformat(),
        "to": bucket.last.isoformat(),
        "n": bucket.n_events,
        "n_reports": bucket.n_reports,
        "by_quad": quads_shape(bucket.n_by_quad),
        "mean_intensity": bucket.mean_intensity,
        "deaths": bucket.deaths,
        "score": _score(bucket.score) if bucket.score else None,
    }


def _score(score: OwnScore) -> Shape:
    return {
        "net": score.net,
        "cooperation": score.cooperation,
        "conflict": score.conflict,
        "n_events": score.n_events,
    }

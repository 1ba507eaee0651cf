"""Series of a relation on the wire."""

from collections.abc import Iterator

from marshmallow import Schema, fields, validate

from entente.relations.series import BUCKETS, MAX_BUCKETS, Bucket
from entente.services.reading.results import RelationSeries
from schemas.entities import PartySchema
from schemas.fields import Day, Format, published_by_field
from schemas.relations import ReadClocksSchema
from schemas.scores import UNFULFILLED, QuadCountsSchema, ScoreSchema, quads_shape, score_shape
from schemas.table_columns import Cell, Columns
from schemas.vocabulary import Shape, Vocabulary, day_text, instant_text


class BucketSchema(Schema):
    """The events dated from `from` to `to` (inclusive) that happened, `n` of them, and the score as of `to`."""

    from_ = fields.String(required=True, data_key="from", metadata={"format": "date"})
    to = fields.String(required=True, metadata={"format": "date"})
    n = fields.Integer(required=True)
    n_mentions = fields.Integer(required=True)
    n_unfulfilled = fields.Integer(metadata={"description": UNFULFILLED})
    by_quad = fields.Nested(QuadCountsSchema, required=True)
    mean_intensity = fields.Float(required=True, allow_none=True, metadata={"minimum": -10, "maximum": 10})
    score = fields.Nested(ScoreSchema, required=True)


class SeriesSchema(Schema):
    """Aggregates of one direction's events in consecutive buckets, none missing.

    `n_coarser` events are dated too coarsely to be in one bucket; `n_before` are dated before the first bucket.
    """

    source = fields.Nested(PartySchema, required=True)
    target = fields.Nested(PartySchema, required=True)
    as_of = fields.String(required=True, metadata={"format": "date"})
    known_at = fields.String(required=True, allow_none=True, metadata={"format": "date-time"})
    published_by = published_by_field()
    interval = fields.String(required=True, metadata={"enum": list(BUCKETS)})
    series = fields.List(fields.Nested(BucketSchema), required=True, metadata={"maxItems": MAX_BUCKETS})
    n_coarser = fields.Integer(required=True)
    n_before = fields.Integer(required=True)


class SeriesFilterSchema(ReadClocksSchema):
    """Length of a series' buckets, and its first day; it ends on `as_of`."""

    interval = fields.String(load_default="month", validate=validate.OneOf(BUCKETS))
    from_ = Day(
        data_key="from",
        metadata={"description": f"The first event's day if left out; at most {MAX_BUCKETS} buckets up to `as_of`"},
    )
    format = Format()


#: The columns of a table of a series and the type of each.
SERIES: Columns = {
    "from": "date",
    "to": "date",
    **dict.fromkeys(("n_events", "n_mentions", "n_unfulfilled", "quad_1", "quad_2", "quad_3", "quad_4"), "integer"),
    **dict.fromkeys(("mean_intensity", "net", "net_low", "net_high", "cooperation", "conflict", "tension"), "number"),
    "scale": "code",
    "scale_version": "code",
    "score_version": "code",
}


def series_rows(found: RelationSeries) -> Iterator[dict[str, Cell]]:
    """One row per bucket of a series."""
    for bucket in found.series.buckets:
        low, high = bucket.score.interval or (None, None)
        yield {
            "from": bucket.first.isoformat(),
            "to": bucket.last.isoformat(),
            "n_events": bucket.n_events,
            "n_mentions": bucket.n_mentions,
            "n_unfulfilled": bucket.n_unfulfilled,
            **{f"quad_{quad}": n for quad, n in bucket.n_by_quad.items()},
            "mean_intensity": bucket.mean_intensity,
            "net": bucket.score.net,
            "net_low": low,
            "net_high": high,
            "cooperation": bucket.score.cooperation,
            "conflict": bucket.score.conflict,
            "tension": bucket.score.tension,
            "scale": bucket.score.scale,
            "scale_version": bucket.score.scale_version,
            "score_version": bucket.score.version,
        }


def series_shape(found: RelationSeries, vocabulary: Vocabulary) -> Shape:
    """A series in the shape of `SeriesSchema`."""
    return {
        "source": vocabulary.party(found.source),
        "target": vocabulary.party(found.target),
        "as_of": found.clocks.as_of.isoformat(),
        "known_at": instant_text(found.clocks.known_at),
        "published_by": day_text(found.clocks.published_by),
        "interval": found.interval,
        "series": [_bucket(bucket) for bucket in found.series.buckets],
        "n_coarser": found.series.n_coarser,
        "n_before": found.n_before,
    }


def _bucket(bucket: Bucket) -> Shape:
    return {
        "from": bucket.first.isoformat(),
        "to": bucket.last.isoformat(),
        "n": bucket.n_events,
        "n_mentions": bucket.n_mentions,
        "n_unfulfilled": bucket.n_unfulfilled,
        "by_quad": quads_shape(bucket.n_by_quad),
        "mean_intensity": bucket.mean_intensity,
        "score": score_shape(bucket.score),
    }

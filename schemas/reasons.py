"""Reasons for a relation's values, and the diff of two days, on the wire."""

from collections.abc import Mapping

from marshmallow import Schema, fields, validate

from entente.relations.reasons import Cause, Difference, Reason
from entente.services.articles import Article
from entente.services.reading.results import Comparison, Grounds
from schemas.codebook import EffectSchema, effect_shape
from schemas.entities import PartySchema
from schemas.events import EventSchema, EventSummarySchema, event_shape, event_summary_shape
from schemas.facets import change_unconfirmed
from schemas.fields import Day, RecordTime, UnconfirmedChoice
from schemas.history import IntervalSchema, interval_shape
from schemas.relations import ReadClocksSchema
from schemas.scores import ScoreSchema, score_shape
from schemas.vocabulary import CHANGE_STATUSES, Shape, Vocabulary, instant_text, path, status_of


class CauseSchema(Schema):
    """An event with its mentions, and the `rule` of the codebook by which it affects the facet."""

    rule = fields.Nested(EffectSchema, required=True, allow_none=True)
    event = fields.Nested(EventSchema, required=True)


class ReasonSchema(IntervalSchema):
    """An interval with the causes of its value: the events that its `evidence` names, beside its `documents`."""

    because = fields.List(fields.Nested(CauseSchema), required=True)


class QuotedArticleSchema(Schema):
    """An article that reports an event in this response."""

    id = fields.UUID(required=True)
    title = fields.String(required=True, allow_none=True)
    url = fields.String(required=True, allow_none=True)
    source = fields.String(required=True)
    published_at = fields.String(required=True, allow_none=True, metadata={"format": "date-time"})
    links = fields.Dict(keys=fields.String(), values=fields.String(), required=True)


class WhySchema(Schema):
    """Each value with its rule, events, quotes and articles.

    `holding`: the values that hold on the day. `ended`: where none holds, the value that ended last. `unknown`: the
    facets without any value up to that day. `unconfirmed`: what only events below the floor report.
    """

    source = fields.Nested(PartySchema, required=True)
    target = fields.Nested(PartySchema, required=True)
    as_of = fields.String(required=True, metadata={"format": "date"})
    known_at = fields.String(required=True, allow_none=True, metadata={"format": "date-time"})
    codebook_version = fields.String(required=True)
    label = fields.String(required=True)
    score = fields.Nested(ScoreSchema, required=True)
    holding = fields.List(fields.Nested(ReasonSchema), required=True)
    ended = fields.List(fields.Nested(ReasonSchema), required=True)
    unknown_ = fields.List(fields.String(), required=True, data_key="unknown")
    unconfirmed = fields.List(fields.Nested(ReasonSchema))
    articles = fields.List(fields.Nested(QuotedArticleSchema), required=True)


class WhyFilterSchema(ReadClocksSchema):
    """The facet to explain; all if left out."""

    facet = fields.String(validate=validate.Length(1, 80), metadata={"example": "recognition"})
    unconfirmed = UnconfirmedChoice("Values that only events below the floor report")


class DifferenceSchema(Schema):
    """A facet, or a member of a set facet, whose value or disputed status differs between two days.

    An interval is null where the value is unknown.
    """

    facet = fields.String(required=True)
    item = fields.String(required=True)
    status = fields.String(required=True, metadata={"enum": list(CHANGE_STATUSES)})
    before = fields.String(required=True)
    after = fields.String(required=True)
    from_interval = fields.Nested(IntervalSchema, required=True, allow_none=True)
    to_interval = fields.Nested(IntervalSchema, required=True, allow_none=True)


class DaySchema(Schema):
    """The label and the score on one day."""

    label = fields.String(required=True)
    score = fields.Nested(ScoreSchema, required=True)


class DiffSchema(Schema):
    """What differs between `from` and `to`, and the events dated after the first day, up to the second."""

    source = fields.Nested(PartySchema, required=True)
    target = fields.Nested(PartySchema, required=True)
    from_ = fields.String(required=True, data_key="from", metadata={"format": "date"})
    to = fields.String(required=True, metadata={"format": "date"})
    known_at = fields.String(required=True, allow_none=True, metadata={"format": "date-time"})
    facets = fields.List(fields.Nested(DifferenceSchema), required=True)
    before = fields.Nested(DaySchema, required=True)
    after = fields.Nested(DaySchema, required=True)
    net_change = fields.Float(required=True)
    n_events = fields.Integer(required=True)
    events = fields.List(fields.Nested(EventSummarySchema), required=True, metadata={"description": "The latest 100"})


class DiffFilterSchema(Schema):
    """The two days to compare, and the time of recording (`known_at`)."""

    from_ = Day(data_key="from", required=True, metadata={"description": "The first of the two days"})
    to = Day(metadata={"description": "The second; today if left out, never in the future"})
    known_at = RecordTime()


#: Events shown in a diff; the list of events has them all.
_SHOWN = 100


def why_shape(found: Grounds, vocabulary: Vocabulary) -> Shape:
    """An explanation in the shape of `WhySchema`."""
    record = found.record
    told = {reason.interval.facet for reason in (*found.holding, *found.ended)}
    asked = [found.facet] if found.facet else list(vocabulary.codebook.facets)
    doubts = [interval for intervals in record.facets.values() for interval in intervals]
    return {
        "source": vocabulary.party(record.source),
        "target": vocabulary.party(record.target),
        "as_of": record.as_of.isoformat(),
        "known_at": instant_text(record.known_at),
        "codebook_version": vocabulary.codebook.version,
        "label": record.label,
        "score": score_shape(record.score),
        "holding": [
            {**_reason(reason, found, vocabulary), **change_unconfirmed(reason.interval, doubts)}
            for reason in found.holding
        ],
        "ended": [_reason(reason, found, vocabulary) for reason in found.ended],
        "unknown": [name for name in asked if name not in told],
        "unconfirmed": [_reason(reason, found, vocabulary) for reason in found.unconfirmed],
        "articles": _articles(found.articles),
    }


def diff_shape(found: Comparison, vocabulary: Vocabulary) -> Shape:
    """A comparison in the shape of `DiffSchema`."""
    before, after = found.before, found.after
    return {
        "source": vocabulary.party(before.source),
        "target": vocabulary.party(before.target),
        "from": before.as_of.isoformat(),
        "to": after.as_of.isoformat(),
        "known_at": instant_text(after.known_at),
        "facets": [_difference(difference, found) for difference in found.differences],
        "before": {"label": before.label, "score": score_shape(before.score)},
        "after": {"label": after.label, "score": score_shape(after.score)},
        "net_change": round(after.score.net - before.score.net, 2) + 0.0,
        "n_events": len(found.events),
        "events": [event_summary_shape(event, vocabulary) for event in found.events[-_SHOWN:]],
    }


def _reason(reason: Reason, found: Grounds, vocabulary: Vocabulary) -> Shape:
    because = [_cause(cause, vocabulary) for cause in reason.causes]
    return {**interval_shape(reason.interval, found.record.as_of, found.facts), "because": because}


def _cause(cause: Cause, vocabulary: Vocabulary) -> Shape:
    rule = effect_shape(cause.effect) if cause.effect else None
    return {"rule": rule, "event": event_shape(cause.event, vocabulary)}


def _articles(articles: Mapping[str, Article]) -> list[Shape]:
    return [
        {
            "id": article.id,
            "title": article.title,
            "url": article.url,
            "source": article.publisher,
            "published_at": instant_text(article.published_at),
            "links": {"self": path("articles", article.id)},
        }
        for article in articles.values()
    ]


def _difference(difference: Difference, found: Comparison) -> Shape:
    first, last = found.before.as_of, found.after.as_of
    before, after = difference.before, difference.after
    return {
        "facet": difference.facet,
        "item": difference.item,
        "status": status_of(difference.standing),
        "before": before.value if before else "unknown",
        "after": after.value if after else "unknown",
        "from_interval": interval_shape(before, first, found.facts) if before else None,
        "to_interval": interval_shape(after, last, found.facts) if after else None,
    }

"""Events and their mentions on the wire."""

from collections.abc import Iterable

from marshmallow import Schema, fields

from entente.relations.events import DATED_BY, STATUSES, CodedEvent, Event, Mention, Span
from entente.relations.floor import is_unconfirmed
from entente.relations.periods import PRECISIONS
from schemas.entities import PartySchema
from schemas.facets import dated_by_field
from schemas.vocabulary import Shape, Vocabulary, dated, instant_text, path


class QuoteSchema(Schema):
    """Words of an article. Offsets into its title or text count Unicode code points; `end` is exclusive."""

    field = fields.String(required=True, metadata={"enum": ["title", "text"]})
    start = fields.Integer(required=True)
    end = fields.Integer(required=True)
    text = fields.String(required=True)


class MentionSchema(Schema):
    """One article's report of an event. `dated_by`: where its date is from."""

    article = fields.UUID(required=True)
    source = fields.String(required=True, metadata={"description": "Publisher of the article"})
    owner = fields.String(metadata={"description": "For whom it counts: the owner of the first print's publisher"})
    reprint_of = fields.UUID(
        allow_none=True, metadata={"description": "The article's first print; null if it is that itself"}
    )
    published_on = fields.String(required=True, metadata={"format": "date"})
    date = fields.String(required=True, allow_none=True)
    precision = fields.String(required=True, metadata={"enum": [*PRECISIONS, "unknown"]})
    dated_by = fields.String(required=True, metadata={"enum": list(DATED_BY)})
    confidence = fields.Float(required=True)
    quote = fields.Nested(QuoteSchema, required=True)
    trigger = fields.Nested(QuoteSchema, required=True)
    actors = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    context = fields.List(fields.String(), required=True)
    coder_version = fields.String(required=True)
    recorded_at = fields.String(required=True, metadata={"format": "date-time"})


class CodedEventSchema(Schema):
    """An event as coded from one text, with its codebook, PLOVER and CAMEO codes."""

    source = fields.Nested(PartySchema, required=True)
    target = fields.Nested(PartySchema, required=True)
    act = fields.String(required=True)
    status = fields.String(required=True, metadata={"enum": list(STATUSES)})
    root = fields.String(required=True, metadata={"description": "PLOVER event type"})
    cameo = fields.String(required=True)
    quad = fields.Integer(required=True, metadata={"minimum": 1, "maximum": 4})
    date = fields.String(required=True, allow_none=True)
    precision = fields.String(required=True, metadata={"enum": [*PRECISIONS, "unknown"]})
    dated_by = dated_by_field()
    confidence = fields.Float(required=True)
    quote = fields.Nested(QuoteSchema, required=True)
    trigger = fields.Nested(QuoteSchema, required=True)


class EventSummarySchema(Schema):
    """An event with its codebook, PLOVER and CAMEO codes, without mentions. `date` is as precise as `precision`."""

    id = fields.String(required=True, metadata={"example": "RUS.AFG.recognise.effective.2025-07-03"})
    source = fields.Nested(PartySchema, required=True)
    target = fields.Nested(PartySchema, required=True)
    act = fields.String(required=True)
    status = fields.String(required=True, metadata={"enum": list(STATUSES)})
    root = fields.String(required=True, metadata={"description": "PLOVER event type"})
    mode = fields.String(required=True)
    cameo = fields.String(required=True)
    quad = fields.Integer(required=True, metadata={"minimum": 1, "maximum": 4})
    intensity = fields.Float(required=True)
    scale = fields.String(required=True)
    scale_version = fields.String(required=True)
    date = fields.String(required=True, allow_none=True)
    precision = fields.String(required=True, metadata={"enum": [*PRECISIONS, "unknown"]})
    dated_by = dated_by_field()
    known_by = fields.String(required=True, metadata={"format": "date"})
    confidence = fields.Float(required=True)
    unconfirmed = fields.Boolean(
        metadata={"description": "True if it would move a facet and its confidence is below the floor"}
    )
    n_mentions = fields.Integer(required=True)
    n_sources = fields.Integer(required=True, metadata={"description": "Independent sources: the number of `owners`"})
    owners = fields.List(
        fields.String(),
        metadata={"description": "Owners of the publishers that report it; a reprint counts for its first print's"},
    )
    links = fields.Dict(keys=fields.String(), values=fields.String(), required=True)


class EventSchema(EventSummarySchema):
    """An event with its mentions: first those that give its date, each most confident first."""

    mentions = fields.List(fields.Nested(MentionSchema), required=True)


class EventPageSchema(Schema):
    """A page of events, newest first. The Link header has the URLs of the next and the previous page."""

    events = fields.List(fields.Nested(EventSummarySchema), required=True)
    next = fields.String(required=True, allow_none=True, metadata={"description": "URL of the next page"})
    prev = fields.String(required=True, allow_none=True, metadata={"description": "URL of the previous page"})


def event_summary_shape(event: Event, vocabulary: Vocabulary) -> Shape:
    """An event in the shape of `EventSummarySchema`."""
    codes = vocabulary.codebook.codes(event.act, event.status)
    return {
        "id": event.id,
        "source": vocabulary.party(event.source),
        "target": vocabulary.party(event.target),
        "act": event.act,
        "status": event.status,
        "root": codes.root,
        "mode": codes.mode,
        "cameo": codes.cameo,
        "quad": codes.quad,
        "intensity": codes.intensity,
        "scale": codes.scale,
        "scale_version": codes.scale_version,
        **dated(event.period),
        "dated_by": event.dated_by,
        "known_by": event.known_by.isoformat(),
        "confidence": event.confidence,
        "unconfirmed": is_unconfirmed(event, vocabulary.codebook),
        "n_mentions": len(event.mentions),
        "n_sources": event.n_sources,
        "owners": list(event.owners),
        "links": {"self": path("events", event.id)},
    }


def event_shape(event: Event, vocabulary: Vocabulary, mentions: Iterable[Mention] | None = None) -> Shape:
    """An event in the shape of `EventSchema`, with `mentions` or, by default, all of its mentions."""
    shown = event.mentions if mentions is None else mentions
    return {**event_summary_shape(event, vocabulary), "mentions": [_mention(mention) for mention in shown]}


def coded_event_shape(said: CodedEvent, vocabulary: Vocabulary) -> Shape:
    """A coded event in the shape of `CodedEventSchema`."""
    codes = vocabulary.codebook.codes(said.act, said.status)
    return {
        "source": vocabulary.party(said.source.party),
        "target": vocabulary.party(said.target.party),
        "act": said.act,
        "status": said.status,
        "root": codes.root,
        "cameo": codes.cameo,
        "quad": codes.quad,
        **dated(said.period),
        "dated_by": said.dated_by,
        "confidence": said.confidence,
        "quote": _span(said.quote),
        "trigger": _span(said.trigger),
    }


def _mention(mention: Mention) -> Shape:
    said = mention.event
    return {
        "article": mention.article_id,
        "source": mention.publisher,
        "owner": mention.owner,
        "reprint_of": mention.reprint_of,
        "published_on": mention.published_on.isoformat(),
        **dated(said.period),
        "dated_by": said.dated_by,
        "confidence": said.confidence,
        "quote": _span(said.quote),
        "trigger": _span(said.trigger),
        "actors": {"source": said.source.text, "target": said.target.text},
        "context": list(said.context),
        "coder_version": mention.coder_version,
        "recorded_at": instant_text(mention.recorded_at),
    }


def _span(span: Span) -> Shape:
    return {"field": span.field, "start": span.start, "end": span.end, "text": span.text}

"""Changes of facets on the wire."""

from collections.abc import Sequence

from marshmallow import Schema, fields

from entente.relations.events import DATED_BY
from entente.relations.periods import PRECISIONS
from entente.relations.states import Change
from entente.services.ports.changes import RecordedChange
from schemas.fields import UnconfirmedChoice, Whole
from schemas.renderer import to_json
from schemas.vocabulary import CHANGE_STATUSES, Shape, instant_text, status_of


class MovedSchema(Schema):
    """A change of a facet, caused by `event` (null if it was caused by the removal of reports)."""

    source = fields.String(required=True, allow_none=True)
    target = fields.String(required=True, allow_none=True)
    facet = fields.String(required=True, allow_none=True)
    item = fields.String(required=True, metadata={"description": "Member of a set facet, else empty"})
    status = fields.String(required=True, metadata={"enum": list(CHANGE_STATUSES)})
    before = fields.String(required=True)
    after = fields.String(required=True)
    effective_on = fields.String(required=True, metadata={"format": "date"})
    precision = fields.String(
        allow_none=True,
        metadata={
            "enum": [*PRECISIONS, None],
            "description": "How precisely `effective_on` is known: of a month or a year it is the first day. Null of "
            "changes that no dated event caused",
        },
    )
    dated_by = fields.String(
        allow_none=True,
        metadata={
            "enum": [*DATED_BY, None],
            "description": "Where `effective_on` is from, as of an event; null of changes that move no facet, and of "
            "those before this was recorded",
        },
    )
    event = fields.String(required=True, allow_none=True)
    confirmed = fields.Boolean(metadata={"description": "True if the value was reported before, but unconfirmed"})
    historic = fields.Boolean(
        required=True,
        metadata={"description": "True if effective over 30 days before it was recorded, or followed by a later value"},
    )


class ChangeSchema(MovedSchema):
    """A row of the changes feed.

    A `retraction` only names the retracted `article`, a `correction` the `article` that superseded another one. The
    changes of either precede it.
    """

    seq = fields.Integer(required=True)
    kind = fields.String(required=True, metadata={"enum": ["facet", "retraction", "correction"]})
    article = fields.UUID(required=True, allow_none=True)
    reason = fields.String(
        allow_none=True,
        metadata={
            "description": "Why, if not because `article` was coded for the first time",
            "enum": ["corrected", "retracted", None],
        },
    )
    supersedes = fields.UUID(
        allow_none=True,
        metadata={"description": "Of a corrected article: the earlier version that `article` supersedes"},
    )
    recorded_at = fields.String(required=True, metadata={"format": "date-time"})


class ChangePageSchema(Schema):
    """Changes in order of their gapless numbers. `next` is the `after` of the next page."""

    changes = fields.List(fields.Nested(ChangeSchema), required=True)
    next = fields.Integer(required=True)


_UNCONFIRMED = "Changes of unconfirmed values; the numbers of those that are left out are missing"


class StreamFilterSchema(Schema):
    """Start of a stream that has no Last-Event-ID."""

    after = Whole(
        low=0,
        high=2**53 - 1,
        load_default=0,
        metadata={"description": "Number of the last change received, 0 for none. Last-Event-ID goes first"},
    )
    unconfirmed = UnconfirmedChoice(_UNCONFIRMED)


class ChangeFilterSchema(Schema):
    """Paging of the changes feed: `after` is the `next` of the previous page."""

    after = Whole(
        low=0,
        high=2**53 - 1,
        load_default=0,
        metadata={"description": "Number of the last change received: `next` of the previous page"},
    )
    unconfirmed = UnconfirmedChoice(_UNCONFIRMED)
    limit = Whole(low=1, high=1000, load_default=100)


def change_shape(recorded: RecordedChange) -> Shape:
    """A row of the changes feed in the shape of `ChangeSchema`."""
    return {
        "seq": recorded.seq,
        "kind": recorded.kind,
        **moved_shape(recorded.change),
        "article": recorded.article_id,
        "reason": recorded.reason,
        "supersedes": recorded.supersedes,
        "recorded_at": instant_text(recorded.recorded_at),
    }


def moved_shape(change: Change) -> Shape:
    """A change in the shape of `MovedSchema`."""
    return {
        "source": change.source or None,
        "target": change.target or None,
        "facet": change.facet or None,
        "item": change.item,
        "status": status_of(change.standing),
        "before": change.before,
        "after": change.after,
        "effective_on": change.effective_on.isoformat(),
        "precision": change.precision,
        "dated_by": change.dated_by,
        "event": change.event or None,
        "confirmed": change.confirmed,
        "historic": change.historic,
    }


#: Kind of a row → type of the message about it.
_MESSAGES = {
    "facet": "relation.changed",
    "retraction": "article.retracted",
    "correction": "article.corrected",
    "test": "subscription.test",
}


def change_message(recorded: RecordedChange) -> bytes:
    """Body of a delivery: the row of the changes feed, in the envelope of Standard Webhooks."""
    return to_json(
        {
            "type": _MESSAGES[recorded.kind],
            "timestamp": instant_text(recorded.recorded_at),
            "data": change_shape(recorded),
        }
    )


def changes_message(recorded: Sequence[RecordedChange]) -> bytes:
    """Body of a message about several changes: their rows, in the same envelope."""
    shapes = [change_shape(one) for one in recorded]
    latest = instant_text(recorded[-1].recorded_at)
    return to_json({"type": "relation.changes", "timestamp": latest, "data": {"changes": shapes}})

"""Changes of facets on the wire."""

from marshmallow import Schema, fields

from entente.services.ports import RecordedChange
from schemas.fields import Whole
from schemas.vocabulary import Shape, moment, status_of


class ChangeSchema(Schema):
    """A facet of a relation moved, because of `event` (null when something was taken back)."""

    seq = fields.Integer(required=True)
    source = fields.String(required=True)
    target = fields.String(required=True)
    facet = fields.String(required=True)
    item = fields.String(required=True, metadata={"description": "Member of a set facet, else empty"})
    status = fields.String(required=True, metadata={"enum": ["effective", "pending", "threatened"]})
    before = fields.String(required=True)
    after = fields.String(required=True)
    effective_on = fields.String(required=True, metadata={"format": "date"})
    event = fields.String(required=True, allow_none=True)
    historic = fields.Boolean(required=True, metadata={"description": "True where it fills history and is no news"})
    article = fields.UUID(required=True, allow_none=True)
    recorded_at = fields.String(required=True, metadata={"format": "date-time"})


class ChangePageSchema(Schema):
    """Changes in the order of their gapless numbers. `next` is the number to ask after next."""

    changes = fields.List(fields.Nested(ChangeSchema), required=True)
    next = fields.Integer(required=True)


class ChangeFilterSchema(Schema):
    """Where to go on in the feed."""

    after = Whole(low=0, high=2**53 - 1, load_default=0)
    limit = Whole(low=1, high=1000, load_default=100)


def change_shape(recorded: RecordedChange) -> Shape:
    """A change of the feed in the shape of `ChangeSchema`."""
    change = recorded.change
    return {
        "seq": recorded.seq,
        "source": change.source,
        "target": change.target,
        "facet": change.facet,
        "item": change.item,
        "status": status_of(change.standing),
        "before": change.before,
        "after": change.after,
        "effective_on": change.effective_on.isoformat(),
        "event": change.event or None,
        "historic": change.historic,
        "article": recorded.article_id,
        "recorded_at": moment(recorded.recorded_at),
    }

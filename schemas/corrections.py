"""What a text, a recode or a retraction changes, on the wire."""

from marshmallow import Schema, fields

from entente.services.curating.corrections import Correction
from schemas.changes import MovedSchema, moved_shape
from schemas.events import CodedEventSchema, coded_event_shape
from schemas.fields import Text
from schemas.vocabulary import Shape, Vocabulary


class OutcomeSchema(Schema):
    """Reports that come and go, and the facets that move. `reason` says why nothing was coded."""

    reason = fields.String(required=True, allow_none=True)
    come = fields.List(fields.Nested(CodedEventSchema), required=True)
    gone = fields.List(fields.Nested(CodedEventSchema), required=True)
    changes = fields.List(fields.Nested(MovedSchema), required=True)


class ReasonSchema(Schema):
    """Why an article is taken back."""

    reason = Text(high=1000, required=True, metadata={"description": "Why, for those who read the record later"})


class PreviewSchema(Schema):
    """Whether to tell what a recode would change instead of doing it."""

    preview = fields.Boolean(load_default=False, truthy={"true"}, falsy={"false"})


def outcome_shape(outcome: Correction, vocabulary: Vocabulary) -> Shape:
    """An outcome in the shape of `OutcomeSchema`."""
    return {
        "reason": outcome.reason,
        "come": [coded_event_shape(event, vocabulary) for event in outcome.come],
        "gone": [coded_event_shape(event, vocabulary) for event in outcome.gone],
        "changes": [moved_shape(change) for change in outcome.changes],
    }

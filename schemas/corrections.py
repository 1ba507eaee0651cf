"""Corrections on the wire: what a trial, a recode or a retraction changes."""

from marshmallow import Schema, fields

from entente.services.curating.corrections import Correction
from schemas.changes import MovedSchema, moved_shape
from schemas.events import CodedEventSchema, coded_event_shape
from schemas.fields import Text
from schemas.vocabulary import Shape, Vocabulary


class OutcomeSchema(Schema):
    """Reports added (`come`) and removed (`gone`), and facets changed. `reason` says why nothing was coded."""

    reason = fields.String(required=True, allow_none=True)
    come = fields.List(fields.Nested(CodedEventSchema), required=True)
    gone = fields.List(fields.Nested(CodedEventSchema), required=True)
    changes = fields.List(fields.Nested(MovedSchema), required=True)


class ReasonSchema(Schema):
    """Reason for a retraction."""

    reason = Text(high=1000, required=True, metadata={"description": "Reason for the retraction, kept in the ledger"})


class PreviewSchema(Schema):
    """Whether to preview a recode instead of starting it."""

    preview = fields.Boolean(load_default=False, truthy={"true"}, falsy={"false"})


def outcome_shape(outcome: Correction, vocabulary: Vocabulary) -> Shape:
    """An outcome in the shape of `OutcomeSchema`."""
    return {
        "reason": outcome.reason,
        "come": [coded_event_shape(event, vocabulary) for event in outcome.come],
        "gone": [coded_event_shape(event, vocabulary) for event in outcome.gone],
        "changes": [moved_shape(change) for change in outcome.changes],
    }

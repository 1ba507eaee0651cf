"""Proposed retractions on the wire."""

from marshmallow import Schema, fields, validate

from entente.services.curating.proposals import Decided
from entente.services.ports.proposals import STATUSES, Proposal
from schemas.corrections import OutcomeSchema, outcome_shape
from schemas.fields import Text, Whole
from schemas.vocabulary import Shape, Vocabulary, instant_text, path


class DecisionSchema(Schema):
    """Author and reason of an analyst's decision."""

    author = Text(high=200, required=True)
    reason = Text(high=1000, required=True)


class ProposalSchema(Schema):
    """A proposal to retract `article`, because of a sentence of the article `notice`.

    The last three are of the analyst's decision, null while the proposal is open.
    """

    id = fields.UUID(required=True)
    article = fields.UUID(required=True)
    notice = fields.UUID(required=True)
    sentence = fields.String(required=True)
    status = fields.String(required=True, metadata={"enum": list(STATUSES)})
    proposed_at = fields.String(required=True, metadata={"format": "date-time"})
    decided_at = fields.String(required=True, allow_none=True, metadata={"format": "date-time"})
    author = fields.String(required=True, allow_none=True)
    reason = fields.String(required=True, allow_none=True)
    links = fields.Dict(keys=fields.String(), values=fields.String(), required=True)


class DecidedProposalSchema(ProposalSchema):
    """A decided proposal; `outcome` is what the retraction changed, null if it was dismissed."""

    outcome = fields.Nested(OutcomeSchema, required=True, allow_none=True)


class ProposalFilterSchema(Schema):
    """Filter and paging: `after` is the `next` of the previous page."""

    status = fields.String(validate=validate.OneOf([*STATUSES, "all"]), load_default="open")
    after = fields.String(load_default="", validate=validate.Length(max=40))
    limit = Whole(low=1, high=500, load_default=100)


class ProposalPageSchema(Schema):
    """Proposals, oldest first. `next` is the `after` of the next page, null at the end of the list."""

    proposals = fields.List(fields.Nested(ProposalSchema), required=True)
    next = fields.String(required=True, allow_none=True)


def proposal_shape(proposal: Proposal) -> Shape:
    """A proposal in the shape of `ProposalSchema`."""
    return {
        "id": proposal.id,
        "article": proposal.article_id,
        "notice": proposal.notice_id,
        "sentence": proposal.sentence,
        "status": proposal.status,
        "proposed_at": instant_text(proposal.proposed_at),
        "decided_at": instant_text(proposal.decided_at),
        "author": proposal.author,
        "reason": proposal.reason,
        "links": {"article": path("articles", proposal.article_id), "notice": path("articles", proposal.notice_id)},
    }


def decided_shape(decided: Decided, vocabulary: Vocabulary) -> Shape:
    """A decided proposal in the shape of `DecidedProposalSchema`."""
    outcome = outcome_shape(decided.outcome, vocabulary) if decided.outcome else None
    return {**proposal_shape(decided.proposal), "outcome": outcome}

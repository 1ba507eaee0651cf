"""Proposed retractions: list, accept and dismiss."""

from typing import Any
from uuid import UUID

from flask import Response

from api.http.answers import ETAG, json_answer, validated
from api.http.blueprint import Blueprint
from api.http.context import system, vocabulary
from api.http.path_parameters import identifier
from entente.services.errors import NotFound
from schemas.proposals import (
    DecidedProposalSchema,
    DecisionSchema,
    ProposalFilterSchema,
    ProposalPageSchema,
    decided_shape,
    proposal_shape,
)

blp = Blueprint("proposals", "Proposed retractions of articles", "/v1/proposals")

_PROPOSAL = [identifier("proposal_id", "Id of a proposal", "01980000-0000-7000-8000-000000000000")]


@blp.route("", methods=["GET"])
@blp.query(ProposalFilterSchema)
@blp.answers(200, ProposalPageSchema, headers=ETAG)
@blp.not_modified()
@blp.fails(422, 503)
def proposals(asked: dict[str, Any]) -> Response:
    """List proposals to retract articles that a notice takes back, oldest first.

    Open ones unless `status` says otherwise.
    """
    status = None if asked["status"] == "all" else asked["status"]
    found = system().proposals.list(status, asked["after"], asked["limit"])
    full = len(found) == asked["limit"]
    return validated({"proposals": [proposal_shape(p) for p in found], "next": found[-1].id if full else None})


@blp.route("/<proposal_id>/accept", methods=["POST"], parameters=_PROPOSAL)
@blp.needs("curate")
@blp.json(DecisionSchema)
@blp.answers(200, DecidedProposalSchema, description="Retracted: the reports removed, and the facets changed")
@blp.fails(400, 404, 409, 413, 415, 422, 503)
def accept(asked: dict[str, str], proposal_id: str) -> Response:
    """Accept a proposal: its article is retracted."""
    decided = system().proposals.accept(_canonical(proposal_id), asked["author"], asked["reason"])
    return json_answer(decided_shape(decided, vocabulary()))


@blp.route("/<proposal_id>/dismiss", methods=["POST"], parameters=_PROPOSAL)
@blp.needs("curate")
@blp.json(DecisionSchema)
@blp.answers(200, DecidedProposalSchema, description="Dismissed: its article stays as it is")
@blp.fails(400, 404, 409, 413, 415, 422, 503)
def dismiss(asked: dict[str, str], proposal_id: str) -> Response:
    """Dismiss a proposal: its article stays as it is."""
    decided = system().proposals.dismiss(_canonical(proposal_id), asked["author"], asked["reason"])
    return json_answer(decided_shape(decided, vocabulary()))


def _canonical(proposal_id: str) -> str:
    try:
        return str(UUID(proposal_id))
    except ValueError:
        raise NotFound("proposal", proposal_id) from None

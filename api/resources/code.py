"""The dry run: what a text says, and what it would change."""

from flask import Response

from api.http.answers import json_answer
from api.http.blueprint import Blueprint
from api.http.context import system, vocabulary
from entente.services.articles import ArticleDraft
from schemas.articles import TrialSchema
from schemas.corrections import OutcomeSchema, outcome_shape

blp = Blueprint("code", "Trying a text without keeping it", "/v1/code")


@blp.route("", methods=["POST"])
@blp.json(TrialSchema)
@blp.answers(200, OutcomeSchema, description="What it says and would change; nothing is stored")
@blp.fails(400, 413, 415, 422, 503)
def try_text(draft: ArticleDraft) -> Response:
    """Tell which events a text reports, which facets they would move, and why nothing was coded. Stores nothing."""
    return json_answer(outcome_shape(system().previews.of_text(draft), vocabulary()))

"""Trials: code a text without storing it."""

from flask import Response

from api.http.answers import json_answer
from api.http.blueprint import Blueprint
from api.http.code_limits import code_limits, rate_limited
from api.http.context import system, vocabulary
from entente.services.articles import ArticleDraft
from schemas.articles import TrialSchema
from schemas.corrections import OutcomeSchema, outcome_shape

blp = Blueprint("code", "Trials: code a text without storing it", "/v1/code")


@blp.route("", methods=["POST"])
@rate_limited
@blp.json(TrialSchema)
@blp.answers(200, OutcomeSchema, description="Its events and the facets that they would change; nothing is stored")
@blp.fails(400, 413, 415, 422, 429, 503)
def try_text(draft: ArticleDraft) -> Response:
    """Code a text without storing it.

    Shows the events that it reports and the facets that they would change, or why nothing was coded.
    """
    limits = code_limits()
    with limits.places.place(limits.client()):
        outcome = system().previews.of_text(draft)
    return json_answer(outcome_shape(outcome, vocabulary()))

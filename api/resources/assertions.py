"""Analysts' entries: events asserted or withdrawn, with author and reason."""

from typing import Any

from flask import Response

from api.http.answers import LOGGED, json_answer, logged
from api.http.blueprint import Blueprint
from api.http.context import system
from api.http.path_parameters import identifier
from entente.services.curating.assertions import Signature
from schemas.assertions import (
    AssertionFilterSchema,
    AssertionPageSchema,
    EnteredSchema,
    NewAssertionSchema,
    SignatureSchema,
    assertion_shape,
    entered_shape,
)

blp = Blueprint("assertions", "Events asserted or withdrawn by analysts", "/v1")

_EVENT = [identifier("event_id", "Id of an event", "RUS.AFG.recognise.effective.2025-07-03")]


@blp.route("/assertions", methods=["POST"])
@blp.needs("curate")
@blp.json(NewAssertionSchema)
@blp.answers(201, EnteredSchema, description="Recorded, with the facets that it changed")
@blp.fails(400, 404, 409, 413, 415, 422, 503)
def enter(asked: dict[str, Any]) -> Response:
    """Assert that an event happened.

    The event gets a history and evidence like any other.
    """
    by = _signature(asked)
    what = (asked["source"], asked["target"], asked["act"], asked["status"], asked["date"])
    return json_answer(entered_shape(system().assertions.enter(by, *what)), 201)


@blp.route("/events/<event_id>/withdraw", methods=["POST"], parameters=_EVENT)
@blp.needs("curate")
@blp.json(SignatureSchema)
@blp.answers(201, EnteredSchema, description="Recorded, with the facets that it changed")
@blp.fails(400, 404, 413, 415, 422, 503)
def withdraw(asked: dict[str, Any], event_id: str) -> Response:
    """Withdraw a reported event that did not happen.

    Its mentions are retired, and later mentions of it are not recorded.
    """
    return json_answer(entered_shape(system().assertions.withdraw(_signature(asked), event_id)), 201)


@blp.route("/assertions", methods=["GET"])
@blp.query(AssertionFilterSchema)
@blp.answers(200, AssertionPageSchema, headers=LOGGED)
@blp.not_modified()
@blp.fails(422, 503)
def assertions(asked: dict[str, Any]) -> Response:
    """List analysts' entries, oldest first."""
    found = system().assertions.list(asked["after"], asked["limit"])
    full = len(found) == asked["limit"]
    shape = {"assertions": [assertion_shape(a) for a in found], "next": found[-1].id if full else None}
    return logged(shape, [assertion.recorded_at for assertion in found])


def _signature(asked: dict[str, Any]) -> Signature:
    return Signature(asked["author"], asked["reason"], asked["reference"])

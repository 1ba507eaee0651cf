"""Analysts' entries: events asserted, confirmed, rejected or withdrawn, with author and reason."""

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
    DecidedSchema,
    DecisionsSchema,
    EnteredSchema,
    NewAssertionSchema,
    SignatureSchema,
    assertion_shape,
    decided_shape,
    entered_shape,
)

blp = Blueprint("assertions", "Events asserted, confirmed, rejected or withdrawn by analysts", "/v1")

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


@blp.route("/events/<event_id>/confirm", methods=["POST"], parameters=_EVENT)
@blp.needs("curate")
@blp.json(SignatureSchema)
@blp.answers(201, EnteredSchema, description="Recorded, with the facets that it changed")
@blp.fails(400, 404, 409, 413, 415, 422, 503)
def confirm(asked: dict[str, Any], event_id: str) -> Response:
    """Confirm a reported event that happened as it is coded.

    It is then above any floor. Retract the entry's article to take it back.
    """
    return json_answer(entered_shape(system().assertions.confirm(_signature(asked), event_id)), 201)


@blp.route("/events/<event_id>/reject", methods=["POST"], parameters=_EVENT)
@blp.needs("curate")
@blp.json(SignatureSchema)
@blp.answers(201, EnteredSchema, description="Recorded, with the facets that it changed")
@blp.fails(400, 404, 413, 415, 422, 503)
def reject(asked: dict[str, Any], event_id: str) -> Response:
    """Reject a reported event that is not as it is coded.

    Its mentions are retired, and later mentions of it are not recorded.
    """
    return json_answer(entered_shape(system().assertions.reject(_signature(asked), event_id)), 201)


@blp.route("/assertions/decisions", methods=["POST"])
@blp.needs("curate")
@blp.json(DecisionsSchema)
@blp.answers(201, DecidedSchema, description="All recorded, with the facets that they changed")
@blp.fails(400, 404, 409, 413, 415, 422, 503)
def decide(asked: dict[str, Any]) -> Response:
    """Confirm and reject a list of reported events.

    All are recorded or, if one of them is not there, none.
    """
    made = system().assertions.decide(_signature(asked), asked["confirm"], asked["reject"])
    return json_answer(decided_shape(made), 201)


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

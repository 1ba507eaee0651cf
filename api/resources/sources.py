"""Senders of webhooks: registering them, changing their secrets, letting them go."""

from flask import Response

from api.http.answers import json_answer
from api.http.blueprint import Blueprint
from api.http.context import system
from api.http.path_parameters import identifier
from schemas.sources import (
    MadeSourceSchema,
    NewSourceSchema,
    SourceListSchema,
    SourceSchema,
    made_source_shape,
    source_shape,
)

blp = Blueprint("sources", "Registered senders of webhooks", "/v1/sources")

_SOURCE = [identifier("name", "Name of a registered source", "demo")]


@blp.route("", methods=["POST"])
@blp.needs("admin")
@blp.json(NewSourceSchema)
@blp.answers(201, MadeSourceSchema, description="Registered; its secret is not shown again")
@blp.fails(400, 409, 413, 415, 422, 503)
def add_source(asked: dict[str, str]) -> Response:
    """Register a sender, with a secret for its signatures (Standard Webhooks)."""
    return json_answer(made_source_shape(system().sources.add(asked["name"])), 201)


@blp.route("", methods=["GET"])
@blp.needs("admin")
@blp.answers(200, SourceListSchema)
@blp.fails(422, 503)
def sources() -> Response:
    """List every sender, those that were removed too."""
    return json_answer({"sources": [source_shape(source) for source in system().sources.list()]})


@blp.route("/<name>/rotate", methods=["POST"], parameters=_SOURCE)
@blp.needs("admin")
@blp.answers(200, MadeSourceSchema, description="A new secret; the one before is accepted beside it")
@blp.fails(404, 422, 503)
def rotate_source(name: str) -> Response:
    """Give a sender a new secret; the one before verifies until the next rotation."""
    return json_answer(made_source_shape(system().sources.rotate(name)))


@blp.route("/<name>", methods=["DELETE"], parameters=_SOURCE)
@blp.needs("admin")
@blp.answers(200, SourceSchema)
@blp.fails(404, 422, 503)
def remove_source(name: str) -> Response:
    """Take no more deliveries from a sender; what it sent stays."""
    return json_answer(source_shape(system().sources.remove(name)))

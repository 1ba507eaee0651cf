"""Senders of webhooks: register, list, rotate the secret of, and remove."""

from typing import Any

from flask import Response

from api.http.answers import ETAG, json_answer, validated
from api.http.blueprint import Blueprint
from api.http.context import system
from api.http.path_parameters import identifier
from schemas.sources import (
    BoundPublishersSchema,
    MadeSourceSchema,
    NewSourceSchema,
    SourceListSchema,
    SourceSchema,
    made_source_shape,
    source_shape,
)

blp = Blueprint("sources", "Registered senders of webhooks", "/v1/sources")

_SOURCE = [identifier("name", "Name of a registered sender", "demo")]


@blp.route("", methods=["POST"])
@blp.needs("admin")
@blp.json(NewSourceSchema)
@blp.answers(201, MadeSourceSchema, description="Registered; the secret is not shown again")
@blp.fails(400, 409, 413, 415, 422, 503)
def add_source(asked: dict[str, Any]) -> Response:
    """Register a sender, with a new secret for its signatures (Standard Webhooks).

    It may deliver articles of `publishers` only; without them, of a publisher called as itself.
    """
    return json_answer(made_source_shape(system().sources.add(asked["name"], asked.get("publishers", ()))), 201)


@blp.route("", methods=["GET"])
@blp.needs("admin")
@blp.answers(200, SourceListSchema, headers=ETAG)
@blp.not_modified()
@blp.fails(422, 503)
def sources() -> Response:
    """List every sender, removed ones too."""
    return validated({"sources": [source_shape(source) for source in system().sources.list()]})


@blp.route("/<name>/publishers", methods=["PUT"], parameters=_SOURCE)
@blp.needs("admin")
@blp.json(BoundPublishersSchema)
@blp.answers(200, SourceSchema)
@blp.fails(400, 404, 413, 415, 422, 503)
def bind_source(asked: dict[str, Any], name: str) -> Response:
    """Set the publishers whose articles a sender may deliver."""
    return json_answer(source_shape(system().sources.bind(name, asked["publishers"])))


@blp.route("/<name>/rotate", methods=["POST"], parameters=_SOURCE)
@blp.needs("admin")
@blp.answers(200, MadeSourceSchema, description="The new secret; the previous one stays valid beside it")
@blp.fails(404, 422, 503)
def rotate_source(name: str) -> Response:
    """Give a sender a new secret.

    The previous secret stays valid until the next rotation. A removed sender becomes active again.
    """
    return json_answer(made_source_shape(system().sources.rotate(name)))


@blp.route("/<name>", methods=["DELETE"], parameters=_SOURCE)
@blp.needs("admin")
@blp.answers(200, SourceSchema)
@blp.fails(404, 422, 503)
def remove_source(name: str) -> Response:
    """Remove a sender: its later deliveries are refused, its articles stay."""
    return json_answer(source_shape(system().sources.remove(name)))

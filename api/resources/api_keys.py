"""API keys: create, list and revoke."""

from typing import Any

from flask import Response

from api.http.answers import ETAG, json_answer, validated
from api.http.blueprint import Blueprint
from api.http.context import system
from api.http.path_parameters import identifier
from schemas.api_keys import KeyListSchema, KeySchema, MadeKeySchema, NewKeySchema, key_shape, made_key_shape

blp = Blueprint("keys", "API keys with scopes: read, ingest, curate, admin", "/v1/keys")


@blp.route("", methods=["POST"])
@blp.needs("admin")
@blp.json(NewKeySchema)
@blp.answers(201, MadeKeySchema, description="Created; the token is not shown again")
@blp.fails(400, 413, 415, 422, 503)
def add_key(asked: dict[str, Any]) -> Response:
    """Create an API key with its scopes and, optionally, an expiry."""
    return json_answer(made_key_shape(system().keys.add(**asked)), 201)


@blp.route("", methods=["GET"])
@blp.needs("admin")
@blp.answers(200, KeyListSchema, headers=ETAG)
@blp.not_modified()
@blp.fails(422, 503)
def keys() -> Response:
    """List every API key, revoked ones too, without tokens."""
    return validated({"keys": [key_shape(key) for key in system().keys.list()]})


@blp.route("/<key_id>", methods=["DELETE"], parameters=[identifier("key_id", "Id of a key", "0123456789")])
@blp.needs("admin")
@blp.answers(200, KeySchema)
@blp.fails(404, 422, 503)
def revoke_key(key_id: str) -> Response:
    """Revoke an API key permanently."""
    return json_answer(key_shape(system().keys.revoke(key_id)))

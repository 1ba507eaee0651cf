"""Signed deliveries of registered sources."""

from functools import partial
from typing import Any

from flask import Response, request

from api.http.answers import LOCATION, accepted
from api.http.blueprint import Blueprint
from api.http.body import raw_json_body
from api.http.context import system
from api.http.path_parameters import identifier
from schemas.articles import parse_draft
from schemas.facets import reference
from schemas.reports import AcceptedSchema

blp = Blueprint("webhooks", "Signed deliveries (Standard Webhooks)", "/v1/webhooks")

_SIGNED: list[dict[str, Any]] = [
    {"in": "header", "name": name, "required": True, "schema": {"type": "string"}, "description": text}
    for name, text in (
        ("webhook-id", "Names the delivery: sent again under the same id, it is taken once"),
        ("webhook-timestamp", "Seconds since 1970, at most five minutes off"),
        ("webhook-signature", "`v1,` and the base64 HMAC-SHA256 of `id.timestamp.body`; several by space"),
    )
]


@blp.route("/<source>", methods=["POST"], parameters=[identifier("source", "Name of a registered source", "demo")])
@blp.needs(None)
@blp.describes(
    parameters=_SIGNED,
    requestBody={"required": True, "content": {"application/json": {"schema": reference("ArticleDraft")}}},
)
@blp.answers(202, AcceptedSchema, description="Stored; it will be coded", headers=LOCATION)
@blp.also(
    200, AcceptedSchema, description="Delivered before, or the same content: the first one's id", headers=LOCATION
)
@blp.fails(400, 401, 404, 413, 415, 422, 503)
def receive(source: str) -> Response:
    """Take a signed article in; the signature is checked over the raw body before anything is read of it."""
    body = raw_json_body(request)
    parse = partial(parse_draft, publisher=source)
    return accepted(system().ingest.receive(source, dict(request.headers), body, parse))

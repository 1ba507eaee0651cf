"""Signed deliveries from registered senders."""

from typing import Any

from flask import Response, request

from api.http.answers import LOCATION, json_answer
from api.http.blueprint import Blueprint
from api.http.body import raw_json_body
from api.http.context import system
from api.http.path_parameters import identifier
from schemas.articles import DELIVERY, parse_delivery
from schemas.reports import AcceptedSchema, received_shape

blp = Blueprint("webhooks", "Signed deliveries (Standard Webhooks)", "/v1/webhooks")

_SIGNED: list[dict[str, Any]] = [
    {"in": "header", "name": name, "required": True, "schema": {"type": "string"}, "description": text}
    for name, text in (
        ("webhook-id", "Id of the delivery; a repeat under the same id is not stored again"),
        ("webhook-timestamp", "Unix time in seconds, at most five minutes off"),
        ("webhook-signature", "`v1,` and the base64 HMAC-SHA256 of `id.timestamp.body`; several with spaces between"),
    )
]


@blp.route("/<source>", methods=["POST"], parameters=[identifier("source", "Name of a registered sender", "demo")])
@blp.needs(None)
@blp.describes(
    parameters=_SIGNED,
    requestBody={"required": True, "content": {"application/json": {"schema": DELIVERY}}},
)
@blp.answers(202, AcceptedSchema, description="Stored; it will be coded", headers=LOCATION)
@blp.also(200, AcceptedSchema, description="Delivered or stored before; `id` is the first article's", headers=LOCATION)
@blp.fails(400, 401, 403, 404, 409, 413, 415, 422, 503)
def receive(source: str) -> Response:
    """Receive a signed article from a registered sender, or several.

    The body is an article, or Standard Webhooks' `{type, timestamp, data}` with an article or a list of them. The
    signature is checked over the raw body before the body is parsed. Several are stored together or not at all; `id` is
    then the first one's, and `articles` has all of them unless the delivery is a repeat. An article's publisher
    (`source`) must be one of the sender's; without it the article is the sender's own, or its only publisher's.
    """
    body = raw_json_body(request)
    received = system().ingest.receive(source, dict(request.headers), body, parse_delivery)
    shape = received_shape(received)
    status = 202 if received.first.created else 200
    return json_answer(shape, status, {"Location": shape["links"]["self"]})

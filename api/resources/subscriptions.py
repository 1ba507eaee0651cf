"""Subscriptions to changes, and their deliveries."""

from typing import Any

from flask import Response

from api.http.answers import ETAG, json_answer, validated
from api.http.blueprint import Blueprint
from api.http.context import system
from api.http.path_parameters import identifier
from api.http.wants import wants_of
from schemas.feeds import ActiveSchema
from schemas.subscriptions import (
    DeliveryFilterSchema,
    DeliveryPageSchema,
    DeliverySchema,
    MadeSubscriptionSchema,
    NewSubscriptionSchema,
    SubscriptionListSchema,
    SubscriptionSchema,
    delivery_shape,
    made_subscription_shape,
    subscription_shape,
)
from schemas.timing import timing_of

blp = Blueprint("subscriptions", "Subscriptions to changes by signed POST or e-mail", "/v1/subscriptions")

_EXAMPLE = "01980000-0000-7000-8000-000000000000"
_SUBSCRIPTION = [identifier("subscription_id", "Id of a subscription", _EXAMPLE)]


@blp.route("", methods=["POST"])
@blp.needs("admin")
@blp.json(NewSubscriptionSchema)
@blp.answers(201, MadeSubscriptionSchema, description="Created; the secret is not shown again")
@blp.fails(400, 404, 409, 413, 415, 422, 503)
def add_subscription(asked: dict[str, Any]) -> Response:
    """Subscribe an endpoint to later changes, sent by signed POST (Standard Webhooks), or an e-mail address."""
    wanted, timing = wants_of(asked["wants"]), timing_of(asked["timing"])
    made = system().subscriptions.add(asked["url"], wanted, asked["format"], timing)
    return json_answer(made_subscription_shape(made), 201)


@blp.route("", methods=["GET"])
@blp.needs("admin")
@blp.answers(200, SubscriptionListSchema, headers=ETAG)
@blp.not_modified()
@blp.fails(422, 503)
def subscriptions() -> Response:
    """List every subscription, disabled ones too."""
    found = system().subscriptions.list()
    return validated({"subscriptions": [subscription_shape(subscription) for subscription in found]})


@blp.route("/<subscription_id>", methods=["GET"], parameters=_SUBSCRIPTION)
@blp.needs("admin")
@blp.answers(200, SubscriptionSchema, headers=ETAG)
@blp.not_modified()
@blp.fails(404, 422, 503)
def subscription(subscription_id: str) -> Response:
    """Show a subscription and whether its deliveries succeed."""
    return validated(subscription_shape(system().subscriptions.get(subscription_id)))


@blp.route("/<subscription_id>", methods=["PATCH"], parameters=_SUBSCRIPTION)
@blp.needs("admin")
@blp.json(ActiveSchema)
@blp.answers(200, SubscriptionSchema)
@blp.fails(400, 404, 413, 415, 422, 503)
def change_subscription(asked: dict[str, bool], subscription_id: str) -> Response:
    """Stop or resume a subscription.

    A resumed subscription also gets the changes made meanwhile.
    """
    return json_answer(subscription_shape(system().subscriptions.set_active(subscription_id, asked["active"])))


@blp.route("/<subscription_id>", methods=["DELETE"], parameters=_SUBSCRIPTION)
@blp.needs("admin")
@blp.answers(200, SubscriptionSchema, description="What it was")
@blp.fails(404, 422, 503)
def remove_subscription(subscription_id: str) -> Response:
    """Remove a subscription with the records of its deliveries."""
    return json_answer(subscription_shape(system().subscriptions.remove(subscription_id)))


@blp.route("/<subscription_id>/deliveries", methods=["GET"], parameters=_SUBSCRIPTION)
@blp.needs("admin")
@blp.query(DeliveryFilterSchema)
@blp.answers(200, DeliveryPageSchema, headers=ETAG)
@blp.not_modified()
@blp.fails(404, 422, 503)
def deliveries(asked: dict[str, int], subscription_id: str) -> Response:
    """List the deliveries of a subscription with their attempts, newest change first."""
    found = system().subscriptions.deliveries(subscription_id, asked["before"], asked["limit"])
    full = len(found) == asked["limit"]
    return validated(
        {"deliveries": [delivery_shape(delivery) for delivery in found], "next": found[-1].seq if full else None}
    )


@blp.route(
    "/<subscription_id>/deliveries/<delivery_id>/replay",
    methods=["POST"],
    parameters=[*_SUBSCRIPTION, identifier("delivery_id", "Id of a delivery", _EXAMPLE)],
)
@blp.needs("admin")
@blp.answers(202, DeliverySchema, description="It will be sent again")
@blp.fails(404, 409, 422, 503)
def replay(subscription_id: str, delivery_id: str) -> Response:
    """Send a delivery again, whatever its status."""
    return json_answer(delivery_shape(system().subscriptions.replay(subscription_id, delivery_id)), 202)

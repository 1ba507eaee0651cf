"""Subscriptions and their deliveries on the wire. The secret is shown once, in the response that creates it."""

from typing import Any

from marshmallow import Schema, fields, validate

from entente.services.ports.subscriptions import Delivery, Subscription
from schemas.fields import Flag, Text, WebAddress, Whole
from schemas.vocabulary import Shape, instant_text, path

_MANY = validate.Length(max=100)


class WantsSchema(Schema):
    """Filters on changes; an empty list doesn't filter. Retractions are sent to every subscription."""

    countries = fields.List(
        Text(high=80), load_default=list, validate=_MANY, metadata={"description": "Either party is one of these"}
    )
    pairs = fields.List(
        fields.List(Text(high=80), validate=validate.Length(equal=2)),
        load_default=list,
        validate=_MANY,
        metadata={"description": "The parties are one of these pairs, in either direction"},
    )
    facets = fields.List(Text(high=80), load_default=list, validate=_MANY)
    to_values = fields.List(
        Text(high=80), load_default=list, validate=_MANY, metadata={"description": "Values after the change"}
    )
    historic = Flag(load_default=False, metadata={"description": "Whether to send historic changes too"})
    unconfirmed = Flag(
        load_default=False, metadata={"description": "Whether to send changes of unconfirmed values too"}
    )


class NewSubscriptionSchema(Schema):
    """A new subscription: an endpoint for signed POSTs, and its filters."""

    url = WebAddress(required=True)
    wants = fields.Nested(WantsSchema, load_default=lambda: WantsSchema().load({}))


class SubscriptionSchema(Schema):
    """A subscription, without its secret."""

    id = fields.UUID(required=True)
    url = fields.String(required=True)
    wants = fields.Nested(WantsSchema, required=True)
    active = fields.Boolean(required=True)
    disabled_because = fields.String(required=True, allow_none=True)
    created_at = fields.String(required=True, metadata={"format": "date-time"})
    failing_since = fields.String(required=True, allow_none=True, metadata={"format": "date-time"})
    last_success_at = fields.String(required=True, allow_none=True, metadata={"format": "date-time"})
    links = fields.Dict(keys=fields.String(), values=fields.String(), required=True)


class MadeSubscriptionSchema(SubscriptionSchema):
    """A new subscription with its `secret`, which verifies its deliveries and is never shown again."""

    secret = fields.String(required=True)


class SubscriptionListSchema(Schema):
    """Every subscription, oldest first."""

    subscriptions = fields.List(fields.Nested(SubscriptionSchema), required=True)


class AttemptSchema(Schema):
    """One attempt to deliver."""

    at = fields.String(required=True, metadata={"format": "date-time"})
    status = fields.Integer(
        required=True, allow_none=True, metadata={"description": "HTTP status of the response; null without one"}
    )
    error = fields.String(required=True, allow_none=True)


class DeliverySchema(Schema):
    """The delivery of one change to one subscription, with its attempts."""

    id = fields.UUID(required=True, metadata={"description": "Its webhook-id header"})
    seq = fields.Integer(required=True, metadata={"description": "Number of the change in the feed"})
    status = fields.String(required=True, metadata={"enum": ["pending", "delivered", "failed"]})
    created_at = fields.String(required=True, metadata={"format": "date-time"})
    next_attempt_at = fields.String(required=True, allow_none=True, metadata={"format": "date-time"})
    attempts = fields.List(fields.Nested(AttemptSchema), required=True)


class DeliveryFilterSchema(Schema):
    """Paging of the deliveries: `before` is the `next` of the previous page."""

    before = Whole(low=0, high=2**53 - 1, load_default=0)
    limit = Whole(low=1, high=500, load_default=100)


class DeliveryPageSchema(Schema):
    """Deliveries, newest change first. `next` is the `before` of the next page, null at the end."""

    deliveries = fields.List(fields.Nested(DeliverySchema), required=True)
    next = fields.Integer(required=True, allow_none=True)


def subscription_shape(subscription: Subscription) -> Shape:
    """A subscription in the shape of `SubscriptionSchema`."""
    wants, here = subscription.wants, path("subscriptions", subscription.id)
    return {
        "id": subscription.id,
        "url": subscription.url,
        "wants": {
            "countries": list(wants.countries),
            "pairs": [list(pair) for pair in wants.pairs],
            "facets": list(wants.facets),
            "to_values": list(wants.to_values),
            "historic": wants.historic,
            "unconfirmed": wants.unconfirmed,
        },
        "active": subscription.active,
        "disabled_because": subscription.disabled_because,
        "created_at": instant_text(subscription.created_at),
        "failing_since": instant_text(subscription.failing_since),
        "last_success_at": instant_text(subscription.last_success_at),
        "links": {"self": here, "deliveries": f"{here}/deliveries"},
    }


def made_subscription_shape(subscription: Subscription) -> Shape:
    """A new subscription in the shape of `MadeSubscriptionSchema`."""
    return {**subscription_shape(subscription), "secret": subscription.secret}


def delivery_shape(delivery: Delivery) -> Shape:
    """A delivery in the shape of `DeliverySchema`."""
    attempts: list[dict[str, Any]] = [
        {"at": instant_text(attempt.at), "status": attempt.status, "error": attempt.error}
        for attempt in delivery.attempts
    ]
    return {
        "id": delivery.id,
        "seq": delivery.seq,
        "status": delivery.status,
        "created_at": instant_text(delivery.created_at),
        "next_attempt_at": instant_text(delivery.next_attempt_at),
        "attempts": attempts,
    }

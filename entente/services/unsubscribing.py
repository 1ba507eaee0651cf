"""Unsubscribe links: signed with the subscription's secret, so that only a recipient of a message has one."""

import hashlib
import hmac

from entente.services.ports.subscriptions import Subscription

#: What else the secret signs can't be taken for a link.
_PURPOSE = "unsubscribe"


def unsubscribe_path(subscription: Subscription) -> str:
    """The path of the subscription's unsubscribe link in this API."""
    return f"/v1/unsubscribe/{subscription.id}/{_signature(subscription)}"


def is_signed(subscription: Subscription, signature: str) -> bool:
    """True if this is the signature in the subscription's unsubscribe link."""
    return hmac.compare_digest(_signature(subscription).encode(), signature.encode("utf-8", "replace"))


def _signature(subscription: Subscription) -> str:
    signed = f"{_PURPOSE}:{subscription.id}".encode()
    return hmac.new(subscription.secret.encode(), signed, hashlib.sha256).hexdigest()

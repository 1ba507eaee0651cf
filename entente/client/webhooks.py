"""Verify what Entente delivers to subscribers: Standard Webhooks, with the reference library."""

import json
from collections.abc import Mapping, Sequence
from typing import TypedDict, cast

from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from entente.client.errors import BadSignature
from entente.client.shapes import Change


class Delivery(TypedDict):
    """The body of a delivery. `type`: `relation.changed`, `article.retracted` or `article.corrected`.

    `subscription.test`, of a test message, stands for no change.
    """

    type: str
    timestamp: str
    data: Change


def verify(secret: str | Sequence[str], headers: Mapping[str, str], body: bytes) -> Delivery:
    """The content of a genuine delivery. Raises BadSignature for any other.

    `secret` is the subscription's (`whsec_…`), or several while one replaces another. `body` must be the bytes that
    came: parsed and written again, they have another signature. A delivery may come more than once: `seq` of its
    `data` tells whether it was here before.
    """
    given = {name.lower(): value for name, value in headers.items()}
    secrets = [secret] if isinstance(secret, str) else secret
    if not any(_matches(one, given, body) for one in secrets):
        raise BadSignature("not signed with the secret, altered on the way, or more than five minutes old")
    return cast("Delivery", json.loads(body))


def _matches(secret: str, headers: dict[str, str], body: bytes) -> bool:
    try:
        Webhook(secret).verify(body, headers, json_parse=False)
    except (WebhookVerificationError, ValueError):  # binascii.Error and UnicodeDecodeError are ValueErrors
        return False
    return True

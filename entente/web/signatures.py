"""Verify Standard Webhooks signatures of deliveries (https://www.standardwebhooks.com) with the reference library.

The library takes one secret, raises three kinds of error on hostile headers, and gives up at the first malformed one
of several signatures; this module wraps it so that a delivery is genuine, Malformed or Forbidden.
"""

from collections.abc import Iterator, Mapping, Sequence

from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from entente.services.errors import Forbidden, Malformed

#: Most signatures that are checked; senders rotate between a few secrets, and each check costs time.
MAX_SIGNATURES = 10
MAX_ID_LENGTH = 256
_HEADERS = ("webhook-id", "webhook-timestamp", "webhook-signature")


class StandardWebhookVerifier:
    """The `WebhookVerifier` port: HMAC-SHA256 over `id.timestamp.body`, tolerance five minutes, several secrets."""

    def verify(self, secrets: Sequence[str], headers: Mapping[str, str], body: bytes) -> str:
        """The webhook id of a genuine and fresh delivery. Raises Malformed and Forbidden with the reason."""
        given = {name.lower(): value for name, value in headers.items() if name.lower() in _HEADERS}
        missing = [name for name in _HEADERS if not given.get(name)]
        if missing:
            raise Forbidden(f"missing header {', '.join(missing)}")
        webhook_id, timestamp = given["webhook-id"], given["webhook-timestamp"]
        if len(webhook_id) > MAX_ID_LENGTH or not (webhook_id.isascii() and webhook_id.isprintable()):
            raise Malformed("webhook-id", f"webhook-id must be at most {MAX_ID_LENGTH} printable ASCII characters")
        if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
            raise Forbidden("webhook-timestamp must be whole seconds since 1970")
        return self._matching(secrets, webhook_id, timestamp, given["webhook-signature"], body)

    def _matching(self, secrets: Sequence[str], webhook_id: str, timestamp: str, signatures: str, body: bytes) -> str:
        reason = "no signature of a known version (v1)"
        for secret in secrets:
            for signature in _candidates(signatures):
                headers = {"webhook-id": webhook_id, "webhook-timestamp": timestamp, "webhook-signature": signature}
                try:
                    Webhook(secret).verify(body, headers, json_parse=False)
                    return webhook_id
                except WebhookVerificationError as error:
                    reason = str(error)
                except ValueError:  # binascii.Error and UnicodeDecodeError are ValueErrors
                    reason = "No matching signature found"
        raise Forbidden(reason[:1].lower() + reason[1:])


def _candidates(signatures: str) -> Iterator[str]:
    for signature in signatures.split(" ")[:MAX_SIGNATURES]:
        if signature.startswith("v1,") and signature.count(",") == 1 and signature.isascii():
            yield signature

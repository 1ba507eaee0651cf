"""The Sender port for webhooks: POST signed messages (Standard Webhooks), under the address checks of the fetcher."""

import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import requests
from requests_hardened.ip_filter import InvalidIPAddress
from standardwebhooks.webhooks import Webhook

from entente.services.ports.alerts import Alert
from entente.services.ports.fetching import FetchFailed
from entente.services.ports.subscriptions import Answer, Subscription
from entente.web.fetcher import plainly, retry_at
from entente.web.guard import Deadline, GuardedAdapter, check_url

MAX_SECONDS = 15.0
_TIMEOUT = (5.0, 15.0)


class SigningCourier:
    """Sends with the User-Agent `user_agent`. `loopback` allows endpoints on this machine, on any port."""

    #: A card for Teams may have 28 KB, a message for Slack 50 blocks.
    most = 20

    def __init__(
        self, user_agent: str, body_of: Callable[[Subscription, Sequence[Alert]], bytes], *, loopback: bool = False
    ) -> None:
        """`body_of` renders a message, in JSON of the subscription's format."""
        self._agent = user_agent
        self._body_of = body_of
        self._loopback = loopback

    def server(self, subscription: Subscription) -> str:
        """The endpoint itself."""
        return subscription.url

    def send(self, subscription: Subscription, message_id: str, alerts: Sequence[Alert]) -> Answer:
        """Post one message; never raises for a failed delivery. Redirects are not followed."""
        return self.post(subscription.url, subscription.secret, message_id, self._body_of(subscription, alerts))

    def post(self, url: str, secret: str, message_id: str, body: bytes) -> Answer:
        """Post one message; never raises for a failed delivery. Redirects are not followed."""
        at = datetime.now(UTC)
        headers = {
            "Content-Type": "application/json",
            "User-Agent": self._agent,
            "webhook-id": message_id,
            "webhook-timestamp": str(int(at.timestamp())),
            "webhook-signature": Webhook(secret).sign(message_id, at, body.decode()),
        }
        deadline = Deadline(MAX_SECONDS)
        begun = time.monotonic()
        try:
            check_url(url, loopback=self._loopback)
            with deadline.running(), requests.Session() as session:
                session.trust_env = False
                for scheme in ("http", "https"):
                    session.mount(f"{scheme}://", GuardedAdapter(scheme, deadline, loopback=self._loopback))
                with session.post(
                    url, data=body, headers=headers, timeout=_TIMEOUT, stream=True, allow_redirects=False
                ) as answer:
                    return Answer(answer.status_code, None, retry_at(answer.headers.get("Retry-After")))
        except FetchFailed as error:
            return Answer(None, str(error))
        except InvalidIPAddress:
            return Answer(None, "the address is not on the public internet")
        except (requests.RequestException, OSError, ValueError) as error:
            late = deadline.passed or time.monotonic() - begun >= MAX_SECONDS
            return Answer(None, f"no answer within {MAX_SECONDS:.0f} seconds" if late else plainly(error))

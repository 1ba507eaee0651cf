"""Ports: subscriptions to changes, their deliveries, and what sends them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from entente.services.ports.alerts import Alert
from entente.services.ports.wants import Wants

#: How a subscriber is reached. An e-mail subscription's `url` is MAILTO and the address.
WEBHOOK, EMAIL = "webhook", "email"
KINDS = (WEBHOOK, EMAIL)
MAILTO = "mailto:"

#: Bodies of a webhook: the change as JSON, what Slack's incoming webhooks take, or a message with an Adaptive Card.
JSON, SLACK, ADAPTIVE_CARD = "json", "slack", "adaptive_card"
FORMATS = (JSON, SLACK, ADAPTIVE_CARD)


@dataclass(frozen=True, slots=True)
class Timing:
    """When messages are sent, on the clocks of the time zone `zone` (IANA).

    `group_minutes`: all changes of so many minutes, counted from midnight, come in one message at their end; 0: at
    once. From `quiet_from` until before `quiet_until` (HH:MM) nothing is sent; both are None without quiet hours.
    """

    group_minutes: int = 0
    quiet_from: str | None = None
    quiet_until: str | None = None
    zone: str = "UTC"


AT_ONCE = Timing()


@dataclass(frozen=True, slots=True)
class Subscription:
    """A subscription. `secret` (`whsec_…`) signs messages and unsubscribe links.

    `seen` is the number of the last change processed for it. `format` is that of a webhook's bodies.
    """

    id: str
    url: str
    secret: str
    wants: Wants
    active: bool
    created_at: datetime
    seen: int
    disabled_because: str | None = None
    failing_since: datetime | None = None
    last_success_at: datetime | None = None
    kind: str = WEBHOOK
    format: str = JSON
    timing: Timing = AT_ONCE

    @property
    def groups(self) -> bool:
        """Whether a message tells of several changes: for people always, for programs if they ask for it."""
        return self.timing.group_minutes > 0 or self.kind == EMAIL or self.format != JSON


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt to deliver. `status` is the HTTP status or SMTP reply code, None without a response."""

    at: str
    status: int | None
    error: str | None


@dataclass(frozen=True, slots=True)
class Delivery:
    """The delivery of one change to a subscriber. `status`: pending, delivered or failed.

    Deliveries of one subscription with the same `grouped_at` are sent in one message; None: in one of its own.
    """

    id: str
    subscription_id: str
    seq: int
    status: str
    attempts: Sequence[Attempt]
    created_at: datetime
    next_attempt_at: datetime | None
    grouped_at: datetime | None = None


class SubscriptionBook(Protocol):
    """The ledger's subscriptions and deliveries."""

    def add(self, subscription: Subscription) -> None: ...

    def get(self, id: str) -> Subscription | None: ...

    def list(self) -> list[Subscription]:
        """All subscriptions, oldest first, including disabled ones."""

    def behind(self, last: int) -> Sequence[str]:
        """Ids of active subscriptions with unprocessed changes up to number `last`."""

    def lock(self, id: str) -> Subscription | None:
        """A subscription, locked until the unit of work ends; None if there is none of that id."""

    def note(self, subscription: Subscription) -> None:
        """Store a subscription."""

    def prepare(self, deliveries: Sequence[Delivery]) -> None:
        """Store new deliveries; one whose (subscription, change) is stored already is skipped."""

    def delivery(self, id: str) -> Delivery | None: ...

    def deliveries(self, subscription_id: str, after: int, limit: int) -> Sequence[Delivery]:
        """Deliveries of changes numbered below `after` (0: all), newest first."""

    def due(self, now: datetime, limit: int, each: int, each_failing: int) -> Sequence[str]:
        """Ids of due deliveries of active subscriptions: the oldest of each, then the second of each, and so on.

        Of one subscription at most `each`, less those that are claimed now; `each_failing` if its last attempt failed.
        """

    def next_due(self, subscription_id: str, after: int, now: datetime) -> str | None:
        """Id of the first due delivery of a change numbered above `after`, locked until the unit of work ends."""

    def claim(self, id: str, now: datetime, until: datetime) -> Delivery | None:
        """Claim a due delivery until `until`; None if it isn't due or is claimed."""

    def claim_rest(self, claimed: Delivery, now: datetime, until: datetime, limit: int) -> Sequence[Delivery]:
        """Claim up to `limit` other due deliveries of the message of a claimed one, by change.

        Lock the subscription first, lest two workers share a message out between them.
        """

    def settle(self, delivery: Delivery) -> None:
        """Store a delivery after an attempt, and release its claim."""

    def forget(self, id: str, limit: int) -> int:
        """Delete up to `limit` deliveries of a subscription, and itself if that were all; their number."""

    def prune(self, before: datetime, limit: int) -> int:
        """Delete up to `limit` deliveries made before then that are delivered or failed; their number."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A server's response: HTTP status or SMTP reply code, or error without one. `retry_at`: Retry-After as a time.

    `final`: sending the same again is of no use.
    """

    status: int | None
    error: str | None = None
    retry_at: datetime | None = None
    final: bool = False


class Sender(Protocol):
    """Sends messages of one kind of subscription. Never raises: errors are in the Answer."""

    #: Changes that one message tells of at most.
    most: int

    def server(self, subscription: Subscription) -> str:
        """URL of the server that the message goes to, of whose places it needs one."""

    def send(self, subscription: Subscription, message_id: str, alerts: Sequence[Alert]) -> Answer:
        """Send one message. The same id is used when it is sent again."""

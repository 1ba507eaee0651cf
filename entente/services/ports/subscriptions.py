"""Ports: subscriptions to changes, their deliveries, and the courier that sends them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Wants:
    """Filters of the changes sent to a subscriber; empty doesn't filter.

    `countries`: either party; `pairs`: both parties, in either direction; `facets`; `to_values`: values after the
    change. `historic`: also historic changes (see Change). `unconfirmed`: also changes of unconfirmed values.
    """

    countries: Sequence[str] = ()
    pairs: Sequence[tuple[str, str]] = ()
    facets: Sequence[str] = ()
    to_values: Sequence[str] = ()
    historic: bool = False
    unconfirmed: bool = False


@dataclass(frozen=True, slots=True)
class Subscription:
    """A subscription. `secret` (`whsec_…`) signs messages; `seen` is the number of the last change processed for it."""

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


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt to deliver. `status` is the HTTP status, None without a response."""

    at: str
    status: int | None
    error: str | None


@dataclass(frozen=True, slots=True)
class Delivery:
    """The delivery of one change to a subscriber. `status`: pending, delivered or failed."""

    id: str
    subscription_id: str
    seq: int
    status: str
    attempts: Sequence[Attempt]
    created_at: datetime
    next_attempt_at: datetime | None


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

    def settle(self, delivery: Delivery) -> None:
        """Store a delivery after an attempt, and release its claim."""

    def prune(self, before: datetime, limit: int) -> int:
        """Delete up to `limit` deliveries made before then that are delivered or failed; their number."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An endpoint's response: HTTP status, or error without one; `retry_at` is its Retry-After as a time."""

    status: int | None
    error: str | None = None
    retry_at: datetime | None = None


class Courier(Protocol):
    """Sends signed messages. Never raises: errors are in the Answer."""

    def send(self, url: str, secret: str, message_id: str, body: bytes) -> Answer: ...

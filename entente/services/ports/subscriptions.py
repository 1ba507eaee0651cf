"""The ports of telling others: who wants to know what, what was sent, and the sending itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Wants:
    """Which changes a subscriber wants; empty doesn't filter.

    `countries`: either party; `pairs`: both, in either direction; `facets`; `to_values`: values that were reached.
    `historic`: also what only fills history.
    """

    countries: Sequence[str] = ()
    pairs: Sequence[tuple[str, str]] = ()
    facets: Sequence[str] = ()
    to_values: Sequence[str] = ()
    historic: bool = False


@dataclass(frozen=True, slots=True)
class Subscription:
    """Who is told. `secret` signs what is sent (`whsec_…`); `seen` is the last change that was looked at for it."""

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
    """One try to deliver. `status` is the answer's, None where there was none; `error` says what was wrong."""

    at: str
    status: int | None
    error: str | None


@dataclass(frozen=True, slots=True)
class Delivery:
    """A change on its way to a subscriber: pending, delivered or failed, with every attempt."""

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
        """Every subscription, the oldest first, disabled ones too."""

    def behind(self, last: int) -> Sequence[str]:
        """Ids of active subscriptions for which not every change up to `last` was looked at."""

    def lock(self, id: str) -> Subscription | None:
        """A subscription that nobody else prepares deliveries for until the unit of work ends."""

    def note(self, subscription: Subscription) -> None:
        """Write down how a subscription stands."""

    def prepare(self, deliveries: Sequence[Delivery]) -> None:
        """Store deliveries that are due; one for a change that is there already is left alone."""

    def delivery(self, id: str) -> Delivery | None: ...

    def deliveries(self, subscription_id: str, after: int, limit: int) -> Sequence[Delivery]:
        """The deliveries of changes before number `after` (0: of the newest), newest first."""

    def due(self, now: datetime, limit: int) -> Sequence[str]:
        """Ids of deliveries whose time has come, of active subscriptions, the oldest change first."""

    def claim(self, id: str, now: datetime, until: datetime) -> Delivery | None:
        """Take a due delivery, which nobody else takes before `until`."""

    def settle(self, delivery: Delivery) -> None:
        """Write down what became of an attempt, and give the delivery back."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What an endpoint said: its status, or what was wrong; when it wants to be asked again, if it said so."""

    status: int | None
    error: str | None = None
    retry_at: datetime | None = None


class Courier(Protocol):
    """Sends signed messages. Raises nothing: what went wrong is in the answer."""

    def send(self, url: str, secret: str, message_id: str, body: bytes) -> Answer: ...

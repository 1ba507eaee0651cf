"""Subscriptions: register subscribers of changes; make deliveries, send them and retry them."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import available_timezones

from entente.relations.codebook import UNCONFIRMED
from entente.relations.dyads import entity_of
from entente.services.addresses import check_address
from entente.services.alert_texts import trial_alert
from entente.services.errors import Conflict, NotFound, Unavailable
from entente.services.ingesting.sources import new_secret
from entente.services.places import Places
from entente.services.ports.changes import RecordedChange
from entente.services.ports.ledger import Ledger, UnitOfWork
from entente.services.ports.queue import TaskQueue
from entente.services.ports.subscriptions import (
    AT_ONCE,
    EMAIL,
    JSON,
    MAILTO,
    WEBHOOK,
    Answer,
    Attempt,
    Delivery,
    Sender,
    Subscription,
    Timing,
)
from entente.services.ports.system import Clock, IdMaker
from entente.services.ports.telemetry import NO_TELEMETRY, Telemetry
from entente.services.ports.wants import Wants
from entente.services.reading.alerts import AlertReads
from entente.services.timing import after_quiet, send_at
from entente.services.unsubscribing import is_signed

#: Pause before each attempt (Standard Webhooks). When the last attempt fails, the delivery has failed.
SCHEDULE = tuple(
    timedelta(seconds=seconds) for seconds in (0, 5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400)
)

#: A subscription whose attempts fail for so long without a success is disabled.
PATIENCE = timedelta(days=5)

#: Lease of an attempt; after it another worker may try. The courier times out well before.
_SENDING = timedelta(seconds=60)
#: Old deliveries that one transaction deletes, so that it keeps no writer waiting for long.
PRUNED_AT_ONCE = 1000

NO_MAIL_SERVER = "no mail server is set; set ENTENTE_SMTP_URL, ENTENTE_MAIL_FROM and ENTENTE_PUBLIC_URL"

#: Time for which a worker goes on with one subscription before others get their turn.
TURN = timedelta(seconds=5)

#: Time for which one dispatch makes deliveries. It runs in a process that codes articles; the next one goes on.
PREPARING = timedelta(seconds=1)

_JITTER = 0.1
_BATCH = 500


class Subscriptions:
    """Manage subscriptions and list their deliveries."""

    def __init__(
        self,
        ledger: Ledger,
        queue: TaskQueue,
        clock: Clock,
        new_id: IdMaker,
        *,
        loopback: bool = False,
        mail: bool = False,
    ) -> None:
        """`mail`: whether a mail server is set."""
        self._ledger = ledger
        self._queue = queue
        self._clock = clock
        self._new_id = new_id
        self._loopback = loopback
        self._mail = mail

    def add(self, url: str, wants: Wants, format: str = JSON, timing: Timing = AT_ONCE) -> Subscription:
        """Tell this address of changes from now on, signed with a new secret. `mailto:` and an address: by e-mail.

        Raises Invalid (url), NotFound (time zone), Conflict (no mail server is set).
        """
        kind = EMAIL if url.startswith(MAILTO) else WEBHOOK
        if kind == WEBHOOK:
            check_address(url, loopback=self._loopback)
        elif not self._mail:
            raise Conflict(NO_MAIL_SERVER)
        if timing.zone not in available_timezones():
            raise NotFound("timezone", timing.zone)
        now = self._clock.now()
        with self._ledger.write() as unit:
            parts = (self._new_id(), url, new_secret(), wants, True, now, unit.changes.last())
            made = Subscription(*parts, kind=kind, format=format, timing=timing)
            unit.subscriptions.add(made)
            unit.commit()
        return made

    def get(self, id: str) -> Subscription:
        """A subscription. Raises NotFound."""
        with self._ledger.read() as unit:
            found = unit.subscriptions.get(id)
        if found is None:
            raise NotFound("subscription", id)
        return found

    def list(self) -> list[Subscription]:
        """All subscriptions, including disabled ones."""
        with self._ledger.read() as unit:
            return unit.subscriptions.list()

    def prune(self, days: int) -> int:
        """Delete what is kept of deliveries that ended more than `days` days ago; their number.

        None is sent again: each subscription knows the last change that it was prepared for.
        """
        before, pruned = self._clock.now() - timedelta(days=days), 0
        while True:
            with self._ledger.write() as unit:
                some = unit.subscriptions.prune(before, PRUNED_AT_ONCE)
                unit.commit()
            pruned += some
            if some < PRUNED_AT_ONCE:
                return pruned

    def remove(self, id: str) -> Subscription:
        """Delete a subscription and what is kept of its deliveries; what it was. Raises NotFound."""
        # No delivery is prepared for it any more, so that those that there are can go a part at a time.
        found = self.set_active(id, False, because="removed")
        some = PRUNED_AT_ONCE
        while some == PRUNED_AT_ONCE:
            with self._ledger.write() as unit:
                some = unit.subscriptions.forget(id, PRUNED_AT_ONCE)
                unit.commit()
        return found

    def unsubscribe(self, id: str, signature: str) -> None:
        """Disable the subscription of a signed unsubscribe link. Raises NotFound, also for a wrong signature."""
        self.check_link(id, signature)
        self.set_active(id, False, because="unsubscribed by the recipient")

    def check_link(self, id: str, signature: str) -> None:
        """Raise NotFound unless this is the signed unsubscribe link of a subscription."""
        if not is_signed(self.get(id), signature):
            raise NotFound("subscription", id)

    def set_active(self, id: str, active: bool, because: str = "stopped by hand") -> Subscription:
        """Disable or enable a subscription. Once enabled, missed changes are sent too. Raises NotFound."""
        with self._ledger.write() as unit:
            found = unit.subscriptions.lock(id)
            if found is None:
                raise NotFound("subscription", id)
            reason = None if active else because
            changed = replace(found, active=active, disabled_because=reason, failing_since=None)
            unit.subscriptions.note(changed)
            unit.commit()
        return changed

    def deliveries(self, id: str, after: int, limit: int) -> Sequence[Delivery]:
        """Deliveries of changes numbered below `after` (0: all), newest first. Raises NotFound."""
        self.get(id)
        with self._ledger.read() as unit:
            return unit.subscriptions.deliveries(id, after, limit)

    def replay(self, id: str, delivery_id: str) -> Delivery:
        """Send a delivery again, whatever its status. Raises NotFound, Conflict (the subscription is disabled)."""
        with self._ledger.write() as unit:
            found, owner = unit.subscriptions.delivery(delivery_id), unit.subscriptions.get(id)
            if found is None or owner is None or found.subscription_id != id:
                raise NotFound("delivery", delivery_id)
            if not owner.active:
                raise Conflict("the subscription is disabled; activate it first")
            again = replace(found, status="pending", next_attempt_at=self._clock.now())
            unit.subscriptions.settle(again)
            unit.commit()
        self._queue.deliver(delivery_id)
        return again


class Dispatcher:
    """Make deliveries of changes, and send them."""

    def __init__(
        self,
        ledger: Ledger,
        senders: Mapping[str, Sender],
        alerts: AlertReads,
        queue: TaskQueue,
        clock: Clock,
        new_id: IdMaker,
        places: Places,
        telemetry: Telemetry = NO_TELEMETRY,
    ) -> None:
        """`senders`: by kind of subscription."""
        self._places = places
        self._ledger = ledger
        self._senders = senders
        self._alerts = alerts
        self._telemetry = telemetry
        self._queue = queue
        self._clock = clock
        self._new_id = new_id

    def dispatch(self, limit: int = 500) -> int:
        """Make deliveries of new changes and queue those that are due, at most `limit`; the number queued.

        Of one subscription no more are queued than may be sent at once; each that succeeds leads to the next. Those
        that still have a message are not queued again. What is not made within PREPARING is made by the next dispatch.
        """
        self._prepare_all()
        with self._ledger.read() as unit:
            due = unit.subscriptions.due(self._clock.now(), limit, self._places.a_host, self._places.retries_a_host)
        missing = max(0, len(due) - self._queue.waiting("deliver")) if due else 0
        return sum(self._queue.deliver(id) for id in due[:missing])

    def _prepare_all(self) -> None:
        """Make deliveries in rounds, in each of which every subscription gets its next ones; at least one round."""
        with self._ledger.read() as unit:
            behind = list(unit.subscriptions.behind(unit.changes.last()))
        ends = self._clock.now() + PREPARING
        while behind:
            behind = [id for id in behind if self._has_more(id)]
            if self._clock.now() >= ends:
                return

    def _has_more(self, id: str) -> bool:
        """Like `_prepare`, but an error is told, and keeps only this subscription waiting."""
        try:
            return self._prepare(id)
        except Unavailable:
            raise
        except Exception as error:
            self._telemetry.deliveries_not_prepared(id, error)
            return False

    def _prepare(self, id: str) -> bool:
        """Make deliveries of the next changes for one subscription; True if there may be more."""
        now = self._clock.now()
        with self._ledger.write() as unit:
            subscription = unit.subscriptions.lock(id)
            if subscription is None or not subscription.active:
                return False
            changes = unit.changes.after(subscription.seen, _BATCH)
            if not changes:
                return False
            wanted = [c for c in changes if wants(subscription.wants, c)]
            due = send_at(now, subscription.timing)
            group = due if subscription.groups else None
            unit.subscriptions.prepare(
                [Delivery(self._new_id(), id, c.seq, "pending", (), now, due, group) for c in wanted]
            )
            unit.subscriptions.note(replace(subscription, seen=changes[-1].seq))
            unit.commit()
        return len(changes) == _BATCH

    def deliver(self, id: str) -> str | None:
        """Attempt one delivery and, while that succeeds, the next ones of the same subscription for TURN.

        Those of one message are attempted together. The first one's status; None if it isn't due, if another worker has
        claimed it, if its subscription is disabled, or if its server has no free place. Then whoever holds one goes on
        with it, or the next dispatch queues it again.
        """
        with self._ledger.read() as unit:
            found = unit.subscriptions.delivery(id)
            subscription = unit.subscriptions.get(found.subscription_id) if found else None
        if subscription is None or not subscription.active:
            return None
        sender = self._senders.get(subscription.kind)
        if sender is None:
            return None  # not set up in this process: it stays due
        server, failing = sender.server(subscription), subscription.failing_since is not None
        with self._places.take(server, failed_before=failing) as free:
            return self._send_in_turn(subscription, sender, id) if free else None

    def test(self, id: str) -> Answer:
        """Send a message that says that it is a test, now, also while the subscription is disabled; the outcome.

        It has no delivery, and is not sent again. Raises NotFound, Conflict (no mail server is set).
        """
        with self._ledger.read() as unit:
            subscription = unit.subscriptions.get(id)
        if subscription is None:
            raise NotFound("subscription", id)
        sender = self._senders.get(subscription.kind)
        if sender is None:
            raise Conflict(NO_MAIL_SERVER)
        return sender.send(subscription, self._new_id(), [trial_alert(self._clock.now())])

    def _send_in_turn(self, subscription: Subscription, sender: Sender, id: str) -> str | None:
        first: str | None = None
        ends = self._clock.now() + TURN
        # Not durable: if a crash of the machine undoes the claim, the delivery is due again, as it must be.
        with self._ledger.write(durable=False) as unit:
            if subscription.groups:
                unit.subscriptions.lock(subscription.id)
            message = _claim(unit, id, self._clock.now(), sender, subscription.timing)
            unit.commit()
        while message:
            told = self._alerts.of([delivery.seq for delivery in message])
            answer = sender.send(subscription, message[0].id, told)
            status, message = self._settle(subscription.kind, message, answer, ends, sender)
            first = first or status
        return first

    def _settle(
        self, kind: str, message: Sequence[Delivery], answer: Answer, ends: datetime, sender: Sender
    ) -> tuple[str, Sequence[Delivery]]:
        """Store the outcome; (status, the subscription's next message, claimed). After `ends` that one is queued."""
        now = self._clock.now()
        good = answer.status is not None and 200 <= answer.status < 300
        following: str | None = None
        claimed: Sequence[Delivery] = ()
        with self._ledger.write() as unit:
            subscription = unit.subscriptions.lock(message[0].subscription_id)
            timing = subscription.timing if subscription else AT_ONCE
            # Once for all of the message, or it would fall apart; by the fewest attempts, or one is given up early.
            made = min(len(delivery.attempts) for delivery in message) + 1
            again = after_quiet(_next(made, now, answer.retry_at), timing) if made < len(SCHEDULE) else None
            settled = [_attempted(delivery, good, answer, now, again) for delivery in message]
            for delivery in settled:
                unit.subscriptions.settle(delivery)
            judged = _judged(subscription, good, answer, now) if subscription else None
            if subscription is not None and judged is not None:
                unit.subscriptions.note(judged)
                if good and subscription.active:
                    following = unit.subscriptions.next_due(subscription.id, message[-1].seq, now)
            if following and now < ends:
                claimed = _claim(unit, following, now, sender, timing)
            unit.commit()
        for delivery in settled:
            told = (delivery.id, delivery.subscription_id, kind, delivery.status, len(delivery.attempts))
            self._telemetry.delivery_attempted(*told, answer.status, answer.error)
        if judged and judged.disabled_because and subscription and subscription.active:
            self._telemetry.subscription_disabled(judged.id, judged.disabled_because)
        if following and not claimed:
            self._queue.deliver(following)
        return settled[0].status, claimed


def _claim(unit: UnitOfWork, id: str, now: datetime, sender: Sender, timing: Timing) -> Sequence[Delivery]:
    """Claim a delivery with the others of its message; empty if it isn't due or is claimed.

    One that was due before quiet hours, and waited into them for a place or for its subscription, is put off to their
    end. One that is replayed is due in them.
    """
    first = unit.subscriptions.claim(id, now, now + _SENDING)
    if first is None:
        return []
    due, later = first.next_attempt_at or now, after_quiet(now, timing)
    if later > now and after_quiet(due, timing) == due:
        unit.subscriptions.settle(replace(first, next_attempt_at=later))
        return []
    if first.grouped_at is None:
        return [first]
    rest = unit.subscriptions.claim_rest(first, now, now + _SENDING, sender.most - 1)
    return sorted([first, *rest], key=lambda delivery: delivery.seq)


def _attempted(delivery: Delivery, good: bool, answer: Answer, now: datetime, again: datetime | None) -> Delivery:
    """The delivery after an attempt: delivered, failed, or due `again`."""
    attempts = (*delivery.attempts, Attempt(now.isoformat(), answer.status, answer.error))
    given_up = answer.final or len(attempts) >= len(SCHEDULE)
    status = "delivered" if good else "failed" if given_up else "pending"
    return replace(delivery, status=status, attempts=attempts, next_attempt_at=again if status == "pending" else None)


def wants(filters: Wants, recorded: RecordedChange) -> bool:
    """True if a change passes the filters. Retractions and corrections pass all: a subscriber may hold what is gone."""
    change = recorded.change
    if recorded.kind != "facet":
        return True
    if change.historic and not filters.historic:
        return False
    if change.standing == UNCONFIRMED and not filters.unconfirmed:
        return False
    parties = {entity_of(change.source), entity_of(change.target)}
    return (
        (not filters.countries or bool(parties & set(filters.countries)))
        and (not filters.pairs or any(parties == set(pair) for pair in filters.pairs))
        and (not filters.facets or change.facet in filters.facets)
        and (not filters.to_values or change.after in filters.to_values)
    )


def _next(made: int, now: datetime, retry_at: datetime | None) -> datetime:
    pause = SCHEDULE[made] * random.uniform(1, 1 + _JITTER)
    return max(now + pause, retry_at) if retry_at else now + pause


def _judged(subscription: Subscription, good: bool, answer: Answer, now: datetime) -> Subscription:
    """The subscription after an attempt. Status 410 disables it at once, PATIENCE without a success too."""
    if good:
        return replace(subscription, failing_since=None, last_success_at=now)
    since = subscription.failing_since or now
    failing = replace(subscription, failing_since=since)
    if answer.status == 410:
        return replace(failing, active=False, disabled_because="the endpoint answered 410 Gone")
    if now - since >= PATIENCE:
        return replace(failing, active=False, disabled_because=f"no success for {PATIENCE.days} days")
    return failing

"""SqlSubscriptionBook: the SubscriptionBook port on SQL."""

import builtins
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, case, delete, func, insert, or_, select, update

from entente.services.ports.subscriptions import Attempt, Delivery, Subscription, Timing
from entente.services.ports.wants import Wants
from entente.storage.dialect import insert_into
from entente.storage.truth.rows import AnyRow, Values
from entente.storage.truth.tables import deliveries, subscriptions

_s = subscriptions.c
_d = deliveries.c


class SqlSubscriptionBook:
    """Subscriptions and deliveries as rows. (subscription, change) is unique, so each has one delivery."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, subscription: Subscription) -> None:
        self._connection.execute(insert(subscriptions).values(_pack(subscription)))

    def get(self, id: str) -> Subscription | None:
        row = self._connection.execute(select(subscriptions).where(_s.id == id)).one_or_none()
        return _unpack(row) if row else None

    def list(self) -> builtins.list[Subscription]:
        rows = self._connection.execute(select(subscriptions).order_by(_s.created_at, _s.id))
        return [_unpack(row) for row in rows]

    def behind(self, last: int) -> Sequence[str]:
        waiting = select(_s.id).where(_s.active, _s.seen < last).order_by(_s.id)
        return list(self._connection.execute(waiting).scalars())

    def lock(self, id: str) -> Subscription | None:
        row = self._connection.execute(select(subscriptions).where(_s.id == id).with_for_update()).one_or_none()
        return _unpack(row) if row else None

    def note(self, subscription: Subscription) -> None:
        values = _pack(subscription)
        del values["id"]
        self._connection.execute(update(subscriptions).where(_s.id == subscription.id).values(values))

    def prepare(self, deliveries_: Sequence[Delivery]) -> None:
        if deliveries_:
            rows = [_pack_delivery(delivery) for delivery in deliveries_]
            new = insert_into(self._connection, deliveries).values(rows)
            self._connection.execute(new.on_conflict_do_nothing(index_elements=[_d.subscription_id, _d.seq]))

    def delivery(self, id: str) -> Delivery | None:
        row = self._connection.execute(select(deliveries).where(_d.id == id)).one_or_none()
        return _unpack_delivery(row) if row else None

    def deliveries(self, subscription_id: str, after: int, limit: int) -> Sequence[Delivery]:
        own = select(deliveries).where(_d.subscription_id == subscription_id)
        if after:
            own = own.where(_d.seq < after)
        rows = self._connection.execute(own.order_by(_d.seq.desc()).limit(limit))
        return [_unpack_delivery(row) for row in rows]

    def due(self, now: datetime, limit: int, each: int, each_failing: int) -> Sequence[str]:
        claimed = case((_d.lease_until >= now, 1), else_=0)
        places = case((_s.failing_since.is_(None), each), else_=each_failing)
        waiting = (
            select(
                _d.id,
                _d.seq,
                claimed.label("claimed"),
                # Claimed ones come first, so they use up places.
                func.row_number().over(partition_by=_s.id, order_by=(claimed.desc(), _d.seq)).label("place"),
                places.label("places"),
            )
            .join(subscriptions, _s.id == _d.subscription_id)
            .where(_s.active, _d.status == "pending", _d.next_attempt_at <= now)
            .subquery()
        ).c
        ready = select(waiting.id).where(waiting.claimed == 0, waiting.place <= waiting.places)
        return list(
            self._connection.execute(ready.order_by(waiting.place, waiting.seq, waiting.id).limit(limit)).scalars()
        )

    def next_due(self, subscription_id: str, after: int, now: datetime) -> str | None:
        first = (
            select(_d.id)
            .where(_d.subscription_id == subscription_id, _d.seq > after)
            .where(_d.status == "pending", _d.next_attempt_at <= now, _is_free(now))
            .order_by(_d.seq)
            .limit(1)
            # Of several workers that ask at once, each gets another one. SQLite's writers take turns anyway.
            .with_for_update(skip_locked=True)
        )
        found: str | None = self._connection.execute(first).scalar_one_or_none()
        return found

    def claim(self, id: str, now: datetime, until: datetime) -> Delivery | None:
        free = (
            update(deliveries)
            .where(_d.id == id, _d.status == "pending", _d.next_attempt_at <= now, _is_free(now))
            .values(lease_until=until)
        )
        row = self._connection.execute(free.returning(deliveries)).one_or_none()
        return _unpack_delivery(row) if row else None

    def claim_rest(self, claimed: Delivery, now: datetime, until: datetime, limit: int) -> Sequence[Delivery]:
        rest = (
            select(_d.id)
            .where(_d.subscription_id == claimed.subscription_id, _d.grouped_at == claimed.grouped_at)
            .where(_d.status == "pending", _d.next_attempt_at <= now, _is_free(now))
            .order_by(_d.seq)
            .limit(limit)
        )
        ids = list(self._connection.execute(rest).scalars())
        taken = update(deliveries).where(_d.id.in_(ids)).values(lease_until=until).returning(deliveries)
        rows = self._connection.execute(taken).all() if ids else []
        return sorted(map(_unpack_delivery, rows), key=lambda delivery: delivery.seq)

    def settle(self, delivery: Delivery) -> None:
        values = _pack_delivery(delivery)
        for name in ("id", "subscription_id", "seq", "created_at", "grouped_at"):
            del values[name]
        done = update(deliveries).where(_d.id == delivery.id).values(**values, lease_until=None)
        self._connection.execute(done)

    def forget(self, id: str, limit: int) -> int:
        some = select(_d.id).where(_d.subscription_id == id).limit(limit)
        gone = self._connection.execute(delete(deliveries).where(_d.id.in_(some))).rowcount
        if gone < limit:
            self._connection.execute(delete(subscriptions).where(_s.id == id))
        return gone

    def prune(self, before: datetime, limit: int) -> int:
        old = select(_d.id).where(_d.status.in_(("delivered", "failed")), _d.created_at < before).limit(limit)
        return self._connection.execute(delete(deliveries).where(_d.id.in_(old))).rowcount


def _is_free(now: datetime) -> ColumnElement[bool]:
    return or_(_d.lease_until.is_(None), _d.lease_until < now)


def _pack(subscription: Subscription) -> Values:
    return asdict(subscription)


def _unpack(row: AnyRow) -> Subscription:
    values = dict(row._mapping)
    wants = values.pop("wants")
    pairs = tuple((one, other) for one, other in wants.pop("pairs"))
    timing = Timing(**(values.pop("timing") or {}))
    return Subscription(wants=Wants(pairs=pairs, **wants), timing=timing, **values)


def _pack_delivery(delivery: Delivery) -> Values:
    return {**asdict(delivery), "attempts": [asdict(attempt) for attempt in delivery.attempts]}


def _unpack_delivery(row: AnyRow) -> Delivery:
    return Delivery(
        row.id,
        row.subscription_id,
        row.seq,
        row.status,
        tuple(Attempt(**attempt) for attempt in row.attempts),
        row.created_at,
        row.next_attempt_at,
        row.grouped_at,
    )

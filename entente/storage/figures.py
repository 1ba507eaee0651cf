"""SqlLedgerFigures: the LedgerFigures port on SQL."""

from datetime import datetime

from sqlalchemy import Connection, bindparam, func, or_, select

from entente.services.ports.figures import COUNTED, FeedFigures, Figures
from entente.storage.derived.tables import dyads
from entente.storage.truth.tables import articles, change_counter, deliveries, feeds, subscriptions

_a, _d, _s, _f = articles.c, deliveries.c, subscriptions.c, feeds.c

# ix_articles_work, ix_deliveries_due and ix_dyads_dirty find these; no query reads a whole large table.
_ARTICLES = select(_a.status, func.count()).where(_a.status.in_(COUNTED)).group_by(_a.status)
_OLDEST_PENDING = (
    select(_a.received_at)
    .where(_a.status == "pending", or_(_a.next_attempt_at.is_(None), _a.next_attempt_at <= bindparam("now")))
    .order_by(_a.received_at)
    .limit(1)
)
_DIRTY = select(func.count(), func.min(dyads.c.dirty_since)).where(dyads.c.dirty_version.is_not(None))
_DELIVERIES = (
    select(func.count(), func.min(_d.next_attempt_at))
    .join(subscriptions, _s.id == _d.subscription_id)
    .where(_s.active, _d.status == "pending")
)
_LAST_CHANGE = select(change_counter.c.last).where(change_counter.c.id == 1)
_SEEN = select(_s.id, _s.seen).where(_s.active).order_by(_s.id)
_FEEDS = select(_f.id, _f.failures, _f.next_poll_at, _f.last_polled_at, _f.last_new_at).where(_f.active).order_by(_f.id)


class SqlLedgerFigures:
    """Figures in one transaction, so that they belong together."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def read(self, now: datetime) -> Figures:
        run = self._connection.execute
        last = run(_LAST_CHANGE).scalar_one_or_none() or 0
        n_deliveries, oldest_delivery = run(_DELIVERIES).one()
        n_dirty, oldest_dirty = run(_DIRTY).one()
        return Figures(
            articles=dict.fromkeys(COUNTED, 0) | {row[0]: row[1] for row in run(_ARTICLES)},
            oldest_pending_at=run(_OLDEST_PENDING, {"now": now}).scalar_one_or_none(),
            last_change=last,
            behind={id: max(0, last - seen) for id, seen in run(_SEEN)},
            deliveries=n_deliveries,
            oldest_delivery_at=oldest_delivery,
            dirty=n_dirty,
            oldest_dirty_at=oldest_dirty,
            feeds=[FeedFigures(*row) for row in run(_FEEDS)],
        )

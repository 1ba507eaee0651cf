"""Recorder: the Telemetry port, one log line and one count for each thing that happened."""

from collections.abc import Callable, Sequence
from datetime import datetime

import structlog

from entente.relations.events import CodedEvent
from entente.services.ports.telemetry import Telemetry
from entente.telemetry.metrics import Metrics

log = structlog.get_logger(__name__)

#: Characters of a reason or an error, which may repeat what another server sent.
_MAX_REASON = 300


class Recorder(Telemetry):
    """Writes to the log and counts. `root_of`: (act, status) → root; `cache_read` counts a read of the cache."""

    def __init__(self, metrics: Metrics, root_of: Callable[[str, str], str], cache_read: Callable[[str], None]) -> None:
        self._metrics = metrics
        self._root_of = root_of
        self._cache_read = cache_read

    def article_received(self, article_id: str, via: str, publisher: str, *, created: bool) -> None:
        self._metrics.received.labels(via, "new" if created else "known").inc()
        if created:
            log.info("article received", article_id=article_id, via=via, publisher=publisher[:_MAX_REASON])
        else:
            log.info("article known already", article_id=article_id, via=via)

    def article_coded(self, article_id: str, status: str, events: Sequence[CodedEvent], coder_version: str) -> None:
        self._metrics.outcomes.labels(status).inc()
        for event in events:
            self._metrics.events.labels(self._root_of(event.act, event.status)).inc()
        log.info("article coded", article_id=article_id, status=status, events=len(events), coder=coder_version)

    def article_failed(self, article_id: str, status: str, reason: str) -> None:
        self._metrics.outcomes.labels(status).inc()
        told = {"article_id": article_id, "reason": reason[:_MAX_REASON]}
        if status == "quarantined":
            log.error("article quarantined", **told)
        elif status == "duplicate":
            log.info("article is a duplicate", **told)
        else:
            log.warning("article failed", **told)

    def attempt_failed(self, article_id: str, attempt: int, error: str, retry_at: datetime) -> None:
        self._metrics.outcomes.labels("retry").inc()
        told = {"error": error[:_MAX_REASON], "retry_at": retry_at.isoformat()}
        log.warning("attempt to code failed", article_id=article_id, attempt=attempt, **told)

    def coding_took(self, seconds: float) -> None:
        self._metrics.coding_seconds.observe(seconds)

    def page_fetched(self, article_id: str, error: str | None, retry_at: datetime | None) -> None:
        outcome = "fetched" if error is None else "retry" if retry_at else "failed"
        self._metrics.page_fetches.labels(outcome).inc()
        if error is not None:
            again = retry_at.isoformat() if retry_at else None
            log.warning("page not fetched", article_id=article_id, error=error[:_MAX_REASON], retry_at=again)

    def article_retracted(self, article_id: str, n_mentions: int) -> None:
        self._metrics.retracted.inc()
        log.info("article retracted", article_id=article_id, mentions=n_mentions)

    def article_corrected(self, article_id: str, supersedes: str, n_gone: int, n_come: int) -> None:
        self._metrics.corrected.inc()
        log.info("article corrected", article_id=article_id, supersedes=supersedes, gone=n_gone, come=n_come)

    def retraction_proposed(self, article_id: str, notice_id: str) -> None:
        self._metrics.proposals.labels("open").inc()
        log.warning("retraction proposed", article_id=article_id, notice_id=notice_id)

    def proposal_decided(self, proposal_id: str, article_id: str, status: str) -> None:
        self._metrics.proposals.labels(status).inc()
        log.info("proposal decided", proposal_id=proposal_id, article_id=article_id, status=status)

    def articles_requeued(self, number: int, why: str) -> None:
        self._metrics.requeued.labels(why).inc(number)
        log.info("articles queued again", number=number, why=why)

    def state_facts_loaded(self, origin: str, n_added: int, n_removed: int, n_dyads: int) -> None:
        log.info("state facts loaded", origin=origin, added=n_added, removed=n_removed, dyads=n_dyads)

    def feed_polled(self, feed_id: str, n_new: int, *, modified: bool) -> None:
        self._metrics.feed_polls.labels("read" if modified else "not_modified").inc()
        log.info("feed polled", feed_id=feed_id, new=n_new, modified=modified)

    def feed_failed(self, feed_id: str, failures: int, error: str, retry_at: datetime) -> None:
        self._metrics.feed_polls.labels("failed").inc()
        told = {"error": error[:_MAX_REASON], "retry_at": retry_at.isoformat()}
        log.warning("feed not polled", feed_id=feed_id, failures=failures, **told)

    def delivery_attempted(
        self,
        delivery_id: str,
        subscription_id: str,
        kind: str,
        outcome: str,
        attempt: int,
        status: int | None,
        error: str | None,
    ) -> None:
        self._metrics.deliveries.labels(kind, {"pending": "retry"}.get(outcome, outcome)).inc()
        told = {"delivery_id": delivery_id, "subscription_id": subscription_id, "attempt": attempt, "status": status}
        if outcome == "delivered":
            log.info("change delivered", **told)
        elif outcome == "pending":
            log.warning("change not delivered", **told, error=(error or "")[:_MAX_REASON])
        else:
            log.error("delivery given up", **told, error=(error or "")[:_MAX_REASON])

    def deliveries_not_prepared(self, subscription_id: str, error: Exception) -> None:
        log.error("deliveries not prepared", subscription_id=subscription_id, exc_info=error)

    def subscription_disabled(self, subscription_id: str, reason: str) -> None:
        log.error("subscription disabled", subscription_id=subscription_id, reason=reason[:_MAX_REASON])

    def key_refused(self, key_id: str, scope: str, reason: str) -> None:
        self._metrics.keys_refused.inc()
        log.warning("key refused", key_id=key_id, scope=scope, reason=reason[:_MAX_REASON])

    def signature_refused(self, sender: str, reason: str) -> None:
        self._metrics.signatures_refused.inc()
        log.warning("signature refused", sender=sender[:_MAX_REASON], reason=reason[:_MAX_REASON])

    def cache_read(self, result: str) -> None:
        self._cache_read(result)

    def third_party_changed(self, name: str, failures: int, next_try_in: float) -> None:
        if failures:
            log.warning("third party failed", name=name, in_a_row=failures, next_try_in=next_try_in)
        else:
            log.info("third party answers again", name=name)

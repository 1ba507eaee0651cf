"""Port: telemetry, what operators see of the work: log lines and counts. docs/monitoring.md lists both."""

from collections.abc import Sequence
from datetime import datetime

from entente.relations.events import CodedEvent


class Telemetry:
    """Records what happened, after it was committed; this base records nothing. No method raises.

    `reason` and `error` are messages. No argument holds an article's text, a secret or a URL with its query.
    """

    def article_received(self, article_id: str, via: str, publisher: str, *, created: bool) -> None:
        """`via`: submission, webhook, feed, or reread of one that changed. Not `created`: the ledger had it already."""

    def article_coded(self, article_id: str, status: str, events: Sequence[CodedEvent], coder_version: str) -> None:
        """The coder read it. `status`: coded, no_events or rejected."""

    def article_failed(self, article_id: str, status: str, reason: str) -> None:
        """It will not be tried again. `status`: failed, duplicate or quarantined."""

    def attempt_failed(self, article_id: str, attempt: int, error: str, retry_at: datetime) -> None:
        """Coding raised an error; the article is due again at `retry_at`."""

    def coding_took(self, seconds: float) -> None:
        """The coder took so long for one article."""

    def page_fetched(self, article_id: str, error: str | None, retry_at: datetime | None) -> None:
        """`error` None: the page was read. `retry_at` None beside an error: it is not fetched again."""

    def article_retracted(self, article_id: str, n_mentions: int) -> None:
        """Its mentions, so many, were retired."""

    def article_corrected(self, article_id: str, supersedes: str, n_gone: int, n_come: int) -> None:
        """It was coded in place of an earlier version: so many events of that are gone, so many have come."""

    def retraction_proposed(self, article_id: str, notice_id: str) -> None:
        """A notice takes an article of the ledger back: an analyst has to decide."""

    def proposal_decided(self, proposal_id: str, article_id: str, status: str) -> None:
        """`status`: accepted or dismissed."""

    def articles_requeued(self, number: int, why: str) -> None:
        """`why`: sweep (a message was lost or a worker died) or recode."""

    def state_facts_loaded(self, origin: str, n_added: int, n_removed: int, n_dyads: int) -> None:
        """A data set was loaded, and so many pairs of countries derived again."""

    def feed_polled(self, feed_id: str, n_new: int, *, modified: bool) -> None:
        """Not `modified`: the server said that nothing changed."""

    def feed_failed(self, feed_id: str, failures: int, error: str, retry_at: datetime) -> None:
        """`failures`: failed polls since the last good one."""

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
        """`kind`: webhook or email. `outcome`: delivered, pending (it will be tried again) or failed (it won't).

        `status`: of HTTP or SMTP.
        """

    def deliveries_not_prepared(self, subscription_id: str, error: Exception) -> None:
        """An error kept it from getting its next deliveries; the next dispatch tries again."""

    def subscription_disabled(self, subscription_id: str, reason: str) -> None:
        """Its endpoint is gone, or failed for too long."""

    def key_refused(self, key_id: str, scope: str, reason: str) -> None:
        """`key_id` is "" for a token that is not well formed."""

    def signature_refused(self, sender: str, reason: str) -> None:
        """A webhook in the name of `sender` was not signed as it must be."""

    def cache_read(self, result: str) -> None:
        """Where a current record was read: `hit` in the cache, `miss` in the ledger."""

    def third_party_changed(self, name: str, failures: int, next_try_in: float) -> None:
        """It failed, so many times in a row, and is asked again in so many seconds; `failures` 0: it answers again."""


#: For a service that is used outside a running part.
NO_TELEMETRY = Telemetry()

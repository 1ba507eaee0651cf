"""Queue tasks for workers with a bounded wait for the broker."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping

import structlog
from celery import Celery

from entente.doorbell.broker import celery_app
from entente.doorbell.names import CODE_ARTICLE, DELIVER_CHANGE, FETCH_ARTICLE, POLL_FEED, QUEUE_OF, QUEUES, REQUEST_ID
from entente.services.ports.queue import Work

log = structlog.get_logger(__name__)

#: Socket timeout in seconds for one exchange with the broker.
RING_TIMEOUT = 0.1

#: Seconds without a new try after a failure, so that a frozen broker delays one request and not every request.
QUIET_SECONDS = 5.0


class CeleryDoorbell:
    """The `TaskQueue` port on Celery. Sends in the caller's thread; a frozen broker delays it by some 0.2 s at most.

    After a failure nothing is sent for `quiet_seconds`; the scheduled tasks queue again what was missed.
    """

    def __init__(
        self,
        redis_url: str,
        quiet_seconds: float = QUIET_SECONDS,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._app: Celery = celery_app(redis_url, socket_timeout=RING_TIMEOUT)
        # One try to connect: by default kombu retries until it succeeds.
        self._app.conf.broker_transport_options["max_retries"] = 0
        self._quiet_seconds = quiet_seconds
        self._monotonic = monotonic
        self._quiet_until = float("-inf")
        self._lock = threading.Lock()

    def code_article(self, article_id: str) -> bool:
        """Queue coding an article; False if it couldn't be queued."""
        return self._ring(CODE_ARTICLE, article_id)

    def fetch_article(self, article_id: str) -> bool:
        """Queue fetching an article's page; False if it couldn't be queued."""
        return self._ring(FETCH_ARTICLE, article_id)

    def poll_feed(self, feed_id: str) -> bool:
        """Queue polling a feed; False if it couldn't be queued."""
        return self._ring(POLL_FEED, feed_id)

    def deliver(self, delivery_id: str) -> bool:
        """Queue a delivery to a subscriber; False if it couldn't be queued."""
        return self._ring(DELIVER_CHANGE, delivery_id)

    def waiting(self, work: Work) -> int:
        """Number of messages in that kind's queue; 0 if the broker can't be reached."""
        return self._lengths([QUEUE_OF[work]]).get(QUEUE_OF[work], 0)

    def depths(self) -> Mapping[str, int]:
        """Number of messages in each queue; empty if the broker can't be reached."""
        return self._lengths(QUEUES)

    def _lengths(self, names: Iterable[str]) -> dict[str, int]:
        try:
            with self._app.connection_for_write() as connection:
                channel = connection.default_channel
                # Declaring an existing queue changes nothing, and returns its length on any broker.
                queues = {name: self._app.amqp.queues[name].bind(channel) for name in names}
                return {name: int(queue.queue_declare().message_count) for name, queue in queues.items()}
        except Exception as error:  # see _ring
            log.debug("no answer from the broker", error=repr(error))
            return {}

    def workers(self) -> Mapping[str, int]:
        """Number of processes that answer within half a second, by part; empty if the broker can't be reached."""
        try:
            answers = self._app.control.ping(timeout=0.5)
        except Exception as error:  # see _ring
            log.debug("no answer from the broker", error=repr(error))
            return {}
        return Counter(name.partition("@")[0] for answer in answers for name in answer)

    def _ring(self, task: str, *args: str) -> bool:
        with self._lock:
            if self._monotonic() < self._quiet_until:
                return False
        try:
            self._app.send_task(task, args=args, retry=False, headers=_request_headers())
        except Exception as error:
            # Whatever the transport raises: the work is in the ledger, and the caller's request must not fail.
            with self._lock:
                self._quiet_until = self._monotonic() + self._quiet_seconds
            log.warning("task not queued", task=task, error=repr(error), quiet_seconds=self._quiet_seconds)
            return False
        return True


def _request_headers() -> dict[str, str]:
    """The id of the request that queues the task, for the worker's log."""
    id = structlog.contextvars.get_contextvars().get(REQUEST_ID)
    return {REQUEST_ID: id} if id else {}

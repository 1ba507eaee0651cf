"""Queue tasks for workers with a bounded wait for the broker."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import TypeVar

import structlog
from celery import Celery
from redis.exceptions import ResponseError

from entente.doorbell.broker import celery_app
from entente.doorbell.names import CODE_ARTICLE, DELIVER_CHANGE, FETCH_ARTICLE, POLL_FEED, QUEUE_OF, QUEUES, REQUEST_ID
from entente.services.circuit_breaker import CircuitBreaker, CircuitOpen
from entente.services.ports.queue import Work

T = TypeVar("T")

log = structlog.get_logger(__name__)

#: Socket timeout in seconds for one exchange with the broker.
RING_TIMEOUT = 0.1


class CeleryDoorbell:
    """The `TaskQueue` port on Celery. Sends in the caller's thread; a frozen broker delays it by some 0.2 s at most.

    While the circuit breaker is open nothing is sent; the scheduled tasks queue again what was missed.
    """

    def __init__(self, redis_url: str, breaker: CircuitBreaker | None = None) -> None:
        """`breaker`: the process's one for Redis; without it, this queue has its own."""
        self._app: Celery = celery_app(redis_url, socket_timeout=RING_TIMEOUT)
        # One try to connect: by default kombu retries until it succeeds.
        self._app.conf.broker_transport_options["max_retries"] = 0
        self._breaker = breaker or CircuitBreaker("Redis")

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

    def workers(self) -> Mapping[str, int]:
        """Number of processes that answer within half a second, by part; empty if the broker can't be reached."""
        answers = self._asked("count workers", lambda: self._app.control.ping(timeout=0.5)) or []
        return Counter(name.partition("@")[0] for answer in answers for name in answer)

    def _lengths(self, names: Iterable[str]) -> dict[str, int]:
        return self._asked("count messages", partial(self._counted, names)) or {}

    def _counted(self, names: Iterable[str]) -> dict[str, int]:
        with self._app.connection_for_write() as connection:
            channel = connection.default_channel
            # Declaring an existing queue changes nothing, and returns its length on any broker.
            queues = {name: self._app.amqp.queues[name].bind(channel) for name in names}
            return {name: int(queue.queue_declare().message_count) for name, queue in queues.items()}

    def _ring(self, task: str, *args: str) -> bool:
        headers = _request_headers()
        return self._asked(task, lambda: self._app.send_task(task, args=args, retry=False, headers=headers)) is not None

    def _asked(self, what: str, ask: Callable[[], T]) -> T | None:
        """The broker's answer, or None if there is none."""
        try:
            with self._breaker.call(_is_failure):
                return ask()
        except CircuitOpen:
            return None
        except Exception as error:
            # Whatever the transport raises: the work is in the ledger, and the caller's request must not fail.
            log.warning("no answer from the broker", to=what, error=repr(error))
            return None


def _is_failure(error: Exception) -> bool:
    """Whether the broker failed to answer, instead of answering with a refusal (its memory is full, say)."""
    return not isinstance(error, ResponseError) and not isinstance(error.__cause__, ResponseError)


def _request_headers() -> dict[str, str]:
    """The id of the request that queues the task, for the worker's log."""
    id = structlog.contextvars.get_contextvars().get(REQUEST_ID)
    return {REQUEST_ID: id} if id else {}

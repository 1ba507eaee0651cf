"""Queue tasks for workers with a bounded wait for the broker."""

from collections.abc import Callable
from typing import TypeVar

import structlog
from celery import Celery
from redis.exceptions import ResponseError

from entente.doorbell.broker import celery_app
from entente.doorbell.names import CODE_ARTICLE, DELIVER_CHANGE, INGEST, POLL_FEED
from entente.services.circuit_breaker import CircuitBreaker, CircuitOpen

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

    def poll_feed(self, feed_id: str) -> bool:
        """Queue polling a feed; False if it couldn't be queued."""
        return self._ring(POLL_FEED, feed_id)

    def deliver(self, delivery_id: str) -> bool:
        """Queue a delivery to a subscriber; False if it couldn't be queued."""
        return self._ring(DELIVER_CHANGE, delivery_id)

    def waiting(self) -> int:
        """Number of messages in the ingest queue; 0 if the broker can't be reached."""
        return self._asked("count messages", self._length) or 0

    def workers(self) -> int:
        """Number of workers that answer within half a second; 0 if the broker can't be reached."""
        return self._asked("count workers", lambda: len(self._app.control.ping(timeout=0.5))) or 0

    def _length(self) -> int:
        with self._app.connection_for_write() as connection:
            channel = connection.default_channel
            # Declaring an existing queue changes nothing, and returns its length on any broker.
            return int(self._app.amqp.queues[INGEST].bind(channel).queue_declare().message_count)

    def _ring(self, task: str, *args: str) -> bool:
        return self._asked(task, lambda: self._app.send_task(task, args=args, retry=False)) is not None

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

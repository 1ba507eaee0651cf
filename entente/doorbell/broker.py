"""The Celery application and its settings, for those who ring and for those who answer.

Redis is a doorbell, not a store: a message is only an id, and the ledger's row is the work. So nothing here tries to
keep messages safe at any price; it keeps processes from waiting for a broker that is gone.
"""

from urllib.parse import urlsplit

from celery import Celery

from entente.doorbell.names import INGEST, QUEUES, ROUTES

#: Seconds that a worker waits for an answer of the broker before it reconnects.
WORKER_SOCKET_TIMEOUT = 5.0

#: Seconds after which Celery kills the process of a task that hangs; the article's lease brings it back.
TASK_TIME_LIMIT = 120

#: Seconds after which the broker offers an unacknowledged message again; longer than any task may take.
VISIBILITY_TIMEOUT = 300


def broker_url(redis_url: str) -> str:
    """Celery's name for a Redis URL: ``unix:///path?db=0`` is ``redis+socket:///path?virtual_host=0`` to it."""
    parts = urlsplit(redis_url)
    if parts.scheme != "unix":
        return redis_url
    login = f"{parts.netloc}" if parts.netloc else ""
    query = parts.query.replace("db=", "virtual_host=")
    return f"redis+socket://{login}{parts.path}" + (f"?{query}" if query else "")


def celery_app(redis_url: str, socket_timeout: float = WORKER_SOCKET_TIMEOUT) -> Celery:
    """A Celery application on this Redis. `socket_timeout`: seconds that one exchange with the broker may take."""
    app = Celery("entente", broker=broker_url(redis_url), set_as_current=False)
    app.conf.update(
        # The job's state is its row in the ledger; a result backend only adds something to wait for.
        task_ignore_result=True,
        # A message is acknowledged once its work is done, so a killed worker's comes back;
        task_acks_late=True,
        # also when only the pool process died (the ledger counts attempts, so a poison article ends in quarantine).
        task_reject_on_worker_lost=True,
        # A process holds one message, not a handful that wait behind a long article.
        worker_prefetch_multiplier=1,
        task_time_limit=TASK_TIME_LIMIT,
        broker_transport_options=_transport_options(socket_timeout),
        # A worker outlives its broker: it reconnects for ever, also when it starts first.
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
        # What an unreachable broker left unacknowledged will be offered again: stop doing it here.
        worker_cancel_long_running_tasks_on_connection_loss=True,
        # On SIGTERM the article in hand may be finished; what takes longer than this is resumed elsewhere.
        worker_soft_shutdown_timeout=30,
        # Our own logging, not Celery's.
        worker_hijack_root_logger=False,
        task_queues={name: {"exchange": name, "routing_key": name} for name in QUEUES},
        task_default_queue=INGEST,
        # Anything else than a known task is a mistake, not a new queue.
        task_create_missing_queues=False,
        task_routes={task: {"queue": queue} for task, queue in ROUTES.items()},
        task_serializer="json",
        accept_content=["json"],
        enable_utc=True,
        timezone="UTC",
    )
    return app


def _transport_options(socket_timeout: float) -> dict[str, float | int]:
    return {
        "visibility_timeout": VISIBILITY_TIMEOUT,
        # Look for a dead worker's messages every two seconds (the defaults multiply to 100).
        "unacked_restore_interval": 2,
        "unacked_restore_throttle": 1,
        "socket_timeout": socket_timeout,
        "socket_connect_timeout": socket_timeout,
    }

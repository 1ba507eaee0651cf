"""The Celery application and its settings, for processes that queue tasks and for workers.

A message is only an id; the work is a row of the ledger, so a lost message is queued again from there. The settings
therefore favour not waiting for an unreachable broker over keeping every message.
"""

from urllib.parse import urlsplit

from celery import Celery

from entente.doorbell.names import INGEST, QUEUES, ROUTES

#: Seconds that a worker waits for the broker's answer before it reconnects.
WORKER_SOCKET_TIMEOUT = 5.0

#: Seconds after which Celery kills the process of a hanging task; the article is resumed when its lease expires.
TASK_TIME_LIMIT = 120

#: Seconds after which the broker redelivers an unacknowledged message; longer than TASK_TIME_LIMIT.
VISIBILITY_TIMEOUT = 300


def broker_url(redis_url: str) -> str:
    """Celery's form of a Redis URL: ``unix:///path?db=0`` becomes ``redis+socket:///path?virtual_host=0``."""
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
        # The state of the work is its row in the ledger; a result backend would only be something more to wait for.
        task_ignore_result=True,
        # A message is acknowledged when its task is done, so that of a killed worker is delivered again.
        task_acks_late=True,
        # The same if only the pool process died. The ledger counts attempts, so a poison article ends in quarantine.
        task_reject_on_worker_lost=True,
        # A process holds one message, not several that wait behind a long article.
        worker_prefetch_multiplier=1,
        task_time_limit=TASK_TIME_LIMIT,
        broker_transport_options=_transport_options(socket_timeout),
        # A worker reconnects to its broker for ever, also when it starts before it.
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
        # After a lost connection the broker redelivers unacknowledged messages, so their tasks are cancelled here.
        worker_cancel_long_running_tasks_on_connection_loss=True,
        # Seconds to finish running tasks on SIGTERM; longer ones are resumed by another worker.
        worker_soft_shutdown_timeout=30,
        # Logging is configured by entente.bootstrap.logging, not by Celery.
        worker_hijack_root_logger=False,
        task_queues={name: {"exchange": name, "routing_key": name} for name in QUEUES},
        task_default_queue=INGEST,
        # An unknown queue is an error; don't create it.
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
        # Look for a dead worker's messages every two seconds (with the defaults, every 100).
        "unacked_restore_interval": 2,
        "unacked_restore_throttle": 1,
        "socket_timeout": socket_timeout,
        "socket_connect_timeout": socket_timeout,
    }

"""Module for `celery --app worker.main`: the worker on the environment's settings."""

from entente.bootstrap.broker import WORKER
from entente.bootstrap.container import Container
from entente.bootstrap.part import CODING, begin_part, give_way
from entente.bootstrap.settings import Settings
from entente.bootstrap.tracing import begin_tracing
from worker.app import create_worker

settings = Settings.from_env()
begin_part(settings)
give_way(CODING)
begin_tracing(WORKER)
app = create_worker(Container(settings))

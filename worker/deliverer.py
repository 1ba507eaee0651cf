"""Module for `celery --app worker.deliverer`: the deliverer on the environment's settings."""

from entente.bootstrap.broker import DELIVERER
from entente.bootstrap.container import Container
from entente.bootstrap.part import begin_part
from entente.bootstrap.settings import Settings
from entente.bootstrap.tracing import begin_tracing
from worker.app import create_worker

settings = Settings.from_env()
begin_part(settings)
begin_tracing(DELIVERER)
app = create_worker(Container(settings), DELIVERER)

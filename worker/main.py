"""Module for `celery --app worker.main`: the worker on the environment's settings."""

from entente.bootstrap.container import Container
from entente.bootstrap.part import begin_part
from entente.bootstrap.settings import Settings
from worker.app import create_worker

settings = Settings.from_env()
begin_part(settings)
app = create_worker(Container(settings))

"""Module for `celery --app worker.deliverer`: the deliverer on the environment's settings."""

from entente.bootstrap.broker import DELIVERER
from entente.bootstrap.container import Container
from entente.bootstrap.settings import Settings
from worker.app import create_worker

app = create_worker(Container(Settings.from_env()), DELIVERER)

"""Module for `celery --app worker.fetcher`: the fetcher on the environment's settings."""

from entente.bootstrap.broker import FETCHER
from entente.bootstrap.container import Container
from entente.bootstrap.part import PARSING, begin_part, give_way
from entente.bootstrap.settings import Settings
from entente.bootstrap.tracing import begin_tracing
from worker.app import create_worker

settings = Settings.from_env()
begin_part(settings)
give_way(PARSING)
begin_tracing(FETCHER)
app = create_worker(Container(settings), FETCHER)

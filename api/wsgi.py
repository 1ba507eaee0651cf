"""WSGI entry point `api.wsgi:app`, configured from the environment."""

from api.app import create_app
from api.http.idle_connections import watch_idle_connections
from api.http.patient_app import PatientApp
from api.http.turns import Turns
from entente.bootstrap.api_server import STATEMENT_SECONDS
from entente.bootstrap.container import Container
from entente.bootstrap.logging import configure_logging, log_uncaught
from entente.bootstrap.settings import Settings
from entente.bootstrap.tracing import begin_tracing

settings = Settings.from_env()
configure_logging(settings)
log_uncaught()
begin_tracing("api")
turns = Turns(settings.api_threads)
container = Container(settings, waiting=turns.given_back, statement_seconds=STATEMENT_SECONDS)
# Built before the first request, so that none waits for it and no two threads build it at once.
_ = (container.relations, container.ingest)
app = create_app(container)
app.wsgi_app = PatientApp(app.wsgi_app, turns, settings.trusted_proxies)  # type: ignore[method-assign]  # as Flask documents
watch_idle_connections(settings.trusted_proxies)

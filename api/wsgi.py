"""What a WSGI server runs: `api.wsgi:app`, set up from the environment."""

from api.app import create_app
from api.http.before_requests import request_named
from api.http.slow_bodies import PatientApp
from entente.bootstrap.container import Container
from entente.bootstrap.logging import configure_logging
from entente.bootstrap.settings import Settings

settings = Settings.from_env()
configure_logging(settings, request_named)
container = Container(settings)
# Made before the first request: that one should not wait for it, nor two threads make it twice.
_ = (container.relations, container.ingest)
app = create_app(container)
app.wsgi_app = PatientApp(app.wsgi_app, settings.api_threads)  # type: ignore[method-assign]  # as Flask documents

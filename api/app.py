"""Flask application factory: blueprints, hooks, error handling and OpenAPI around the services."""

from collections.abc import Callable
from typing import Any

from flask import Flask

from api.dashboard.routes import blp as dashboard
from api.http.auth import register_auth
from api.http.before_requests import register_hooks
from api.http.body import MAX_BODY_BYTES
from api.http.code_limits import register_code_limits
from api.http.compression import register_compression
from api.http.context import EXTENSION
from api.http.errors import register_errors
from api.http.hot_reads import with_hot_reads
from api.http.middleware import enveloped
from api.http.openapi import register_openapi
from api.http.server_sent_events import register_streams
from api.resources import (
    api_keys,
    article_batches,
    articles,
    assertions,
    change_feed,
    changes,
    code,
    codebook,
    countries,
    dyads,
    events,
    feeds,
    health,
    maps,
    metrics,
    panels,
    problems,
    proposals,
    relation_history,
    relations,
    sources,
    states,
    subscriptions,
    unsubscribing,
    webhooks,
)
from entente.bootstrap.container import Container
from entente.bootstrap.tracing import trace_requests

RESOURCES = (
    articles,
    article_batches,
    assertions,
    proposals,
    webhooks,
    relations,
    relation_history,
    dyads,
    states,
    panels,
    events,
    countries,
    maps,
    changes,
    change_feed,
    code,
    codebook,
    api_keys,
    sources,
    feeds,
    subscriptions,
    unsubscribing,
    health,
)


class App(Flask):
    """Flask without support for asynchronous views."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Return `func` unchanged. Flask looks for coroutines here some twenty times a request; no view is one."""
        return func


def create_app(container: Container) -> Flask:
    """Create the app that serves the services of `container`."""
    app = App("api")
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY_BYTES
    app.extensions[EXTENSION] = container
    # A path with `//` is a different path, not another spelling.
    app.url_map.merge_slashes = False
    trace_requests(app)
    register_hooks(app)
    register_auth(app, container)
    register_code_limits(app, container.settings)
    register_streams(app, container.settings.api_threads)
    register_compression(app)
    register_errors(app)
    api = register_openapi(app, container.codebook)
    for resource in RESOURCES:
        api.add(resource.blp)
    app.register_blueprint(metrics.blp)
    app.register_blueprint(dashboard)
    app.register_blueprint(problems.blp)
    served = with_hot_reads(app.wsgi_app, container)
    record, settings = container.request_recorder.record, container.settings
    limits = settings.rate_limit, settings.trusted_proxies, settings.cors_origins
    app.wsgi_app = enveloped(served, record, *limits)  # type: ignore[assignment, method-assign]  # as Flask documents
    return app

"""The Flask app: blueprints, hooks, errors and OpenAPI around the services."""

from collections.abc import Callable
from typing import Any

from flask import Flask

from api import (
    articles,
    assertions,
    batch,
    changes,
    code,
    codebook,
    countries,
    dyads,
    events,
    feeds,
    health,
    keys,
    relation_views,
    relations,
    sources,
    subscriptions,
    webhooks,
)
from api.auth import register_auth
from api.body import MAX_BODY_BYTES
from api.compression import register_compression
from api.context import EXTENSION
from api.envelope import enveloped
from api.errors import register_errors
from api.event_stream import register_streams
from api.hooks import register_hooks
from api.hot_reads import with_hot_reads
from api.openapi import register_openapi
from entente.bootstrap.container import Container

RESOURCES = (
    articles,
    batch,
    assertions,
    webhooks,
    relations,
    relation_views,
    dyads,
    events,
    countries,
    changes,
    code,
    codebook,
    keys,
    sources,
    feeds,
    subscriptions,
    health,
)


class App(Flask):
    """Flask for views that are plain functions."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """The function itself. Flask looks for coroutines here, a score of times a request; we have none."""
        return func


def create_app(container: Container) -> Flask:
    """An app that answers from these services."""
    app = App("api")
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY_BYTES
    app.extensions[EXTENSION] = container
    # Two slashes in a row are another path, not a spelling of this one.
    app.url_map.merge_slashes = False
    register_hooks(app)
    register_auth(app, container)
    register_streams(app, container.settings.api_threads)
    register_compression(app)
    register_errors(app)
    api = register_openapi(app, container.codebook)
    for resource in RESOURCES:
        api.add(resource.blp)
    served = with_hot_reads(app.wsgi_app, container)
    app.wsgi_app = enveloped(served, container.settings.rate_limit)  # type: ignore[assignment, method-assign]  # as Flask documents
    return app

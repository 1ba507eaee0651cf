"""Traces by OpenTelemetry, an extra: on if a standard OTEL_* variable says where they go.

Only traces: metrics are Prometheus's, and logs are lines on standard error.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import structlog

from entente.bootstrap.logging import masked

if TYPE_CHECKING:
    from flask import Flask

log = structlog.get_logger(__name__)

_ENDPOINTS = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")

#: Applied where the variable is not set. The exporter of the extra speaks HTTP only.
_DEFAULTS = {
    "OTEL_TRACES_EXPORTER": "otlp",
    "OTEL_METRICS_EXPORTER": "none",
    "OTEL_LOGS_EXPORTER": "none",
    "OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf",
}


def traces_wanted(environment: Mapping[str, str]) -> bool:
    """Whether the standard variables name an endpoint or an exporter of traces, and don't switch the SDK off."""
    if environment.get("OTEL_SDK_DISABLED", "").strip().lower() == "true":
        return False
    exporter = environment.get("OTEL_TRACES_EXPORTER", "").strip().lower()
    return exporter != "none" and bool(exporter or any(environment.get(name) for name in _ENDPOINTS))


def begin_tracing(part: str) -> None:
    """Trace what this process does, if that is wanted. Call it before the container opens anything.

    The service's name is ``entente-PART``, unless OTEL_SERVICE_NAME gives another. Without the extra it logs a warning.
    """
    if not traces_wanted(os.environ):
        return
    try:
        from opentelemetry.distro import OpenTelemetryConfigurator
        from opentelemetry.instrumentation.celery import CeleryInstrumentor
        from opentelemetry.instrumentation.redis import RedisInstrumentor
        from opentelemetry.instrumentation.requests import RequestsInstrumentor
        from opentelemetry.instrumentation.sqlalchemy import SQLAlchemyInstrumentor
    except ImportError as error:
        log.warning("traces not sent", error=f"{error}; in Entente's checkout: pip install '.[otel]'")
        return
    for name, value in {**_DEFAULTS, "OTEL_SERVICE_NAME": f"entente-{part}"}.items():
        os.environ.setdefault(name, value)
    OpenTelemetryConfigurator().configure()
    for instrumentor in (CeleryInstrumentor(), RedisInstrumentor()):
        instrumentor.instrument()
    RequestsInstrumentor().instrument(request_hook=name_origin_only)
    # It declares SQLAlchemy below 2.1; the events that it listens to are the same in 2.1.
    SQLAlchemyInstrumentor().instrument(skip_dep_check=True)


def trace_requests(app: Flask) -> None:
    """Trace the app's requests, if that is wanted. Call it before other hooks are registered: its own is the first."""
    if not traces_wanted(os.environ):
        return
    try:
        from opentelemetry import trace
        from opentelemetry.instrumentation.flask import FlaskInstrumentor
    except ImportError:
        return  # begin_tracing warned
    FlaskInstrumentor.instrument_app(app)
    # Not its own hook: what that changes is written again.
    app.before_request(lambda: mask_secrets(trace.get_current_span()))


def mask_secrets(span: Any) -> None:
    """Mask in a span what must not be in a log: the signature in a link to unsubscribe, say."""
    for name, value in dict(span.attributes or {}).items():
        if isinstance(value, str) and masked(value) != value:
            span.set_attribute(name, masked(value))


def name_origin_only(span: Any, _request: object) -> None:
    """Leave of the address that is asked its scheme and host: path and query of feeds and subscribers may hold keys."""
    for name in ("http.url", "url.full"):
        value = (span.attributes or {}).get(name)
        if value:
            parts = urlsplit(value)
            span.set_attribute(name, f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}/…")

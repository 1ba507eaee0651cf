"""Liveness and readiness of this process."""

from flask import Response

from api.http.answers import json_answer
from api.http.blueprint import Blueprint
from api.http.context import system
from entente.services.ports.cache import CacheUnavailable
from schemas.health import HealthSchema, ReadinessSchema

blp = Blueprint("health", "Liveness and readiness")


@blp.route("/healthz", methods=["GET"])
@blp.answers(200, HealthSchema)
def healthz() -> Response:
    """Check that the process answers, without using the ledger or the cache."""
    return json_answer({"status": "ok"})


@blp.route("/readyz", methods=["GET"])
@blp.answers(200, ReadinessSchema)
@blp.fails(503)
def readyz() -> Response:
    """Check that requests can be served: degraded without the cache, 503 without the ledger."""
    system().ledger.ping()
    try:
        system().cache.ping()
    except CacheUnavailable:
        return json_answer({"status": "degraded", "ledger": "ok", "cache": "unreachable"})
    return json_answer({"status": "ready", "ledger": "ok", "cache": "ok"})

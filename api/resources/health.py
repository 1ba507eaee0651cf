"""Whether this process answers, and whether it can do its work."""

from flask import Response

from api.http.answers import json_answer
from api.http.blueprint import Blueprint
from api.http.context import system
from entente.services.ports.cache import CacheUnavailable
from schemas.health import HealthSchema, ReadinessSchema

blp = Blueprint("health", "For those who watch the process")


@blp.route("/healthz", methods=["GET"])
@blp.answers(200, HealthSchema)
def healthz() -> Response:
    """Say that the process answers; asks nothing else of it."""
    return json_answer({"status": "ok"})


@blp.route("/readyz", methods=["GET"])
@blp.answers(200, ReadinessSchema)
@blp.fails(503)
def readyz() -> Response:
    """Say whether requests can be served: degraded without Redis, 503 without the ledger."""
    system().ledger.ping()
    try:
        system().cache.ping()
    except CacheUnavailable:
        return json_answer({"status": "degraded", "ledger": "ok", "cache": "unreachable"})
    return json_answer({"status": "ready", "ledger": "ok", "cache": "ok"})

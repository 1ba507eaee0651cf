"""Liveness and readiness of this process."""

from flask import Response

from api.http.answers import json_answer
from api.http.blueprint import Blueprint
from api.http.context import system
from entente.bootstrap import running
from entente.bootstrap.broker import PARTS
from entente.services.ports.cache import CacheUnavailable
from schemas.health import HealthSchema, ReadinessSchema

blp = Blueprint("health", "Liveness and readiness")


@blp.route("/healthz", methods=["GET"])
@blp.needs(None)
@blp.answers(200, HealthSchema)
@blp.fails(422)
def healthz() -> Response:
    """Check that the process answers, without using the ledger or the cache."""
    return json_answer({"status": "ok"})


@blp.route("/readyz", methods=["GET"])
@blp.needs(None)
@blp.answers(200, ReadinessSchema)
@blp.fails(422, 503)
def readyz() -> Response:
    """Check that requests can be served: degraded without the cache or with a failing part, 503 without the ledger."""
    system().ledger.ping()
    stack = running.find(system().settings.data_dir)
    failing = list(stack.failing) if stack else []
    try:
        missing = system().heartbeats.missing(list(PARTS))
    except CacheUnavailable:
        return json_answer({"status": "degraded", "ledger": "ok", "cache": "unreachable", "failing": failing})
    parts = {part: "missing" if part in missing else "up" for part in PARTS}
    status = "degraded" if failing else "ready"
    return json_answer({"status": status, "ledger": "ok", "cache": "ok", "failing": failing, "parts": parts})

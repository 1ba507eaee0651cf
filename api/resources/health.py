"""Whether this process answers, and whether it can do its work."""

from flask import Response

from api.http.answers import json_answer
from api.http.blueprint import Blueprint
from api.http.context import system
from entente.bootstrap import running
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
    """Tell whether requests can be served: degraded without Redis or with a failing part, 503 without a ledger that
    takes writes.
    """
    system().ledger.ping()
    stack = running.find(system().settings.data_dir)
    failing = list(stack.failing) if stack else []
    try:
        system().cache.ping()
    except CacheUnavailable:
        return json_answer({"status": "degraded", "ledger": "ok", "cache": "unreachable", "failing": failing})
    status = "degraded" if failing else "ready"
    return json_answer({"status": status, "ledger": "ok", "cache": "ok", "failing": failing})
